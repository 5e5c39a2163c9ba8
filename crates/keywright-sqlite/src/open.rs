//! Opening: look before touching, make what isn't there, check that everything belongs together.
//! All of it under the lock of the revocation log, so that processes that start at the same moment
//! do it one after the other.

use crate::base::Base;
use crate::connect::{self, beside, patiently};
use crate::error::{OrError, file as file_error};
use crate::log::{self, LockedFile, RevocationLog};
use crate::meta::{self, Identity};
use crate::outbox;
use crate::schema;
use crate::session::Session;
use crate::upgrade;
use keywright_core::audit::Actor;
use keywright_core::ids::{ProjectId, ServiceAccountId};
use keywright_core::operations::{Context, ensure_default_project};
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::secret::Brand;
use keywright_core::time::Clock;
use keywright_core::{Error, ErrorCode, Result};
use rusqlite::{Connection, ErrorCode as Sqlite};
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What [`SqliteStore::open`](crate::SqliteStore::open) needs.
pub struct SqliteOptions {
    /// The database file. The revocation log stands beside it as `PATH.revocations`.
    pub path: PathBuf,
    /// The peppers of the store. A further one is taken in if nobody else has the store open; see
    /// [`SqliteStore::peppers`](crate::SqliteStore::peppers).
    pub peppers: Arc<PepperRing>,
    /// What tells the time of the events that opening may write.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of a new store come from.
    pub random: Arc<dyn Random>,
    /// The brand of a new store (`kw` if absent); where the store is there already and this is
    /// given, it must be the same.
    pub brand: Option<Brand>,
    /// Make the store if it isn't there.
    pub create: bool,
}

/// Whether something is there under the name.
pub(crate) fn exists(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() > 0)
}

/// Opens a store, or makes one. Gives the connection that will write.
pub(crate) fn open(options: &SqliteOptions) -> Result<(Base, Connection)> {
    let path = settle_path(&options.path)?;
    if !exists(&path) && !options.create {
        return Err(no_store(&path));
    }
    let log_path = log::path_beside(&path);
    if exists(&path) {
        look_at(&path)?;
    }
    let Some(log) = LockedFile::open(log_path.clone(), !exists(&path))? else {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!("the revocation log {} is missing", log_path.display()),
        )
        .hint("it belongs to the database: put it back beside it, or restore a backup"));
    };
    recover_creation(&path, &log)?;
    if exists(&path) {
        join(options, path, log)
    } else if options.create {
        create(options, path, log)
    } else {
        Err(no_store(&path))
    }
}

pub(crate) fn no_store(path: &Path) -> Error {
    Error::new(
        ErrorCode::Unavailable,
        format!("there is no store at {}", path.display()),
    )
    .hint("look at the path, or let the store be made")
}

/// The whole path without links, so that everybody finds the same log, whatever they call the file
/// and wherever the process goes later.
pub(crate) fn settle_path(path: &Path) -> Result<PathBuf> {
    let fail = |error: &io::Error| file_error("the store can't be opened:", path, error);
    match std::fs::canonicalize(path) {
        Ok(real) if real.is_dir() => Err(Error::new(
            ErrorCode::Unavailable,
            format!("{} is a folder", path.display()),
        )
        .hint("name a file in it, for example keywright.db")),
        Ok(real) => Ok(real),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder,
                _ => Path::new("."),
            };
            let name = path.file_name().ok_or_else(|| fail(&error))?;
            Ok(std::fs::canonicalize(folder)
                .map_err(|error| fail(&error))?
                .join(name))
        }
        Err(error) => Err(fail(&error)),
    }
}

/// Refuses a file that isn't a store of this version, and leaves it as it is.
pub(crate) fn look_at(path: &Path) -> Result<()> {
    match version_of(path)? {
        schema::VERSION => Ok(()),
        version if version > schema::VERSION => Err(newer(version)),
        older => Err(Error::new(
            ErrorCode::SchemaVersion,
            format!("the store has the older schema {older}"),
        )
        .hint("stop what uses it, then run `keywright upgrade`; the file was left as it is")),
    }
}

pub(crate) fn newer(version: i32) -> Error {
    Error::new(
        ErrorCode::SchemaVersion,
        format!(
            "the store was written by a newer keywright (schema {version}; this one knows {})",
            schema::VERSION
        ),
    )
    .hint("install the newer version; the file was left as it is")
}

/// The schema version of a file that is ours.
pub(crate) fn version_of(path: &Path) -> Result<i32> {
    let foreign = || {
        Error::new(
            ErrorCode::Unavailable,
            format!("{} is not a keywright database", path.display()),
        )
        .hint("name another file; this one was left as it is")
    };
    let connection = connect::glance(path)?;
    let number =
        |pragma: &str| patiently(|| connection.query_row(pragma, [], |row| row.get::<_, i32>(0)));
    match number("PRAGMA application_id") {
        Ok(schema::APPLICATION_ID) => number("PRAGMA user_version").or_error(),
        Ok(_) => Err(foreign()),
        Err(error) if error.sqlite_error_code() == Some(Sqlite::NotADatabase) => Err(foreign()),
        Err(error) => Err(crate::error::sqlite(&error)),
    }
}

/// Undoes a creation that a crash cut short: SQLite left a journal from which it takes the file
/// back to nothing.
fn recover_creation(path: &Path, log: &LockedFile) -> Result<()> {
    if exists(path) && beside(path, "-journal").exists() && log.holds_no_entry()? {
        let connection = connect::writer(path)?;
        patiently(|| connection.query_row("PRAGMA user_version", [], |_| Ok(()))).or_error()?;
    }
    Ok(())
}

