//! Errors as data. An `async fn` of napi can't reject with an error of one's own making, so every
//! export gives its value or a [`Failure`], and the TypeScript throws the class of that code.

use keywright::{Error, ErrorCode};
use napi_derive::napi;

/// What went wrong.
#[napi]
pub struct Failure {
    code: ErrorCode,
    message: String,
    hint: Option<String>,
    key_id: Option<String>,
}

#[napi]
impl Failure {
    /// The stable name of the kind of error.
    #[napi(getter, catch_unwind)]
    pub fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// One sentence that says what happened.
    #[napi(getter, catch_unwind)]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do next.
    #[napi(getter, catch_unwind)]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The key that it is about.
    #[napi(getter, catch_unwind)]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Error {
            code,
            message,
            hint,
            key_id,
        } = error;
        Self {
            code,
            message,
            hint,
            key_id,
        }
    }
}
