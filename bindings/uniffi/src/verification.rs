//! The answer of a verification.

use crate::arguments::whole;
use crate::records::{ApiKey, Count};
use crate::words::VerifyCode;
use keywright::{Result, Verification, VerifyOptions};

/// An answer, whole: what it costs to tell all is less than to keep a handle for asking.
#[derive(uniffi::Record)]
pub struct NativeVerification {
    /// The code.
    pub code: VerifyCode,
    /// The key.
    pub key: Option<ApiKey>,
    /// How long to wait, in milliseconds.
    pub retry_after_ms: Option<i64>,
    /// The limit that refused.
    pub limit: Option<String>,
}

impl From<Verification> for NativeVerification {
    fn from(answer: Verification) -> Self {
        let wait = answer.retry_after().map(|wait| wait.as_millis());
        Self {
            code: answer.code(),
            key: answer.key().map(ApiKey::from),
            retry_after_ms: wait.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX)),
            limit: answer.limit().map(str::to_owned),
        }
    }
}

/// What a use requires.
#[derive(uniffi::Record)]
pub struct NativeRequirements {
    /// All of these scopes.
    pub scopes: Vec<String>,
    /// The address that the use comes from.
    pub ip: Option<String>,
    /// How many usage credits it costs.
    pub cost: Option<i64>,
}

pub(crate) fn verify_options(required: NativeRequirements) -> Result<VerifyOptions> {
    let NativeRequirements { scopes, ip, cost } = required;
    Ok(VerifyOptions {
        scopes,
        ip,
        cost: cost.map(|cost| whole(cost, "cost")).transpose()?,
    })
}

/// The HTTP status that stands for a code.
#[uniffi::export]
pub fn native_http_status(code: VerifyCode) -> Count {
    u32::from(code.http_status()).into()
}

/// What a public wire says for a code.
#[uniffi::export]
pub fn native_wire_code(code: VerifyCode) -> Option<String> {
    code.wire_code().map(str::to_owned)
}
