//! Which threads are inside, with the interpreter held or let go.
//!
//! A fork waits until none is inside with the interpreter let go. When the interpreter ends, none may
//! be inside at all: one that wanted the interpreter back then would be ended by it, in the middle of
//! Rust's frames, and take the process down. So the end waits for those that are inside, and whoever
//! comes after it (only daemon threads are left) sleeps for what is left of the process.

use crate::errors::raise;
use keywright::{Error, ErrorCode};
use pyo3::prelude::*;
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;

/// Threads with the interpreter let go.
static DETACHED: AtomicUsize = AtomicUsize::new(0);
/// Threads that run a function of ours.
static INSIDE: AtomicUsize = AtomicUsize::new(0);
/// The thread that ends the interpreter, once it does.
static ENDING: OnceLock<ThreadId> = OnceLock::new();

thread_local! {
    /// How often this thread is inside: a log listener may call in again.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Runs something with the interpreter let go.
pub(crate) fn detached<T: Send>(py: Python<'_>, run: impl FnOnce() -> T + Send) -> PyResult<T> {
    // Counted and looked at with the interpreter held: none slips in behind `end`.
    let counted = Counted::new(&DETACHED);
    match ENDING.get() {
        None => {
            let outcome = py.detach(run);
            drop(counted);
            Ok(outcome)
        }
        Some(ending) if *ending == std::thread::current().id() => Err(raise(
            Error::new(ErrorCode::Closed, "the interpreter is about to end")
                .hint("finish what uses the store before the program ends"),
        )),
        Some(_) => {
            drop(counted);
            INSIDE.fetch_sub(DEPTH.get(), Ordering::SeqCst);
            py.detach(|| {
                loop {
                    std::thread::park();
                }
            })
        }
    }
}

/// Counts a thread that is inside, until what this gives is dropped.
pub(crate) fn inside() -> Inside {
    DEPTH.set(DEPTH.get() + 1);
    Inside(Counted::new(&INSIDE))
}

/// See [`inside`].
pub(crate) struct Inside(#[expect(dead_code, reason = "it counts until it is dropped")] Counted);

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// Whether no thread is inside with the interpreter let go; `wholly`: nor with it held.
#[pyfunction]
pub(crate) fn is_quiet(wholly: bool) -> bool {
    DETACHED.load(Ordering::SeqCst) == 0 && !(wholly && INSIDE.load(Ordering::SeqCst) > 0)
}

/// From now on no thread lets go of the interpreter.
#[pyfunction]
pub(crate) fn end() {
    ENDING.get_or_init(|| std::thread::current().id());
}

/// In the child of a fork: the other threads are not there.
#[pyfunction]
pub(crate) fn begin_anew() {
    DETACHED.store(0, Ordering::SeqCst);
    INSIDE.store(0, Ordering::SeqCst);
}

/// One of those that are counted.
struct Counted(&'static AtomicUsize);

impl Counted {
    fn new(counter: &'static AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::SeqCst);
        Self(counter)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        // After a fork the count began anew while this thread may have been inside (in a log
        // listener).
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |count| {
                count.checked_sub(1)
            });
    }
}
