//! The store itself: what the parts do together.

use crate::address::Address;
use crate::error::internal;
use crate::open::{self, PostgresOptions};
use crate::readers::Readers;
use crate::writer::{Job, Shared, Writer};
use async_trait::async_trait;
use futures_channel::oneshot;
use keywright_core::ids::VersionId;
use keywright_core::pepper::PepperRing;
use keywright_core::secret::Brand;
use keywright_core::store::{ForeignScheme, Found, Lookup, ReadOperation, Store, WriteOperation};
use keywright_core::time::Timestamp;
use keywright_core::{ErrorCode, Result};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Once};

/// Keys in a PostgreSQL database.
///
/// Any number of servers may have the same one open. What one of them has answered, all others see
/// from then on.
pub struct PostgresStore {
    shared: Arc<Shared>,
    writer: Writer,
    readers: Readers,
    options: PostgresOptions,
    /// Whoever closes the store while another does waits for the same end.
    shutdown: Once,
}

impl PostgresStore {
    /// Whether there is a store. Nothing is made. Waits for the network on a thread of its own.
    ///
    /// # Errors
    /// Those of [`PostgresStore::open`] about the connection.
    pub async fn exists(address: &Address) -> Result<bool> {
        let (told, answer) = oneshot::channel();
        let address = address.clone();
        std::thread::Builder::new()
            .name("keywright-glance".to_owned())
            .spawn(move || told.send(open::exists(&address)))
            .map_err(|_| internal("the system gives no thread"))?;
        answer
            .await
            .unwrap_or_else(|_| Err(internal("looking for the store panicked")))
    }

    /// Opens a store, or makes it where `create` says so. Waits for the network on a thread of its
    /// own.
    ///
    /// # Errors
    /// [`ErrorCode::SchemaVersion`] for a store of another version of this program;
    /// [`ErrorCode::Pepper`] if the peppers aren't those of the store; [`ErrorCode::Tampered`] if its
    /// revocation log was forged, or the file of it is another store's;
    /// [`ErrorCode::InvalidArgument`] for another brand; [`ErrorCode::Unsupported`] for a server older
    /// than PostgreSQL 12 or a database that isn't in UTF-8; [`ErrorCode::Unavailable`] if the server
    /// can't be reached or trusted, is a standby, refuses the login, or has no store and `create`
    /// isn't set. A database that is refused is left as it is.
    pub async fn open(options: PostgresOptions) -> Result<Self> {
        let (writer, shared) = Writer::start(options.clone()).await?;
        Ok(Self {
            shared,
            writer,
            readers: Readers::default(),
            options,
            shutdown: Once::new(),
        })
    }

    /// Opens the same store once more, with threads and connections of its own: what a child process
    /// does after a `fork`.
    ///
    /// # Errors
    /// Those of [`PostgresStore::open`].
    pub async fn reopen(&self) -> Result<Self> {
        Self::open(PostgresOptions {
            peppers: self.peppers(),
            brand: None,
            create: false,
            ..self.options.clone()
        })
        .await
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

    /// Closes everything, once, and waits until that is done.
    fn shut(&self) {
        let base = &self.shared.base;
        if base.is_forked() {
            // Nothing of the parent's may be touched: its connections are still in use.
            self.readers.forget();
            self.writer.forget();
            return;
        }
        self.shutdown.call_once_force(|_| {
            self.readers.close();
            self.writer.stop();
            base.closed.store(true, Ordering::Release);
        });
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn write(&self, operation: WriteOperation) -> Result<()> {
        self.shared.base.ready()?;
        self.writer.ask(|reply| Job::Write(operation, reply)).await
    }

    async fn read(&self, operation: ReadOperation) -> Result<()> {
        self.shared.base.ready()?;
        self.readers.read(&self.shared, operation).await
    }

    /// Nothing is at hand here: every answer comes from the primary.
    fn find_now(&self, _: &Lookup) -> Option<Result<Option<Found>>> {
        self.shared.base.ready().err().map(Err)
    }

    async fn find(&self, lookup: Lookup) -> Result<Option<Found>> {
        self.shared.base.ready()?;
        self.readers.find(&self.shared, lookup).await
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

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.shut();
    }
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore")
            .field("address", &self.shared.base.address)
            .finish_non_exhaustive()
    }
}
