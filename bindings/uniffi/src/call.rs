//! How every export runs: a panic becomes a failure and ends the manager, a cancelled call is let go.

use crate::failure::NativeFailure;
use keywright::for_skins::{self, Cancel};
use keywright::{KeyManager, Result};
use std::future::Future;
use std::sync::{Arc, Once};

/// Cancels a call: Swift ties it to its task. Kotlin needs none, it drops the call.
#[derive(Default, uniffi::Object)]
pub struct NativeCancelToken(Cancel);

#[uniffi::export]
impl NativeCancelToken {
    /// A token for one call.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Lets the call go. What was submitted already may still take place.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

/// What an export gives.
pub(crate) type Told<T> = std::result::Result<T, NativeFailure>;
/// A token, if there is one.
pub(crate) type Token = Option<Arc<NativeCancelToken>>;

/// Runs what may wait.
pub(crate) async fn wait<T, U: From<T>>(
    keys: Option<&KeyManager>,
    cancel: Token,
    work: impl Future<Output = Result<T>> + Send,
) -> Told<U> {
    hook();
    let work = async {
        panic_if_asked();
        work.await
    };
    let cancel = cancel.as_ref().map(|token| &token.0);
    let outcome = for_skins::wait(keys, cancel, work).await;
    Ok(outcome?.into())
}

/// Runs what doesn't wait.
pub(crate) fn now<T, U: From<T>>(
    keys: Option<&KeyManager>,
    run: impl FnOnce() -> Result<T>,
) -> Told<U> {
    hook();
    let outcome = for_skins::now(keys, || {
        panic_if_asked();
        run()
    });
    Ok(outcome?.into())
}

/// This library has a hook of its own; a host has none, but may hold other libraries, which keep
/// theirs.
fn hook() {
    static SET: Once = Once::new();
    SET.call_once(for_skins::tell_only_where);
}

#[cfg(feature = "test-support")]
fn panic_if_asked() {
    crate::testing::panic_if_asked();
}

#[cfg(not(feature = "test-support"))]
fn panic_if_asked() {}
