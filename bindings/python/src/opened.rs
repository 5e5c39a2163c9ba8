//! What everything that belongs to one opened store shares: the facade's manager, the log, and how
//! many callers are waiting.

use crate::call::Call;
use crate::log::LogQueue;
use keywright::KeyManager;
use pyo3::IntoPyObject;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// See the module.
#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) keys: KeyManager,
    pub(crate) log: Arc<LogQueue>,
    waiting: Arc<AtomicUsize>,
}

impl Opened {
    pub(crate) fn new(keys: KeyManager, log: Arc<LogQueue>) -> Self {
        Self {
            keys,
            log,
            waiting: Arc::default(),
        }
    }

    /// The same store for someone else, or opened anew.
    pub(crate) fn with(&self, keys: KeyManager) -> Self {
        Self {
            keys,
            ..self.clone()
        }
    }

    /// Begins a call.
    pub(crate) fn call<T, F>(&self, begin: impl FnOnce(KeyManager) -> F) -> Call<T>
    where
        T: for<'py> IntoPyObject<'py> + Send + 'static,
        F: Future<Output = keywright::Result<T>> + Send + 'static,
    {
        Call::on(self, begin(self.keys.clone()))
    }

    /// Counts a caller that waits, until what this gives is dropped.
    pub(crate) fn wait(&self) -> WaitingCaller {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        WaitingCaller(Arc::clone(&self.waiting))
    }

    /// Whether nobody waits.
    pub(crate) fn is_quiet(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }
}

/// See [`Opened::wait`].
pub(crate) struct WaitingCaller(Arc<AtomicUsize>);

impl Drop for WaitingCaller {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
