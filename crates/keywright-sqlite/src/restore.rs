//! Gives a backup back, checked whole before anything is put in place. What is there of the same
//! store stays as it is until the last step, which is one rename.

use crate::backup::{count, staging_beside};
use crate::base::Base;
use crate::connect::{self, beside};
use crate::container::{self, Extracted, damaged};
use crate::error::{OrError, file as file_error};
use crate::log::{self, LockedFile, RevocationLog};
use crate::meta::{self, Identity};
use crate::open::{self, SqliteOptions};
use crate::pepper_place::PepperPlace;
use crate::rest::{self, Rested};
use crate::session::Session;
use crate::upgrade::{self, alone};
use crate::{outbox, schema};
use keywright_core::audit::Actor;
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::secret::Brand;
use keywright_core::time::{Clock, Timestamp};
use keywright_core::{Error, ErrorCode, Result};
use rusqlite::{Connection, ErrorCode as Sqlite, OpenFlags};
use secrecy::SecretString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What [`restore`] needs.
pub struct RestoreRequest {
    /// The backup.
    pub file: PathBuf,
    /// What opens it.
    pub passphrase: SecretString,
    /// Where the database goes.
    pub store: PathBuf,
    /// Where the pepper goes.
    pub pepper_path: PathBuf,
    /// Whether the same store may be there, and another pepper.
    pub overwrite: bool,
    /// Who restores, in the audit trail.
    pub actor: Actor,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// Needed by nothing that is there already.
    pub random: Arc<dyn Random>,
    /// Stop there, as a crash would: for tests.
    #[doc(hidden)]
    pub interrupt: Option<RestoreStep>,
}

/// Steps of putting a restored store in place, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreStep {
    /// Before the pepper.
    Pepper,
    /// Before the revocation log.
    Log,
    /// Before the database.
    Database,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreReport {
    /// The id of the store.
    pub store_id: String,
    /// When the backup was made.
    pub created_at: Timestamp,
    /// How many keys there are, of every class and status.
    pub keys: u64,
    /// How many versions.
    pub versions: u64,
    /// How many audit events, with the one of this restore.
    pub events: u64,
    /// How many entries the revocation log has.
    pub log_entries: u64,
    /// Keys that are revoked because they were revoked after the backup.
    pub revoked: u64,
    /// Keys that are disabled because they were disabled or narrowed after the backup, which does
    /// not know to what: look at each before it is enabled.
    pub disabled: u64,
    /// Versions that are ended because they ended, or got another secret, after the backup. Where
    /// that was a key's only one, rotating the key gives it a new one.
    pub ended: u64,
}

/// Gives a backup back. Blocks.
///
/// # Errors
/// As `KeyManager::restore` in the crate `keywright` says. What was there stays as it was.
pub fn restore(request: &RestoreRequest) -> Result<RestoreReport> {
    let store = open::settle_path(&request.store)?;
    let there = open::exists(&store);
    if there && !request.overwrite {
        return Err(Error::new(
            ErrorCode::AlreadyExists,
            format!("there is a store at {} already", store.display()),
        )
        .hint("restore to another path, or allow overwriting it; nothing was changed"));
    }
    let staging = staging_beside(&store, ".keywright-restore-")?;
    let staged = staging.path().join("keywright.db");
    let staged_log = log::path_beside(&staged);
    let Extracted { manifest, pepper } =
        container::read(&request.file, &request.passphrase, &staged, &staged_log)?;
    let saved = PepperRing::parse(&pepper).map_err(|_| damaged(&request.file))?;
    let pepper = PepperPlace::choose(&request.pepper_path, saved, request.overwrite)?;
    let version = open::version_of(&staged).map_err(|_| damaged(&request.file))?;
    if version < schema::VERSION {
        upgrade::upgrade(&staged)?;
    }
    let place = Place::hold(&store, there, &manifest.store_id, &pepper.ring)?;
    if let Some(base) = &place.base {
        take_longer(&base.log, &staged_log)?;
    }
    let mut report = prepare(request, &staged, &pepper.ring, &manifest.store_id)?;
    report.created_at = manifest.created_at;
    if place.remembered > report.log_entries {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!(
                "the revocation log beside {} had {} entries, and both it and the backup have fewer",
                store.display(),
                place.remembered
            ),
        )
        .hint(
            "put the log back first, or what was revoked since would come back to life; to restore \
             nevertheless, move the database away",
        ));
    }
    let interrupted = |step| {
        if request.interrupt == Some(step) {
            return Err(Error::new(
                ErrorCode::Cancelled,
                "the restore was interrupted",
            ));
        }
        Ok(())
    };
    interrupted(RestoreStep::Pepper)?;
    pepper.settle(request.clock.now())?;
    interrupted(RestoreStep::Log)?;
    let lock = settle_log(&staged_log, &log::path_beside(&store), place.base.is_some())?;
    interrupted(RestoreStep::Database)?;
    place.replace_by(&staged, &store)?;
    drop(lock);
    Ok(report)
}

