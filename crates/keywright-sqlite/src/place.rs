//! The place that a backup is restored to: what is there, held so that nobody opens or makes a store
//! there meanwhile, and how what is restored comes into it.

use crate::backup::count;
use crate::base::Base;
use crate::connect::{self, beside};
use crate::disk::FileId;
use crate::error::{OrError, file as file_error, internal};
use crate::log::{self, LockedFile, RevocationLog};
use crate::meta::{self, Identity};
use crate::restore::append;
use crate::upgrade::{in_use, is_alone};
use crate::{open, outbox, schema};
use keywright_core::pepper::PepperRing;
use keywright_core::revocation::Entry;
use keywright_core::secret::Brand;
use keywright_core::{Error, ErrorCode, Result};
use rusqlite::{Connection, ErrorCode as Sqlite, OpenFlags};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempPath;

/// Refuses a store that is there, where it may not be overwritten.
pub(crate) fn refuse_store(store: &Path, overwrite: bool) -> Result<()> {
    if overwrite || !open::exists(store) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::AlreadyExists,
        format!("there is a store at {} already", store.display()),
    )
    .hint("restore to another path, or allow overwriting it; nothing was changed"))
}

/// See the module. Whoever opens a store, or makes one, waits for the lock of its log first.
pub(crate) struct Place {
    store: PathBuf,
    log: Log,
    /// The database, if it is sound.
    old: Option<Old>,
    /// What stands under the database's name.
    found: Option<FileId>,
}

/// The log, with its lock.
enum Log {
    /// The store's own.
    Own(Box<Base>),
    /// There is none yet.
    None(Empty),
    /// The one that was put in place.
    New(LockedFile),
}

impl Place {
    /// Looks at what is there, and holds it.
    pub(crate) fn hold(
        store: &Path,
        overwrite: bool,
        store_id: &str,
        peppers: &Arc<PepperRing>,
    ) -> Result<Self> {
        let locked = Locked::wait(store)?;
        // It may have come before the lock was got.
        refuse_store(store, overwrite)?;
        let old = Old::hold(store)?;
        let is_same = match (locked.owner(), &old) {
            (Some(owner), Some(old)) => owner == store_id && old.owner == store_id,
            (None, Some(old)) => old.owner == store_id,
            // A database that can't be read is this store's if the log beside it is.
            (Some(owner), None) => owner == store_id,
            (None, None) => !open::exists(store),
        };
        if !is_same {
            return Err(another(store));
        }
        let log = match locked {
            Locked::Of(log, _) => {
                let base = own(store, store_id, peppers, log, old.as_ref())?;
                Log::Own(Box::new(base))
            }
            Locked::Empty(empty) => Log::None(empty),
        };
        Ok(Self {
            store: store.to_owned(),
            log,
            old,
            found: FileId::of(store),
        })
    }

    /// With the store's own log, if that is there.
    pub(crate) fn base(&self) -> Option<&Base> {
        match &self.log {
            Log::Own(base) => Some(base),
            Log::None(_) | Log::New(_) => None,
        }
    }

    /// Refuses to go on with fewer entries in the log than the database knows it to have had.
    pub(crate) fn refuse_fewer(&self, entries: u64) -> Result<()> {
        let remembered = match (&self.old, &self.log) {
            (Some(old), Log::Own(_)) => old.entries,
            // What is on its way to a log that is gone counts as having been in it.
            (Some(old), _) => old.entries.saturating_add(old.waiting),
            (None, _) => 0,
        };
        if remembered <= entries {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::Tampered,
            format!(
                "the revocation log beside {} had {remembered} entries, and both it and the backup \
                 have fewer",
                self.store.display(),
            ),
        )
        .hint(
            "put the log back first, or what was revoked since would come back to life; to restore \
             nevertheless, move the database away",
        ))
    }

    /// Refuses to go on if somebody has changed what is there in spite of the lock.
    pub(crate) fn look_again(&self) -> Result<()> {
        let log = match &self.log {
            Log::Own(base) => base.log.is_in_place(),
            Log::None(Empty(log)) | Log::New(log) => log.is_in_place(),
        };
        if log && FileId::of(&self.store) == self.found {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::Unavailable,
            format!(
                "the files at {} were changed while the backup was restored",
                self.store.display()
            ),
        )
        .hint("look at what is there now, then try again"))
    }

    /// Brings the log that is there up to the staged one, or makes it.
    pub(crate) fn settle_log(&mut self, staged: &Path) -> Result<()> {
        let path = log::path_beside(&self.store);
        let failed =
            |error: io::Error| file_error("the revocation log can't be written:", &path, &error);
        if let Log::Own(base) = &self.log {
            base.log.cut_torn_end()?;
            let start = path.metadata().map_err(failed)?.len();
            let end = staged.metadata().map_err(failed)?.len();
            if start < end {
                append(staged, &path, start, end).map_err(failed)?;
            }
        } else {
            // Locked before it has its name, so that nobody else is the first.
            let mut log = Locked::file(staged, false)?;
            fs::rename(staged, &path).map_err(failed)?;
            log::sync_folder(&path).map_err(failed)?;
            log.path = path;
            self.log = Log::New(log);
        }
        Ok(())
    }

    /// The last step.
    pub(crate) fn settle_database(self, staged: &Path) -> Result<()> {
        let store = &self.store;
        let failed =
            |error: io::Error| file_error("the store can't be put in place:", store, &error);
        if self.old.is_none() {
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
        if self.found.is_some() {
            fs::rename(staged, store).map_err(failed)?;
        } else {
            let staged = TempPath::try_from_path(staged).map_err(failed)?;
            let placed = staged.persist_noclobber(store);
            placed.map_err(|error| failed(error.error))?;
        }
        log::sync_folder(store).map_err(failed)
    }
}

