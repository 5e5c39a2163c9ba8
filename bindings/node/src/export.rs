//! A running export.

use crate::call::{CancelToken, wait};
use crate::failure::Failure;
use crate::manager::NativeManager;
use keywright::{Error, ErrorCode, Export, KeyManager};
use napi::Either;
use napi_derive::napi;
use std::sync::{Mutex, PoisonError};

/// A running export.
#[napi]
pub struct NativeExport {
    keys: KeyManager,
    /// Not there while it is asked.
    run: Mutex<Option<Export>>,
}

#[napi]
impl NativeManager {
    /// Begins an export.
    #[napi(catch_unwind)]
    pub fn export_keys(&self) -> NativeExport {
        NativeExport {
            keys: self.keys.clone(),
            run: Mutex::new(Some(self.keys.export_keys())),
        }
    }
}

#[napi]
impl NativeExport {
    /// The next lines; empty at the end.
    #[napi]
    pub async fn next_lines(&self, cancel: Option<&CancelToken>) -> Either<Vec<String>, Failure> {
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

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Export>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