/// What is there of the store, locked until this is dropped.
struct Place {
    /// With the store's own log, if that is there.
    base: Option<Base>,
    /// The database, if it is sound.
    database: Option<Connection>,
    /// How many entries the database knows the log to have had.
    remembered: u64,
}

impl Place {
    fn hold(store: &Path, there: bool, store_id: &str, peppers: &Arc<PepperRing>) -> Result<Self> {
        let other = || {
            Error::new(
                ErrorCode::AlreadyExists,
                format!(
                    "at {} is another store than the one in the backup",
                    store.display()
                ),
            )
            .hint("restore to another path, or move its files away first; nothing was changed")
        };
        let mut base = None;
        if let Some(locked) = LockedFile::open(log::path_beside(store), false)?
            && let Some(owner) = locked.store_id()?
        {
            if owner != store_id {
                return Err(other());
            }
            let log = RevocationLog::read(locked, Arc::clone(peppers), store_id, None)?;
            log.cut_torn_end()?;
            let (path, peppers) = (store.to_owned(), Arc::clone(peppers));
            base = Some(Base::new(
                path,
                peppers,
                store_id.to_owned(),
                Brand::default(),
                log,
            ));
        }
        let mut place = Self {
            base,
            database: None,
            remembered: 0,
        };
        if there {
            match Self::take_hold(store)? {
                Some((connection, owner)) if owner == store_id => {
                    place.remembered = meta::log_entries(&connection)?;
                    if place.base.is_none() {
                        // What is on its way to a log that is gone counts as having been in it.
                        place.remembered += count(&connection, "SELECT count(*) FROM outbox")?;
                    }
                    place.database = Some(connection);
                    place.publish()?;
                }
                // A database that can't be read is this store's if the log beside it is.
                None if place.base.is_some() => {}
                _ => return Err(other()),
            }
        }
        Ok(place)
    }

    /// The database, alone, and whose it is; nothing if it can't be read.
    fn take_hold(store: &Path) -> Result<Option<(Connection, String)>> {
        match look(store) {
            Ok(schema::APPLICATION_ID) => {}
            Err(error) if is_damage(&error) => return Ok(None),
            Err(error) => return Err(error).or_error(),
            // Somebody else's database.
            Ok(_) => {
                let connection = connect::glance(store)?;
                return Ok(Some((connection, String::new())));
            }
        }
        let connection = connect::writer(store)?;
        alone(&connection)?;
        let Ok(identity) = Identity::read(&connection) else {
            return Ok(None);
        };
        connection.execute_batch("BEGIN EXCLUSIVE").or_error()?;
        Ok(Some((connection, identity.store_id)))
    }

    /// What a crash kept from the log is still in the old database's outbox.
    fn publish(&self) -> Result<()> {
        let (Some(base), Some(connection)) = (&self.base, &self.database) else {
            return Ok(());
        };
        let waiting = outbox::read(connection, base)?;
        let entries: Vec<_> = waiting.into_iter().map(|it| it.entry).collect();
        if entries.is_empty() {
            return Ok(());
        }
        base.log.append_locked(&entries)
    }

    /// The last step.
    fn replace_by(self, staged: &Path, store: &Path) -> Result<()> {
        let failed =
            |error: io::Error| file_error("the store can't be put in place:", store, &error);
        if self.database.is_none() {
            // Left by a database that is gone or damaged; they must not be taken for the new one's.
            for ending in ["-wal", "-shm", "-journal"] {
                match fs::remove_file(beside(store, ending)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(failed(error));
                    }
                    _ => {}
                }
            }
        }
        fs::rename(staged, store).map_err(failed)?;
        log::sync_folder(store).map_err(failed)
    }
}

/// Whose file it is, if its tables can be read.
fn look(store: &Path) -> rusqlite::Result<i32> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(store, flags)?;
    connection.busy_timeout(connect::PATIENCE)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.query_row("PRAGMA application_id", [], |row| row.get(0))
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(Sqlite::NotADatabase | Sqlite::DatabaseCorrupt)
    )
}