fn another(store: &Path) -> Error {
    Error::new(
        ErrorCode::AlreadyExists,
        format!(
            "at {} is another store than the one in the backup",
            store.display()
        ),
    )
    .hint("restore to another path, or move its files away first; nothing was changed")
}

/// The log beside a store, locked before anything of it is read.
enum Locked {
    /// Whose it is.
    Of(LockedFile, String),
    Empty(Empty),
}

impl Locked {
    /// Waits for the lock. Where there is no log an empty one is made, there to be locked.
    fn wait(store: &Path) -> Result<Self> {
        let log = Self::file(&log::path_beside(store), true)?;
        Ok(match log.store_id()? {
            Some(owner) => Self::Of(log, owner),
            None => Self::Empty(Empty(log)),
        })
    }

    fn file(path: &Path, create: bool) -> Result<LockedFile> {
        LockedFile::open(path.to_owned(), create)?
            .ok_or_else(|| internal("a revocation log is gone that was just written"))
    }

    fn owner(&self) -> Option<&str> {
        match self {
            Self::Of(_, owner) => Some(owner),
            Self::Empty(_) => None,
        }
    }
}

/// An empty log. It is taken away again, unless another got its name.
struct Empty(LockedFile);

impl Drop for Empty {
    fn drop(&mut self) {
        if self.0.is_in_place() {
            let _ = fs::remove_file(&self.0.path);
        }
    }
}

/// What is there of the store that the backup is of. What a crash kept from its log is brought there.
fn own(
    store: &Path,
    store_id: &str,
    peppers: &Arc<PepperRing>,
    log: LockedFile,
    old: Option<&Old>,
) -> Result<Base> {
    let known = old.map(|old| old.entries);
    let log = RevocationLog::read(log, Arc::clone(peppers), store_id, known).map_err(|error| {
        if error.code != ErrorCode::Tampered {
            return error;
        }
        error.hint(
            "put the log back as it was; to restore without it, move it away: what was revoked since \
             the backup comes back to life then",
        )
    })?;
    // Where entries are missing, it stays as it is for whoever looks into it.
    if known.is_none_or(|known| log.entries() >= known) {
        log.cut_torn_end()?;
    }
    let (path, peppers) = (store.to_owned(), Arc::clone(peppers));
    let base = Base::new(path, peppers, store_id.to_owned(), Brand::default(), log);
    if let Some(old) = old {
        let waiting = old.waiting(&base);
        if !waiting.is_empty() {
            base.log.append_locked(&waiting)?;
        }
    }
    Ok(base)
}

/// A database that is there and can be read; nobody else has it open.
struct Old {
    connection: Connection,
    /// Whose it is; nothing if it is no store.
    owner: String,
    /// How many entries it knows the log to have had.
    entries: u64,
    /// How many are on their way to the log.
    waiting: u64,
}

impl Old {
    /// `None` if there is none, or it can't be read.
    fn hold(store: &Path) -> Result<Option<Self>> {
        if !open::exists(store) {
            return Ok(None);
        }
        match look(store) {
            Ok(schema::APPLICATION_ID) => {}
            Err(error) if is_damage(&error) => return Ok(None),
            Err(error) => return Err(error).or_error(),
            // Somebody else's database.
            Ok(_) => {
                return Ok(Some(Self {
                    connection: connect::glance(store)?,
                    owner: String::new(),
                    entries: 0,
                    waiting: 0,
                }));
            }
        }
        let connection = connect::writer(store)?;
        match is_alone(&connection) {
            Ok(true) => {}
            Ok(false) => return Err(in_use()),
            Err(error) if is_damage(&error) => return Ok(None),
            Err(error) => return Err(error).or_error(),
        }
        connection.execute_batch("BEGIN EXCLUSIVE").or_error()?;
        Ok(Self::read(connection).ok())
    }

    /// What a restore has to know of it.
    fn read(connection: Connection) -> Result<Self> {
        Ok(Self {
            owner: Identity::read(&connection)?.store_id,
            entries: meta::log_entries(&connection)?,
            waiting: count(&connection, "SELECT count(*) FROM outbox")?,
            connection,
        })
    }

    /// What a crash kept from the log. Forged lines stand in nobody's way: they go with the database.
    fn waiting(&self, base: &Base) -> Vec<Entry> {
        let waiting = outbox::sound(&self.connection, base).unwrap_or_else(|error| {
            tracing::warn!(target: "keywright", "the outbox of the old database can't be read: {}", error.message);
            Vec::new()
        });
        waiting.into_iter().map(|it| it.entry).collect()
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
