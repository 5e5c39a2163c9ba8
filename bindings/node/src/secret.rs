//! A secret on its way out: opaque to JavaScript until it is asked for, wiped when it is let go.

use crate::call::now;
use crate::failure::Failure;
use keywright::{Error, ErrorCode};
use napi::Either;
use napi_derive::napi;
use std::sync::{Mutex, PoisonError};

/// A secret. JavaScript wraps it in its own class `Secret`.
#[napi]
pub struct NativeSecret {
    secret: Mutex<Option<keywright::Secret>>,
    redacted_value: String,
    shown: String,
}

#[napi]
impl NativeSecret {
    /// The secret itself. JavaScript's copy can't be wiped.
    #[napi(catch_unwind)]
    pub fn reveal(&self) -> Either<String, Failure> {
        now(None, || self.with(|secret| secret.reveal().to_owned()))
    }

    /// Wipes it now.
    #[napi(catch_unwind)]
    pub fn dispose(&self) {
        drop(self.lock().take());
    }

    /// What may be shown of it.
    #[napi(getter, catch_unwind)]
    pub fn redacted_value(&self) -> &str {
        &self.redacted_value
    }

    /// How it shows itself.
    #[napi(getter, catch_unwind)]
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

impl NativeSecret {
    /// Does something with it, unless it was disposed of.
    pub(crate) fn with<T>(
        &self,
        run: impl FnOnce(&keywright::Secret) -> T,
    ) -> keywright::Result<T> {
        let slot = self.lock();
        slot.as_ref().map(run).ok_or_else(|| {
            Error::new(ErrorCode::Closed, "the secret was disposed of")
                .hint("use it before dispose(), or rotate the key to get a new one")
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<keywright::Secret>> {
        self.secret.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<keywright::Secret> for NativeSecret {
    fn from(secret: keywright::Secret) -> Self {
        Self {
            redacted_value: secret.redacted_value().to_owned(),
            shown: format!("{secret:?}"),
            secret: Mutex::new(Some(secret)),
        }
    }
}
