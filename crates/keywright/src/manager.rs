//! `KeyManager`: one opened store, and everything that is done with it.

use crate::options::{Location, LogLevel, LogRecord, LogSink, OpenOptions};
use crate::pepper_file;
use crate::slow::SlowWorkers;
use crate::system::{SystemClock, SystemRandom};
use keywright_core::audit::Actor;
use keywright_core::memory::MemoryStore;
use keywright_core::networks::parse_address;
use keywright_core::operations::{self, Context};
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::secret::{Brand, Class};
use keywright_core::store::{Rows, Store, Tx};
use keywright_core::time::{Clock, Timestamp};
use keywright_core::{Error, ErrorCode, Result, ids};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Issues keys, shows each secret once, verifies, rotates and revokes them.
///
/// Cheap to clone: clones share the store. Its futures need no particular runtime.
///
/// ```
/// use keywright::{CreateOptions, KeyManager, OpenOptions, VerifyCode, VerifyOptions};
/// # futures_executor::block_on(async {
/// let keys = KeyManager::open(Some("memory:"), OpenOptions::default()).await?;
/// let created = keys.create("billing", CreateOptions::default()).await?;
///
/// let secret = created.secret.reveal(); // show it now: it can't be had again
/// assert!(keys.verify(secret, &VerifyOptions::default()).await?.valid());
///
/// keys.revoke(&created.key.id, Default::default()).await?;
/// assert_eq!(keys.verify(secret, &VerifyOptions::default()).await?.code(), VerifyCode::Revoked);
/// # Ok::<(), keywright::Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct KeyManager {
    pub(crate) inner: Arc<Inner>,
    pub(crate) actor: Actor,
}

pub(crate) struct Inner {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) peppers: Arc<PepperRing>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) brand: Brand,
    pub(crate) accepted: Vec<Class>,
    pub(crate) slow: SlowWorkers,
    pub(crate) foreign: Mutex<crate::foreign::SchemeCache>,
    location: Location,
    log_sink: Option<Arc<dyn LogSink>>,
    failed: AtomicBool,
    closed: AtomicBool,
    #[cfg(feature = "sqlite")]
    pub(crate) sqlite: Option<Arc<keywright_sqlite::SqliteStore>>,
    #[cfg(feature = "postgres")]
    pub(crate) postgres: Option<Arc<keywright_postgres::PostgresStore>>,
}

/// What opening a store of any kind gives.
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) peppers: Arc<PepperRing>,
    pub(crate) brand: Brand,
    #[cfg(feature = "sqlite")]
    pub(crate) sqlite: Option<Arc<keywright_sqlite::SqliteStore>>,
    #[cfg(feature = "postgres")]
    pub(crate) postgres: Option<Arc<keywright_postgres::PostgresStore>>,
}

