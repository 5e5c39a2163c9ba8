//! What everything that belongs to one opened store shares.

use crate::call::Call;
use crate::log::LogQueue;
use keywright::KeyManager;
use pyo3::IntoPyObject;
use std::sync::Arc;

/// See the module.
#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) keys: KeyManager,
    pub(crate) log: Arc<LogQueue>,
}

impl Opened {
    pub(crate) fn new(keys: KeyManager, log: Arc<LogQueue>) -> Self {
        Self { keys, log }
    }

    /// The same store for someone else, or opened anew.
    pub(crate) fn with(&self, keys: KeyManager) -> Self {
        Self::new(keys, Arc::clone(&self.log))
    }

    /// Begins a call.
    pub(crate) fn call<T, F>(&self, begin: impl FnOnce(KeyManager) -> F) -> Call<T>
    where
        T: for<'py> IntoPyObject<'py> + Send + 'static,
        F: Future<Output = keywright::Result<T>> + Send + 'static,
    {
        Call::on(self, begin(self.keys.clone()))
    }
}
