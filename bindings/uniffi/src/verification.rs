//! The answer of a verification.

use crate::arguments::whole;
use crate::call::{Told, now};
use crate::records::{ApiKey, Count};
use crate::words::VerifyCode;
use keywright::{Result, Verification, VerifyOptions};
use std::sync::Arc;

/// What is asked of an answer only where somebody wants it: a key is some thirty fields.
#[derive(uniffi::Object)]
pub struct NativeAnswer(Verification);

#[uniffi::export]
impl NativeAnswer {
    /// The key.
    pub fn key(&self) -> Told<Option<ApiKey>> {
        now(None, || Ok(self.0.key().map(ApiKey::from)))
    }
}

/// An answer, with what everybody asks of it.
#[derive(uniffi::Record)]
pub struct NativeVerification {
    /// The code.
    pub code: VerifyCode,
    /// The key's id.
    pub key_id: Option<String>,
    /// How long to wait, in milliseconds.
    pub retry_after_ms: Option<i64>,
    /// The limit that refused.
    pub limit: Option<String>,
    /// The rest, where there is a key.
    pub answer: Option<Arc<NativeAnswer>>,
}

impl From<Verification> for NativeVerification {
    fn from(answer: Verification) -> Self {
        let wait = answer.retry_after().map(|wait| wait.as_millis());
        let key_id = answer.key_id();
        Self {
            code: answer.code(),
            retry_after_ms: wait.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX)),
            limit: answer.limit().map(str::to_owned),
            answer: key_id.is_some().then(|| Arc::new(NativeAnswer(answer))),
            key_id,
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