fn create(options: &SqliteOptions, path: PathBuf, log: LockedFile) -> Result<(Base, Connection)> {
    if log.store_id()?.is_some() && !log.holds_no_entry()? {
        return Err(Error::new(
            ErrorCode::Unavailable,
            format!(
                "{} belongs to a store whose database is gone",
                log.path.display()
            ),
        )
        .hint(
            "get the store back with `keywright restore`; to begin a new one, move that file away",
        ));
    }
    make_file(&path).map_err(|error| file_error("the store can't be made:", &path, &error))?;
    let brand = options.brand.clone().unwrap_or_default();
    let store_id = meta::new_store_id(options.random.as_ref())?;
    log.begin(&store_id)?;
    let log = RevocationLog::read(log, Arc::clone(&options.peppers), &store_id, Some(0))?;
    let connection = connect::writer(&path)?;
    let base = Base::new(path, Arc::clone(&options.peppers), store_id, brand, log);
    patiently(|| connection.execute_batch("BEGIN EXCLUSIVE")).or_error()?;
    connection.execute_batch(schema::CREATE).or_error()?;
    connection
        .execute_batch(&format!(
            "PRAGMA application_id = {}; PRAGMA user_version = {};",
            schema::APPLICATION_ID,
            schema::VERSION
        ))
        .or_error()?;
    Identity::write(&connection, &base.peppers, &base.store_id, &base.brand)?;
    let context = Context {
        actor: Actor::default(),
        now: options.clock.now(),
    };
    ensure_default_project(
        &mut Session::begin(&connection, &base)?,
        &context,
        ProjectId::generate(options.random.as_ref())?,
        ServiceAccountId::generate(options.random.as_ref())?,
    )?;
    connection.execute_batch("COMMIT").or_error()?;
    write_ahead(&connection)?;
    log::sync_folder(&base.path)
        .map_err(|error| file_error("the store can't be made:", &base.path, &error))?;
    base.log.unlock()?;
    Ok((base, connection))
}

/// An empty file that only its owner can read. SQLite gives the files beside it the same rights.
fn make_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        // An empty one that was there: nothing is in it yet that anybody could have read.
        Err(_) => restrict(path),
        Ok(_) => Ok(()),
    }
}

#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Opens a store that is there.
fn join(options: &SqliteOptions, path: PathBuf, log: LockedFile) -> Result<(Base, Connection)> {
    look_at(&path)?;
    let connection = connect::writer(&path)?;
    write_ahead(&connection)?;
    let identity = Identity::read(&connection)?;
    let given = Peppers::of(&connection, &options.peppers)?;
    identity.check(&options.peppers)?;
    if options
        .brand
        .as_ref()
        .is_some_and(|brand| *brand != identity.brand)
    {
        return Err(Error::invalid(format!(
            "the brand of this store is {}, and can't be changed",
            identity.brand.as_str()
        ))
        .hint("leave the brand out, or make another store"));
    }
    if log.store_id()?.as_deref() != Some(identity.store_id.as_str()) {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!(
                "the revocation log {} is not that of this store",
                log.path.display()
            ),
        )
        .hint("put the right file back beside the database, or restore a backup"));
    }
    let remembered = meta::log_entries(&connection)?;
    let log = RevocationLog::read(
        log,
        Arc::clone(&given.ring),
        &identity.store_id,
        Some(remembered),
    )?;
    if log.entries() < remembered {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!(
                "the revocation log beside {} has {} entries, and had {remembered}",
                path.display(),
                log.entries()
            ),
        )
        .hint("put the whole file back, or restore a backup"));
    }
    log.mend(remembered)?;
    let Identity {
        store_id, brand, ..
    } = identity;
    let base = Base::new(path, given.ring, store_id, brand, log);
    // What a crash kept from the log is still in the outbox.
    let waiting: Vec<_> = outbox::read(&connection, &base)?
        .into_iter()
        .map(|it| it.entry)
        .collect();
    if !waiting.is_empty() {
        base.log.append_locked(&waiting)?;
    }
    if given.new {
        patiently(|| connection.execute_batch("BEGIN IMMEDIATE")).or_error()?;
        meta::add_peppers(&connection, &base.peppers)?;
        connection.execute_batch("COMMIT").or_error()?;
    }
    base.log.unlock()?;
    Ok((base, connection))
}

/// The peppers that a store is opened with.
struct Peppers {
    ring: Arc<PepperRing>,
    /// Whether the database has still to hear of some of them.
    new: bool,
}

impl Peppers {
    /// A further pepper is taken in where nobody else has the store open, and left out elsewhere:
    /// others may not have it. Whoever opens the store meanwhile waits for the log's lock.
    fn of(connection: &Connection, given: &Arc<PepperRing>) -> Result<Self> {
        let mut new = meta::check_peppers(connection, given)?;
        let mut ring = Arc::clone(given);
        if new {
            new = upgrade::is_alone(connection).or_error()?;
            write_ahead(connection)?;
            if !new {
                tracing::warn!(target: "keywright", "a further pepper is not used before all that have the store open have closed it");
                ring = Arc::new(meta::known_peppers(connection, given)?);
            }
        }
        Ok(Self { ring, new })
    }
}

/// Readers and the writer side by side, in this process and others.
pub(crate) fn write_ahead(connection: &Connection) -> Result<()> {
    let mode = patiently(|| {
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| {
            row.get::<_, String>(0)
        })
    })
    .or_error()?;
    if mode == "wal" {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::Unsupported,
        "the disk that the store is on can't share memory between processes, which SQLite needs",
    )
    .hint("put the store on a local disk"))
}
