//! Connections to the database, each set up for its purpose. Triggers and views are switched off:
//! the schema has none, and whoever can write to the file must not be able to add some.

use crate::error::{OrError, is_busy};
use keywright_core::Result;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long another process may hold the write lock.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The one connection that writes. The file must be there.
pub(crate) fn writer(path: &Path) -> Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // FULL: a commit returns when it is on the disk. fullfsync makes macOS keep that promise.
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; \
             PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000; \
             PRAGMA journal_size_limit = 67108864;",
        )
        .or_error()?;
    Ok(connection)
}

/// How much of the database is read through memory that it is mapped into: a look-up among a
/// million keys takes a third less. The price: a process that truncates the file (a `cp` over it)
/// kills those that read it. That is so in any case for `-shm`, which SQLite always maps.
const MAPPED: u64 = if cfg!(target_pointer_width = "64") {
    0x7fff_0000
} else {
    0
};

/// A connection that reads, and gives up at once where it would have to wait.
pub(crate) fn reader(path: &Path) -> Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection
        .execute_batch(&format!(
            "PRAGMA query_only = ON; PRAGMA cache_size = -16000; PRAGMA mmap_size = {MAPPED};"
        ))
        .or_error()?;
    Ok(connection)
}

fn open(path: &Path, mode: OpenFlags) -> Result<Connection> {
    let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let connection = Connection::open_with_flags(path, flags).or_error()?;
    connection.busy_timeout(Duration::ZERO).or_error()?;
    connection.set_prepared_statement_cache_capacity(64);
    for (switch, on) in [
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        // Without this a prepared statement is planned anew for each value that is bound to it.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        connection.set_db_config(switch, on).or_error()?;
    }
    connection
        .execute_batch("PRAGMA temp_store = MEMORY;")
        .or_error()?;
    Ok(connection)
}

/// Looks at a file that may be anything and must not be touched.
pub(crate) fn glance(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    if beside(path, "-wal").exists() || beside(path, "-journal").exists() {
        let connection = Connection::open_with_flags(path, flags).or_error()?;
        connection.busy_timeout(PATIENCE).or_error()?;
        return Ok(connection);
    }
    // Immutable: no lock, and no file beside it is made.
    let uri = format!("{}?immutable=1", uri(path));
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).or_error()
}

/// The name of a file that SQLite keeps beside its database.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn uri(path: &Path) -> String {
    use std::fmt::Write;
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec();
    #[cfg(not(unix))]
    let bytes = format!("/{}", path.display())
        .replace('\\', "/")
        .into_bytes();
    let mut out = String::from("file:");
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"/._-:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02x}");
        }
    }
    out
}

/// Runs `attempt` until it doesn't fail because somebody else holds a lock, or patience ends.
pub(crate) fn patiently<T>(
    mut attempt: impl FnMut() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let deadline = Instant::now() + PATIENCE;
    let mut pause = Duration::from_micros(100);
    loop {
        match attempt() {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
}
