//! A running export.

use crate::call::Call;
use crate::log::LogQueue;
use keywright::{Error, ErrorCode, KeyManager};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// A running export: ask it for the next lines until there are none.
#[pyclass(frozen, module = "keywright._native")]
pub(crate) struct Export {
    keys: KeyManager,
    log: Arc<LogQueue>,
    /// Not there while it is asked.
    run: Arc<Mutex<Option<keywright::Export>>>,
}

impl Export {
    pub(crate) fn new(keys: &KeyManager, log: &Arc<LogQueue>) -> Self {
        Self {
            keys: keys.clone(),
            log: Arc::clone(log),
            run: Arc::new(Mutex::new(Some(keys.export_keys()))),
        }
    }
}

#[pymethods]
impl Export {
    /// The next lines, each one JSON object; empty at the end.
    fn next_lines(&self) -> Call<Vec<String>> {
        let slot = Arc::clone(&self.run);
        Call::on(&self.keys, &self.log, async move {
            let mut run = lock(&slot).take().ok_or_else(|| {
                Error::new(
                    ErrorCode::InvalidState,
                    "the export is being asked already, or was given up half way",
                )
                .hint("begin a new one")
            })?;
            let lines = run.next_lines().await?;
            *lock(&slot) = Some(run);
            Ok(lines)
        })
    }
}

fn lock(
    slot: &Mutex<Option<keywright::Export>>,
) -> std::sync::MutexGuard<'_, Option<keywright::Export>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
