//! How every export runs: a panic becomes an `internal` error and ends the manager, a cancelled
//! call is let go.

use crate::failure::Failure;
use keywright::{Error, ErrorCode, KeyManager, Result};
use napi::Either;
use napi_derive::napi;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// Where a panic happened helps whoever looks for the fault; its text could hold anything. This
/// library has a hook of its own: Node and other libraries keep theirs.
#[napi_derive::module_init]
fn tell_only_where() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        eprintln!(
            "keywright failed inside, at {}: please report it",
            place.as_deref().unwrap_or("an unknown place")
        );
    }));
}

/// Cancels a call: the TypeScript ties it to an `AbortSignal`.
#[napi]
#[derive(Clone, Default)]
pub struct CancelToken(Arc<Cancel>);

#[derive(Default)]
struct Cancel {
    cancelled: AtomicBool,
    waiting: Mutex<Option<Waker>>,
}

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
        self.0.cancelled.store(true, Ordering::SeqCst);
        let waiting = self.waiting().take();
        if let Some(waker) = waiting {
            waker.wake();
        }
    }
}

impl CancelToken {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Option<Waker>> {
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn is_cancelled(&self, context: &Context<'_>) -> bool {
        *self.waiting() = Some(context.waker().clone());
        self.0.cancelled.load(Ordering::SeqCst)
    }
}

/// Runs what may wait. An outcome that is there already counts even if the call was cancelled.
pub(crate) async fn wait<T, U: From<T>>(
    keys: Option<&KeyManager>,
    cancel: Option<&CancelToken>,
    work: impl Future<Output = Result<T>> + Send,
) -> Either<U, Failure> {
    let mut work = pin!(work);
    let outcome = std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        match polled {
            Ok(Poll::Ready(outcome)) => Poll::Ready(outcome),
            Ok(Poll::Pending) if cancel.is_some_and(|it| it.is_cancelled(context)) => Poll::Ready(
                Err(Error::new(ErrorCode::Cancelled, "the call was cancelled")),
            ),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(failed(keys, panic))),
        }
    })
    .await;
    told(outcome)
}

/// Runs what doesn't wait.
pub(crate) fn now<T, U: From<T>>(
    keys: Option<&KeyManager>,
    run: impl FnOnce() -> Result<T>,
) -> Either<U, Failure> {
    let outcome = catch_unwind(AssertUnwindSafe(run));
    told(outcome.unwrap_or_else(|panic| Err(failed(keys, panic))))
}

fn told<T, U: From<T>>(outcome: Result<T>) -> Either<U, Failure> {
    match outcome {
        Ok(value) => Either::A(value.into()),
        Err(error) => Either::B(error.into()),
    }
}

/// What was half done can't be trusted: the manager refuses to go on.
fn failed(keys: Option<&KeyManager>, panic: Box<dyn std::any::Any + Send>) -> Error {
    // Its text could hold anything, and dropping it could panic again.
    std::mem::forget(panic);
    if let Some(keys) = keys {
        keys.fail();
    }
    Error::new(ErrorCode::Internal, "keywright failed inside")
        .hint("open the store anew, and report the failure")
}
