//! The answer of a verification. The key in it is converted only when it is asked for.

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
        let wait = self.0.retry_after()?;
        Some(1000.0 * wait.as_secs_f64())
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
