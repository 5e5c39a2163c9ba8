//! The store itself: what the parts do together.

use crate::open::{self, SqliteOptions};
use crate::readers::{Pool, Readers};
use crate::session::Session;
use crate::writer::{Job, Shared, Writer};
use async_trait::async_trait;
use keywright_core::ids::VersionId;
use keywright_core::pepper::PepperRing;
use keywright_core::secret::Brand;
use keywright_core::store::{ForeignScheme, Found, Lookup, ReadOperation, Store, WriteOperation};
use keywright_core::time::Timestamp;
use keywright_core::{ErrorCode, Result};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, Once};

/// Keys in an SQLite file.
///
/// Any number of processes may have the same file open. What one of them has answered, all others
/// see from then on.
pub struct SqliteStore {
    pub(crate) shared: Arc<Shared>,
    writer: Writer,
    pool: Pool,
    readers: Readers,
    /// Whoever closes the store while another does waits for the same end.
    shutdown: Once,
}

impl SqliteStore {
    /// Whether there is a file that isn't empty. Nothing is opened.
    #[must_use]
    pub fn exists(path: &Path) -> bool {
        open::exists(path)
    }

    /// Opens a store, or makes it where `create` says so.
    ///
    /// # Errors
    /// [`ErrorCode::SchemaVersion`] for a file of a newer program, or of an older one that needs
    /// [`upgrade`](crate::upgrade()); [`ErrorCode::Pepper`] if the peppers aren't those of the store;
    /// [`ErrorCode::Tampered`] if the revocation log is missing, too short or another store's;
    /// [`ErrorCode::InvalidArgument`] for another brand; [`ErrorCode::Unsupported`] on a disk
    /// without file locks; [`ErrorCode::Unavailable`] for anything else about the file. A file
    /// that is refused is left as it is.
    #[expect(clippy::needless_pass_by_value, reason = "the options are used up")]
    pub fn open(options: SqliteOptions) -> Result<Self> {
        let (base, connection) = open::open(&options)?;
        let shared = Arc::new(Shared::new(base));
        Ok(Self {
            writer: Writer::start(Arc::clone(&shared), connection)?,
            shared,
            pool: Pool::default(),
            readers: Readers::default(),
            shutdown: Once::new(),
        })
    }

    /// The mark that this store's secrets begin with.
    #[must_use]
    pub fn brand(&self) -> &Brand {
        &self.shared.base.brand
    }

    /// The peppers to make and to check everything in this store with: those that its database knows.
    /// A further one that was given is not among them if somebody else had the store open.
    #[must_use]
    pub fn peppers(&self) -> Arc<PepperRing> {
        Arc::clone(&self.shared.base.peppers)
    }

    /// The database file: its whole path, without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.shared.base.path
    }

    fn look_up(&self, lookup: &Lookup) -> Option<Result<Option<Found>>> {
        let base = &self.shared.base;
        if let Err(error) = base.ready() {
            return Some(Err(error));
        }
        let found = self.pool.with(&self.shared, |connection| {
            Session::begin(connection, base)?.find_version(lookup)
        });
        match found {
            Err(error) if error.code == ErrorCode::Unavailable => None,
            answer => Some(answer),
        }
    }

    /// Closes everything, once, and waits until that is done.
    pub(crate) fn shut(&self) {
        let base = &self.shared.base;
        if base.is_forked() {
            // Nothing of the parent's may be touched: closing a file would take its locks away.
            self.pool.forget();
            self.readers.forget();
            self.writer.forget();
            return;
        }
        self.shutdown.call_once_force(|_| {
            self.readers.close();
            self.pool.close();
            // The connection that is closed last clears the files beside the database away.
            self.writer.stop();
            base.closed.store(true, Ordering::Release);
        });
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn write(&self, operation: WriteOperation) -> Result<()> {
        self.shared.base.ready()?;
        self.writer.ask(|reply| Job::Write(operation, reply)).await
    }

    async fn read(&self, operation: ReadOperation) -> Result<()> {
        self.shared.base.ready()?;
        self.readers.run(&self.shared, operation).await
    }

    fn find_now(&self, lookup: &Lookup) -> Option<Result<Option<Found>>> {
        self.look_up(lookup)
    }

    async fn find(&self, lookup: Lookup) -> Result<Option<Found>> {
        if let Some(answer) = self.look_up(&lookup) {
            return answer;
        }
        // Somebody holds a lock, or a file can't be opened: a thread may wait for it.
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        self.read(Box::new(move |rows| {
            let found = rows.find(&lookup)?;
            if let Ok(mut slot) = filled.lock() {
                *slot = found;
            }
            Ok(())
        }))
        .await?;
        Ok(slot.lock().ok().and_then(|mut slot| slot.take()))
    }

    fn touch(&self, version: VersionId, at: Timestamp) {
        if !self.shared.base.is_forked() {
            self.shared.touches.add(version, at);
        }
    }

    fn foreign_schemes_now(&self) -> Arc<[ForeignScheme]> {
        if self.shared.base.is_forked() {
            return Arc::default();
        }
        self.shared.schemes()
    }

    async fn flush(&self) -> Result<()> {
        self.shared.base.ready()?;
        self.writer.ask(Job::Flush).await
    }

    async fn close(&self) -> Result<()> {
        let base = &self.shared.base;
        if base.is_forked() || base.closed.load(Ordering::Acquire) {
            return Ok(());
        }
        let flushed = self.writer.ask(Job::Flush).await;
        self.shut();
        match flushed {
            // Somebody else closes it at the same time.
            Err(error) if error.code == ErrorCode::Closed => Ok(()),
            outcome => outcome,
        }
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.shut();
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.shared.base.path)
            .finish_non_exhaustive()
    }
}
