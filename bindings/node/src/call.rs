//! How every export runs: an outcome becomes a value or a failure, a panic one too, and a cancelled
//! call is let go.

use crate::failure::Failure;
use keywright::for_skins::{self, Cancel};
use keywright::{KeyManager, Result};
use napi::Either;
use napi_derive::napi;
use std::future::Future;
use std::sync::Arc;

/// This library has a hook of its own: Node and other libraries keep theirs.
#[napi_derive::module_init]
fn hook() {
    for_skins::tell_only_where();
}

/// Cancels a call: the TypeScript ties it to an `AbortSignal`.
#[napi]
#[derive(Clone, Default)]
pub struct CancelToken(Arc<Cancel>);

#[napi]
impl CancelToken {
    /// A token for one call.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the call go. What was submitted already may still take place.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// Runs what may wait.
pub(crate) async fn wait<T, U: From<T>>(
    keys: Option<&KeyManager>,
    cancel: Option<&CancelToken>,
    work: impl Future<Output = Result<T>> + Send,
) -> Either<U, Failure> {
    let cancel = cancel.map(|token| token.0.as_ref());
    told(for_skins::wait(keys, cancel, work).await)
}

/// Runs what doesn't wait.
pub(crate) fn now<T, U: From<T>>(
    keys: Option<&KeyManager>,
    run: impl FnOnce() -> Result<T>,
) -> Either<U, Failure> {
    told(for_skins::now(keys, run))
}

fn told<T, U: From<T>>(outcome: Result<T>) -> Either<U, Failure> {
    match outcome {
        Ok(value) => Either::A(value.into()),
        Err(error) => Either::B(error.into()),
    }
}