/// Where the log that is there has gone on since the backup, it counts. One of the two must be the
/// beginning of the other.
fn take_longer(live: &RevocationLog, staged: &Path) -> Result<()> {
    let (path, live_len) = live.whole()?;
    let failed = |error: io::Error| file_error("the revocation log can't be read:", path, &error);
    let staged_len = staged.metadata().map_err(failed)?.len();
    let open = |path: &Path| File::open(path).map(BufReader::new).map_err(failed);
    let mut left = live_len.min(staged_len);
    let (mut ours, mut theirs) = (open(path)?, open(staged)?);
    let (mut our_part, mut their_part) = ([0; 8192], [0; 8192]);
    while left > 0 {
        let count = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(our_part.len());
        ours.read_exact(&mut our_part[..count]).map_err(failed)?;
        theirs
            .read_exact(&mut their_part[..count])
            .map_err(failed)?;
        if our_part[..count] != their_part[..count] {
            return Err(Error::new(
                ErrorCode::Tampered,
                "the revocation log that is there and the one in the backup have gone different ways",
            )
            .hint(
                "one of them is of a copy of this store that went on by itself; restore to another \
                 path. Nothing was changed",
            ));
        }
        left -= count as u64;
    }
    if live_len > staged_len {
        append(path, staged, staged_len, live_len).map_err(failed)?;
    }
    Ok(())
}

/// Appends what `from` has between two places to `to`, which is as long as the first.
fn append(from: &Path, to: &Path, start: u64, end: u64) -> io::Result<()> {
    let mut from = File::open(from)?;
    from.seek(SeekFrom::Start(start))?;
    let mut to = OpenOptions::new().append(true).open(to)?;
    io::copy(&mut from.take(end - start), &mut to)?;
    to.sync_all()
}

/// Checks the staged store as opening does and more, puts to rest what the log has outdated, and
/// leaves one file.
fn prepare(
    request: &RestoreRequest,
    staged: &Path,
    peppers: &Arc<PepperRing>,
    store_id: &str,
) -> Result<RestoreReport> {
    let (base, connection) = open::open(&SqliteOptions {
        path: staged.to_owned(),
        peppers: Arc::clone(peppers),
        clock: Arc::clone(&request.clock),
        random: Arc::clone(&request.random),
        brand: None,
        create: false,
    })?;
    let sound: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .or_error()?;
    if sound != "ok" || base.store_id != store_id {
        return Err(damaged(&request.file));
    }
    connection.execute_batch("BEGIN IMMEDIATE").or_error()?;
    let mut session = Session::of_the_past(&connection, &base);
    let Rested {
        revoked,
        disabled,
        ended,
    } = rest::put_to_rest(&mut session, &request.actor, request.clock.now())?;
    connection.execute_batch("COMMIT").or_error()?;
    let report = RestoreReport {
        store_id: base.store_id.clone(),
        created_at: request.clock.now(),
        keys: count(&connection, "SELECT count(*) FROM keys")?,
        versions: count(&connection, "SELECT count(*) FROM versions")?,
        events: count(&connection, "SELECT count(*) FROM audit")?,
        log_entries: base.log.entries(),
        revoked,
        disabled,
        ended,
    };
    alone(&connection)?;
    drop(connection);
    let synced = File::open(&base.path).and_then(|file| file.sync_all());
    synced.map_err(|error| file_error("what is restored can't be written:", &base.path, &error))?;
    make_private(&base.path)?;
    Ok(report)
}

#[cfg(unix)]
fn make_private(path: &Path) -> Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .map_err(|error| file_error("what is restored can't be written:", path, &error))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> Result<()> {
    Ok(())
}

/// Brings the log that is there up to the staged one, or makes it. Gives its lock if it is new.
fn settle_log(staged: &Path, path: &Path, there: bool) -> Result<Option<LockedFile>> {
    let failed =
        |error: io::Error| file_error("the revocation log can't be written:", path, &error);
    let end = staged.metadata().map_err(failed)?.len();
    if there {
        let start = path.metadata().map_err(failed)?.len();
        if start < end {
            append(staged, path, start, end).map_err(failed)?;
        }
        return Ok(None);
    }
    fs::rename(staged, path).map_err(failed)?;
    log::sync_folder(path).map_err(failed)?;
    LockedFile::open(path.to_owned(), false)
}