impl KeyManager {
    /// Opens the store, and makes it (and its pepper) if it isn't there.
    ///
    /// `store` is a path, `sqlite:PATH`, `memory:` or (with the feature `postgres`)
    /// `postgres://USER:PASSWORD@HOST/DATABASE`; where it is absent `KEYWRIGHT_STORE` counts, then
    /// `./keywright.db`.
    ///
    /// # Errors
    /// `wrong_pepper` if the pepper is missing or not this store's; `schema_version` if a newer
    /// program wrote the store; `tampered` if its revocation log was cut or forged; `unavailable` if
    /// it can't be read or written; `unsupported` for kinds of stores that this version has not.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unused_async, reason = "stores behind a network wait here")
    )]
    pub async fn open(store: Option<&str>, options: OpenOptions) -> Result<Self> {
        let location = Location::choose(store)?;
        let accepted = accepted_classes(options.accepted_classes.as_deref())?;
        let clock = options
            .clock
            .clone()
            .unwrap_or_else(|| Arc::new(SystemClock));
        let random = options
            .random
            .clone()
            .unwrap_or_else(|| Arc::new(SystemRandom));
        let opened = match &location {
            Location::Memory => open_memory(&options, clock.as_ref(), random.as_ref())?,
            Location::Sqlite(path) => open_sqlite(path, &options, &clock, &random)?,
            #[cfg(feature = "postgres")]
            Location::Postgres(address) => {
                crate::postgres::open(address, &options, &clock, &random).await?
            }
        };
        let inner = Inner {
            store: opened.store,
            peppers: opened.peppers,
            clock,
            random,
            brand: opened.brand,
            accepted,
            slow: SlowWorkers::default(),
            foreign: Mutex::default(),
            location,
            log_sink: options.log_sink,
            failed: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            #[cfg(feature = "sqlite")]
            sqlite: opened.sqlite,
            #[cfg(feature = "postgres")]
            postgres: opened.postgres,
        };
        let manager = Self {
            inner: Arc::new(inner),
            actor: Actor::default(),
        };
        match options.actor {
            Some(actor) => manager.acting_as(&actor, None),
            None => Ok(manager),
        }
    }

    /// The same store, with someone else acting in the audit trail: 1 to 128 characters, and the
    /// address that their request came from.
    pub fn acting_as(&self, actor: &str, ip: Option<&str>) -> Result<Self> {
        let name = keywright_core::names::Name::parse(actor).map_err(|_| {
            Error::invalid("that is not a name for who acts")
                .hint("1 to 128 characters, no control characters")
        })?;
        let address = ip.map(parse_address).transpose()?;
        Ok(Self {
            inner: Arc::clone(&self.inner),
            actor: Actor {
                name: name.as_str().to_owned(),
                address,
            },
        })
    }

    /// The mark that this store's secrets begin with.
    #[must_use]
    pub fn brand(&self) -> &str {
        self.inner.brand.as_str()
    }

    /// The SQLite file, if the store is one.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        match &self.inner.location {
            Location::Memory => None,
            Location::Sqlite(path) => Some(path.clone()),
            #[cfg(feature = "postgres")]
            Location::Postgres(_) => None,
        }
    }

    /// Stores what is held back (uses, digests in place of imported hashes) now.
    pub async fn flush(&self) -> Result<()> {
        let inner = self.ready()?;
        inner.slow.settled().await;
        inner.store.flush().await
    }

    /// Stores what is held back and lets go of the store, for all clones. Later calls answer
    /// `closed`; closing twice is fine.
    pub async fn close(&self) -> Result<()> {
        self.inner.slow.settled().await;
        self.inner.slow.stop();
        self.inner.closed.store(true, Ordering::Relaxed);
        self.inner.store.close().await
    }

    /// Opens the same store anew, with its own threads and connections: what a child process does
    /// after `fork`, for nothing of the parent's may be used there. Takes no lock. A store in
    /// memory is the parent's and can't be opened again.
    #[doc(hidden)]
    pub fn reopen(&self) -> Result<Self> {
        let old = &self.inner;
        let opened = self.opened_anew()?;
        let inner = Inner {
            store: opened.store,
            peppers: Arc::clone(&old.peppers),
            clock: Arc::clone(&old.clock),
            random: Arc::clone(&old.random),
            brand: old.brand.clone(),
            accepted: old.accepted.clone(),
            slow: SlowWorkers::default(),
            foreign: Mutex::default(),
            location: old.location.clone(),
            log_sink: old.log_sink.clone(),
            failed: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            #[cfg(feature = "sqlite")]
            sqlite: opened.sqlite,
            #[cfg(feature = "postgres")]
            postgres: opened.postgres,
        };
        Ok(Self {
            inner: Arc::new(inner),
            actor: self.actor.clone(),
        })
    }

    fn opened_anew(&self) -> Result<Opened> {
        #[cfg(feature = "postgres")]
        if let Some(opened) = &self.inner.postgres {
            return futures_executor::block_on(opened.reopen()).map(crate::postgres::opened);
        }
        #[cfg(feature = "sqlite")]
        if let Some(opened) = &self.inner.sqlite {
            let old = &self.inner;
            return keywright_sqlite::SqliteStore::open(keywright_sqlite::SqliteOptions {
                // Its whole path: the working directory may be another one by now.
                path: opened.path().to_owned(),
                peppers: Arc::clone(&old.peppers),
                clock: Arc::clone(&old.clock),
                random: Arc::clone(&old.random),
                brand: None,
                create: false,
            })
            .map(opened_sqlite);
        }
        Err(Error::new(
            ErrorCode::Unsupported,
            "a store in memory can't be taken over by another process",
        )
        .hint("use a file, or open a store of its own in the child"))
    }

    /// Refuses all further work: a skin calls this after it has caught a panic, since what was half
    /// done can't be trusted.
    #[doc(hidden)]
    pub fn fail(&self) {
        self.inner.failed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn ready(&self) -> Result<&Inner> {
        if self.inner.failed.load(Ordering::Relaxed) {
            return Err(Error::new(
                ErrorCode::Closed,
                "the manager stopped after an internal failure",
            )
            .hint("open it again, and report the failure"));
        }
        // Told before anything is looked at: also what needs no store answers no more.
        if self.inner.closed.load(Ordering::Relaxed) {
            return Err(Error::new(ErrorCode::Closed, "the store is closed").hint("open it again"));
        }
        Ok(&self.inner)
    }

    pub(crate) fn context(&self) -> Context {
        Context {
            actor: self.actor.clone(),
            now: self.inner.clock.now(),
        }
    }

    /// What the manager's clock says.
    #[doc(hidden)]
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Runs a function as one transaction and hands its answer out.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        let operation = Box::new(move |tx: &mut dyn Tx| {
            let answer = run(tx)?;
            *filled.lock().map_err(|_| lost())? = Some(answer);
            Ok(())
        });
        self.ready()?.store.write(operation).await?;
        slot.lock().map_err(|_| lost())?.take().ok_or_else(lost)
    }

    /// Runs a function over one consistent view and hands its answer out.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut dyn Rows) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        let operation = Box::new(move |rows: &mut dyn Rows| {
            let answer = run(rows)?;
            *filled.lock().map_err(|_| lost())? = Some(answer);
            Ok(())
        });
        self.ready()?.store.read(operation).await?;
        slot.lock().map_err(|_| lost())?.take().ok_or_else(lost)
    }

    pub(crate) fn log(
        &self,
        level: LogLevel,
        message: &str,
        code: Option<&str>,
        key_id: Option<&str>,
    ) {
        match level {
            LogLevel::Debug => tracing::debug!(target: "keywright", code, key_id, "{message}"),
            LogLevel::Info => tracing::info!(target: "keywright", code, key_id, "{message}"),
            LogLevel::Warning => tracing::warn!(target: "keywright", code, key_id, "{message}"),
            LogLevel::Error => tracing::error!(target: "keywright", code, key_id, "{message}"),
        }
        if let Some(sink) = &self.inner.log_sink {
            sink.log(&LogRecord {
                level,
                message: message.to_owned(),
                code: code.map(str::to_owned),
                key_id: key_id.map(str::to_owned),
            });
        }
    }
}

