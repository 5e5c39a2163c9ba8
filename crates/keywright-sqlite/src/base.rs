//! What all parts of an open store share: whose it is, the peppers, the revocation log, and
//! whether it may still be used.

use crate::disk::FileId;
use crate::error;
use crate::log::RevocationLog;
use keywright_core::pepper::PepperRing;
use keywright_core::revocation::Entry;
use keywright_core::secret::Brand;
use keywright_core::{Error, ErrorCode, Result};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// See the module.
pub(crate) struct Base {
    pub(crate) path: PathBuf,
    pub(crate) peppers: Arc<PepperRing>,
    pub(crate) store_id: String,
    pub(crate) brand: Brand,
    pub(crate) log: RevocationLog,
    /// Which file it is, whatever its name.
    file: Option<FileId>,
    /// The process that opened the store; its locks and threads are not a child's.
    pub(crate) process: u32,
    pub(crate) closed: AtomicBool,
    /// Set where there is a reason in `trouble`.
    troubled: AtomicBool,
    trouble: Mutex<Option<Error>>,
}

impl Base {
    pub(crate) fn new(
        path: PathBuf,
        peppers: Arc<PepperRing>,
        store_id: String,
        brand: Brand,
        log: RevocationLog,
    ) -> Self {
        Self {
            file: FileId::of(&path),
            path,
            peppers,
            store_id,
            brand,
            log,
            process: std::process::id(),
            closed: AtomicBool::new(false),
            troubled: AtomicBool::new(false),
            trouble: Mutex::new(None),
        }
    }

    /// Whether this process is a child of the one that opened the store.
    pub(crate) fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }

    /// Refuses all use once the store was closed, carried through a fork, or has lost its file.
    pub(crate) fn ready(&self) -> Result<()> {
        if self.is_forked() {
            return Err(error::forked());
        }
        if self.closed.load(Ordering::Acquire) {
            return Err(error::closed());
        }
        if self.troubled.load(Ordering::Acquire) {
            let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            return trouble.clone().map_or(Ok(()), Err);
        }
        Ok(())
    }

    /// Refuses all use from now on if another file, or none, has the database's name: what is
    /// written to the open one would be lost, and what others revoke would not be seen.
    pub(crate) fn check_file(&self) -> Result<()> {
        let now = FileId::of(&self.path);
        if cfg!(unix) && now != self.file {
            let what = if now.is_some() { "replaced" } else { "removed" };
            self.give_up(
                Error::new(
                    ErrorCode::Unavailable,
                    format!(
                        "the database {} was {what} while it was in use",
                        self.path.display()
                    ),
                )
                .hint("open the store again; to put back a backup use `keywright restore`"),
            );
        }
        self.ready()
    }

    /// Brings entries into the revocation log. A disk that doesn't confirm them isn't trusted again.
    pub(crate) fn bring_into_log(&self, entries: &[Entry]) -> Result<()> {
        let appended = self.log.append(entries);
        if self.log.is_doubted() {
            self.give_up(error::unconfirmed());
        }
        appended
    }

    /// From now on every use is refused for this reason. The first reason stays.
    pub(crate) fn give_up(&self, reason: Error) {
        tracing::error!(target: "keywright", "{}", reason.message);
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.get_or_insert(reason);
        self.troubled.store(true, Ordering::Release);
    }
}
