//! The answer of a verification. The key in it is converted only when it is asked for.

use crate::data::whole;
use crate::key_data::KeyData;
use keywright::{Verification, VerifyCode};
use napi_derive::napi;

/// An answer.
#[napi]
pub struct Answer(Verification);

#[napi]
impl Answer {
    /// The code's place in [`verify_codes`].
    #[napi(catch_unwind)]
    pub fn code(&self) -> u32 {
        self.0.code() as u32
    }

    /// The key's id.
    #[napi(catch_unwind)]
    pub fn key_id(&self) -> Option<String> {
        self.0.key_id()
    }

    /// The key.
    #[napi(catch_unwind)]
    pub fn key(&self) -> Option<KeyData> {
        self.0.key().map(KeyData::from)
    }

    /// How long to wait, in milliseconds.
    #[napi(catch_unwind)]
    pub fn retry_after_ms(&self) -> Option<f64> {
        let wait = self.0.retry_after()?.as_millis();
        Some(whole(u64::try_from(wait).unwrap_or(u64::MAX)))
    }

    /// The limit that refused.
    #[napi(catch_unwind)]
    pub fn limit(&self) -> Option<&str> {
        self.0.limit()
    }
}

impl From<Verification> for Answer {
    fn from(answer: Verification) -> Self {
        Self(answer)
    }
}

/// The names of the codes, in the order of the table.
#[napi(catch_unwind)]
pub fn verify_codes() -> Vec<&'static str> {
    VerifyCode::ALL.iter().map(|code| code.as_str()).collect()
}

/// The HTTP status that stands for each code, in the same order.
#[napi(catch_unwind)]
pub fn verify_statuses() -> Vec<u32> {
    VerifyCode::ALL
        .iter()
        .map(|code| u32::from(code.http_status()))
        .collect()
}

/// What a public wire says for each code, in the same order; nothing for `valid`.
#[napi(catch_unwind)]
pub fn verify_wire_codes() -> Vec<Option<&'static str>> {
    VerifyCode::ALL
        .iter()
        .map(|code| code.wire_code())
        .collect()
}
