//! What every skin puts around a call: a panic becomes an `internal` error and ends the manager, a
//! call that was cancelled is let go. Hidden, and no promise to anyone else.

use crate::import_record::ImportRecord;
use crate::manager::KeyManager;
use crate::options::Location;
use crate::{ImportReport, RefusedRecord};
use keywright_core::{Error, ErrorCode, Result};
use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// The name of a store as it may be shown: what could hold a password is left out.
#[must_use]
pub fn shown_store(name: &str) -> String {
    match Location::parse(name) {
        #[cfg(feature = "postgres")]
        Ok(Location::Postgres(address)) => address.to_string(),
        Ok(_) => name.to_owned(),
        Err(_) => "that store".to_owned(),
    }
}

/// Lets a call go: each language ties it to its own way of cancelling.
#[derive(Default)]
pub struct Cancel {
    cancelled: AtomicBool,
    waiting: Mutex<Option<Waker>>,
}

impl Cancel {
    /// Lets the call go. What was submitted already may still take place.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        let waiting = self.waiting().take();
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_cancelled(&self, context: &Context<'_>) -> bool {
        *self.waiting() = Some(context.waker().clone());
        self.cancelled.load(Ordering::SeqCst)
    }
}

/// Runs what may wait. An outcome that is there already counts even if the call was cancelled.
pub async fn wait<T>(
    keys: Option<&KeyManager>,
    cancel: Option<&Cancel>,
    work: impl Future<Output = Result<T>> + Send,
) -> Result<T> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
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
    .await
}

/// Runs what doesn't wait.
pub fn now<T>(keys: Option<&KeyManager>, run: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(failed(keys, panic)))
}

/// The error that stands for a panic. What was half done can't be trusted: the manager refuses to
/// go on.
#[must_use]
pub fn failed(keys: Option<&KeyManager>, panic: Box<dyn Any + Send>) -> Error {
    // Its text could hold anything, and dropping it could panic again.
    std::mem::forget(panic);
    if let Some(keys) = keys {
        keys.fail();
    }
    Error::new(ErrorCode::Internal, "keywright failed inside")
        .hint("open the store anew, and report the failure")
}

/// Where a panic happened helps whoever looks for the fault; its text could hold anything. A library
/// that is loaded into another program has a hook of its own: the program keeps its.
pub fn tell_only_where() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        eprintln!(
            "keywright failed inside, at {}: please report it",
            place.as_deref().unwrap_or("an unknown place")
        );
    }));
}

impl KeyManager {
    /// [`import_keys`](Self::import_keys) of records some of which could not even be read: those are
    /// refused in their places, and keep no other from being taken over.
    #[doc(hidden)]
    pub async fn import_read(&self, records: Vec<Result<ImportRecord>>) -> Result<ImportReport> {
        let (mut read, mut places, mut unread) = (Vec::new(), Vec::new(), Vec::new());
        for (index, record) in (0..).zip(records) {
            match record {
                Ok(record) => {
                    read.push(record);
                    places.push(index);
                }
                Err(error) => unread.push(RefusedRecord {
                    index,
                    code: error.code.to_string(),
                    message: error.message,
                }),
            }
        }
        let mut report = self.import_keys(read).await?;
        // They are counted among all records, and not among those that could be read.
        for refused in &mut report.refused {
            let place = usize::try_from(refused.index).ok();
            let place = place.and_then(|at| places.get(at));
            refused.index = place.copied().unwrap_or(refused.index);
        }
        report.refused.extend(unread);
        report.refused.sort_by_key(|refused| refused.index);
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OpenOptions, Secret};
    use std::sync::Arc;

    fn opened() -> KeyManager {
        let opening = KeyManager::open(Some("memory:"), OpenOptions::default());
        futures_executor::block_on(opening).unwrap()
    }

    #[test]
    fn a_panic_is_an_error_and_ends_the_manager() {
        let keys = opened();
        let told: Result<()> = now(Some(&keys), || panic!("a secret"));
        let error = told.unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(!format!("{error:?}").contains("a secret"));
        let after = futures_executor::block_on(keys.flush());
        assert_eq!(after.unwrap_err().code, ErrorCode::Closed);
    }

    #[test]
    fn a_call_that_waits_is_let_go() {
        let cancel = Arc::new(Cancel::default());
        let waiting = Arc::clone(&cancel);
        let canceller = std::thread::spawn(move || cancel.cancel());
        let never = std::future::pending::<Result<()>>();
        let told = futures_executor::block_on(wait(None, Some(&waiting), never));
        assert_eq!(told.unwrap_err().code, ErrorCode::Cancelled);
        canceller.join().unwrap();
    }

    #[test]
    fn an_outcome_that_is_there_counts() {
        let cancel = Cancel::default();
        cancel.cancel();
        let told = futures_executor::block_on(wait(None, Some(&cancel), async { Ok(7) }));
        assert_eq!(told.unwrap(), 7);
    }

    #[test]
    fn records_are_counted_among_all() {
        let keys = opened();
        let good = |text: &str| {
            Ok(ImportRecord {
                name: "old".to_owned(),
                secret: Some(Secret::from_string(text.to_owned())),
                ..ImportRecord::default()
            })
        };
        let records = vec![
            Err(Error::invalid("unreadable")),
            good("an-old-key-of-theirs"),
            Ok(ImportRecord::default()),
            good("another-old-key"),
        ];
        let report = futures_executor::block_on(keys.import_read(records)).unwrap();
        assert_eq!(report.imported.len(), 2);
        let places: Vec<u64> = report.refused.iter().map(|it| it.index).collect();
        assert_eq!(places, [0, 2]);
        assert_eq!(report.refused[0].message, "unreadable");
    }
}