impl std::fmt::Debug for KeyManager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyManager")
            .field("store", &self.inner.location)
            .finish_non_exhaustive()
    }
}

/// The classes that `verify` accepts. Admin keys manage, and are never data keys.
fn accepted_classes(given: Option<&[Class]>) -> Result<Vec<Class>> {
    let accepted = given.unwrap_or(&[Class::Live, Class::Test, Class::Temp]);
    if accepted.is_empty() {
        return Err(Error::invalid(
            "a store that accepts no class can verify nothing",
        ));
    }
    if accepted.contains(&Class::Admin) {
        return Err(
            Error::invalid("an admin key is never accepted as a data key")
                .hint("leave `admin` out of the accepted classes; admin_keys().verify knows it"),
        );
    }
    Ok(accepted.to_vec())
}

fn lost() -> Error {
    Error::new(ErrorCode::Internal, "an operation's answer was lost")
}

fn open_memory(options: &OpenOptions, clock: &dyn Clock, random: &dyn Random) -> Result<Opened> {
    let peppers = match pepper_file::given(&options.pepper, false, random)? {
        Some(ring) => Arc::new(ring),
        None => Arc::new(PepperRing::generate(random)?),
    };
    let brand = wanted_brand(options)?.unwrap_or_default();
    let store = Arc::new(MemoryStore::new(
        Arc::clone(&peppers),
        ids::ProjectId::generate(random)?.to_string(),
    ));
    let context = Context {
        actor: Actor::default(),
        now: clock.now(),
    };
    let (project, account) = (
        ids::ProjectId::generate(random)?,
        ids::ServiceAccountId::generate(random)?,
    );
    let make = store.write(Box::new(move |tx| {
        operations::ensure_default_project(tx, &context, project, account)
    }));
    at_once(make)?;
    Ok(Opened {
        store,
        peppers,
        brand,
        #[cfg(feature = "sqlite")]
        sqlite: None,
        #[cfg(feature = "postgres")]
        postgres: None,
    })
}

/// Runs a future that never waits: a store in memory answers at the first poll.
fn at_once(future: impl Future<Output = Result<()>>) -> Result<()> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(outcome) => outcome,
        std::task::Poll::Pending => Err(lost()),
    }
}

#[cfg(feature = "sqlite")]
fn open_sqlite(
    path: &std::path::Path,
    options: &OpenOptions,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Opened> {
    use keywright_sqlite::{SqliteOptions, SqliteStore};
    let exists = SqliteStore::exists(path);
    if !exists && options.must_exist {
        return Err(Error::new(
            ErrorCode::Unavailable,
            format!("there is no store at {}", path.display()),
        )
        .hint("name another, or leave out that it must be there already"));
    }
    let peppers = match pepper_file::given(&options.pepper, exists, random.as_ref())? {
        Some(ring) => ring,
        None => pepper_file::beside(path, exists, random.as_ref())?,
    };
    let store = SqliteStore::open(SqliteOptions {
        path: path.to_owned(),
        peppers: Arc::new(peppers),
        clock: Arc::clone(clock),
        random: Arc::clone(random),
        brand: wanted_brand(options)?,
        create: !options.must_exist,
    })?;
    Ok(opened_sqlite(store))
}

#[cfg(feature = "sqlite")]
fn opened_sqlite(store: keywright_sqlite::SqliteStore) -> Opened {
    let store = Arc::new(store);
    Opened {
        peppers: store.peppers(),
        brand: store.brand().clone(),
        store: Arc::clone(&store) as Arc<dyn Store>,
        sqlite: Some(store),
        #[cfg(feature = "postgres")]
        postgres: None,
    }
}

#[cfg(not(feature = "sqlite"))]
fn open_sqlite(
    _path: &std::path::Path,
    _options: &OpenOptions,
    _clock: &Arc<dyn Clock>,
    _random: &Arc<dyn Random>,
) -> Result<Opened> {
    Err(
        Error::new(ErrorCode::Unsupported, "this build has no SQLite")
            .hint("use memory:, or build with the feature sqlite"),
    )
}

pub(crate) fn wanted_brand(options: &OpenOptions) -> Result<Option<Brand>> {
    match &options.brand {
        Some(text) => Brand::parse(text).map(Some),
        None => crate::options::environment(crate::options::ENV_BRAND)?
            .as_deref()
            .map(Brand::parse)
            .transpose(),
    }
}
