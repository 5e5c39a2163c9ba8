//! Work with the interpreter let go. How many threads are at it is known, so that a fork can wait
//! until there is none, and so that none is left when the interpreter ends: one that wanted it back
//! then would take the process down.

use crate::errors::raise;
use keywright::{Error, ErrorCode};
use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

static BUSY: AtomicUsize = AtomicUsize::new(0);
static ENDING: AtomicBool = AtomicBool::new(false);

/// Runs something with the interpreter let go.
pub(crate) fn detached<T: Send>(py: Python<'_>, run: impl FnOnce() -> T + Send) -> PyResult<T> {
    // Both are looked at with the interpreter held, so none slips in behind `end`.
    let _busy = Busy::new();
    if ENDING.load(Ordering::SeqCst) {
        return Err(raise(
            Error::new(ErrorCode::Closed, "the interpreter is about to end")
                .hint("finish what uses the store before the program ends"),
        ));
    }
    Ok(py.detach(run))
}

/// Whether no thread is at work with the interpreter let go.
#[pyfunction]
pub(crate) fn is_quiet() -> bool {
    BUSY.load(Ordering::SeqCst) == 0
}

/// From now on no thread begins to.
#[pyfunction]
pub(crate) fn end() {
    ENDING.store(true, Ordering::SeqCst);
}

/// In the child of a fork: those that were at it are not there.
#[pyfunction]
pub(crate) fn begin_anew() {
    BUSY.store(0, Ordering::SeqCst);
}

struct Busy;

impl Busy {
    fn new() -> Self {
        BUSY.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        BUSY.fetch_sub(1, Ordering::SeqCst);
    }
}
