//! A running export.

use crate::call::Call;
use crate::opened::Opened;
use keywright::{Error, ErrorCode};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// A running export: ask it for the next lines until there are none.
#[pyclass(frozen, module = "keywright._native")]
pub(crate) struct Export {
    opened: Opened,
    /// Not there while it is asked.
    run: Arc<Mutex<Option<keywright::Export>>>,
}

impl Export {
    pub(crate) fn new(opened: &Opened) -> Self {
        Self {
            opened: opened.clone(),
            run: Arc::new(Mutex::new(Some(opened.keys.export_keys()))),
        }
    }
}

#[pymethods]
impl Export {
    /// The next lines, each one JSON object; empty at the end.
    fn next_lines(&self) -> Call<Vec<String>> {
        let slot = Arc::clone(&self.run);
        Call::on(&self.opened, async move {
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
