//! A running export.

use crate::call::{Token, Told, now, wait};
use crate::manager::NativeManager;
use keywright::{Error, ErrorCode, Export, KeyManager};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A running export.
#[derive(uniffi::Object)]
pub struct NativeExport {
    keys: KeyManager,
    /// Not there while it is asked.
    run: Mutex<Option<Export>>,
}

#[uniffi::export]
impl NativeManager {
    /// Begins an export.
    pub fn export_keys(&self) -> Told<Arc<NativeExport>> {
        now(Some(&self.keys), || {
            Ok(Arc::new(NativeExport {
                keys: self.keys.clone(),
                run: Mutex::new(Some(self.keys.export_keys())),
            }))
        })
    }
}

#[uniffi::export]
impl NativeExport {
    /// The next lines; empty at the end.
    pub async fn next_lines(&self, cancel: Token) -> Told<Vec<String>> {
        let work = async {
            let mut run = self.slot().take().ok_or_else(|| {
                Error::new(
                    ErrorCode::InvalidState,
                    "the export is being asked already, or was given up half way",
                )
                .hint("begin a new one")
            })?;
            let lines = run.next_lines().await?;
            *self.slot() = Some(run);
            Ok(lines)
        };
        wait(Some(&self.keys), cancel, work).await
    }
}

impl NativeExport {
    fn slot(&self) -> MutexGuard<'_, Option<Export>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
