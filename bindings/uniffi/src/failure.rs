//! Errors as they cross. The packages make their own public exceptions of them.

use crate::words::ErrorCode;
use keywright::Error;

/// What went wrong.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum NativeFailure {
    /// The library refused, or failed.
    #[error("{text}")]
    Told {
        /// What kind it is.
        code: ErrorCode,
        /// One sentence that says what happened.
        text: String,
        /// What to do next.
        hint: Option<String>,
        /// The key that it is about.
        key_id: Option<String>,
    },
}

impl From<Error> for NativeFailure {
    fn from(error: Error) -> Self {
        let Error {
            code,
            message,
            hint,
            key_id,
        } = error;
        Self::Told {
            code,
            text: message,
            hint,
            key_id,
        }
    }
}

/// A host's own exception. What it says could hold a secret, so it is dropped.
impl From<uniffi::UnexpectedUniFFICallbackError> for NativeFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Error::new(ErrorCode::Unavailable, "the application's own code failed").into()
    }
}
