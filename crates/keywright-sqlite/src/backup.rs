//! Makes a backup while the store is in use: database, pepper and revocation log in one encrypted
//! file. The database comes first, as one view of it; the log is read after it, so that it is never
//! the older of the two.

use crate::connect;
use crate::container::{self, Manifest, Parts};
use crate::error::{OrError, file as file_error, internal};
use crate::log;
use crate::schema;
use crate::store::SqliteStore;
use keywright_core::time::Timestamp;
use keywright_core::{Error, ErrorCode, Result};
use rusqlite::Connection;
use secrecy::SecretString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What [`SqliteStore::backup`] needs.
pub struct BackupRequest {
    /// The file to write. It must not be there.
    pub file: PathBuf,
    /// What will open it.
    pub passphrase: SecretString,
    /// The moment that the backup is of.
    pub now: Timestamp,
    /// The base-2 logarithm of scrypt's N; 18 if absent.
    #[doc(hidden)]
    pub work_factor: Option<u8>,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// The id of the store.
    pub store_id: String,
    /// The schema of its database.
    pub schema: u32,
    /// When the backup was made.
    pub created_at: Timestamp,
    /// How many keys are in it, of every class and status.
    pub keys: u64,
    /// How many versions.
    pub versions: u64,
    /// How many audit events.
    pub events: u64,
    /// How many entries of the revocation log.
    pub log_entries: u64,
    /// The length of the file, in bytes.
    pub bytes: u64,
}

impl SqliteStore {
    /// Writes a backup. Blocks for as long as it takes; reading and writing go on meanwhile.
    ///
    /// # Errors
    /// [`ErrorCode::AlreadyExists`] if the file is there; [`ErrorCode::InvalidArgument`] for an
    /// empty passphrase; [`ErrorCode::Unavailable`] if something can't be read or written.
    pub fn backup(&self, request: &BackupRequest) -> Result<BackupReport> {
        let base = &self.shared.base;
        base.ready()?;
        container::check_passphrase(&request.passphrase)?;
        let file = &request.file;
        if file.symlink_metadata().is_ok() {
            return Err(there_already(file));
        }
        // Where the database is, its copy may be, too.
        let staging = staging_beside(&base.path, ".keywright-backup-")?;
        let copy = staging.path().join("database");
        snapshot(&base.path, &copy)?;
        base.check_file()?;
        let (log_path, log_len) = base.log.whole()?;
        let manifest = describe(&copy, &base.store_id, request.now, log::entries_in(log_len))?;
        let failed =
            |error: std::io::Error| file_error("the backup can't be written:", file, &error);
        let mut out = new_file_beside(file).map_err(failed)?;
        let pepper = base.peppers.to_text();
        let parts = Parts {
            database: (open(&copy)?, length(&copy)?),
            pepper: pepper.as_bytes(),
            log: (open(log_path)?, log_len),
        };
        container::write(
            &mut out,
            &request.passphrase,
            request.work_factor,
            &manifest,
            parts,
        )
        .map_err(failed)?;
        out.flush()
            .and_then(|()| out.as_file().sync_all())
            .map_err(failed)?;
        let bytes = out.as_file().metadata().map_err(failed)?.len();
        out.persist_noclobber(file)
            .map_err(|error| match error.error.kind() {
                std::io::ErrorKind::AlreadyExists => there_already(file),
                _ => failed(error.error),
            })?;
        log::sync_folder(file).map_err(failed)?;
        Ok(manifest.report(bytes))
    }
}

fn there_already(file: &Path) -> Error {
    Error::new(
        ErrorCode::AlreadyExists,
        format!("{} is there already", file.display()),
    )
    .hint("name a file that isn't there: a backup is never written over another")
}

/// One view of the database as a file of its own, without what was deleted from it.
fn snapshot(path: &Path, copy: &Path) -> Result<()> {
    let name = copy
        .to_str()
        .ok_or_else(|| internal("the store lies in a folder whose name is not valid UTF-8"))?;
    let connection = connect::reader(path)?;
    connection.busy_timeout(connect::PATIENCE).or_error()?;
    connection
        .execute_batch("PRAGMA query_only = OFF")
        .or_error()?;
    connection
        .execute("VACUUM INTO ?1", [name])
        .map(drop)
        .or_error()
}

fn describe(copy: &Path, store_id: &str, now: Timestamp, log_entries: u64) -> Result<Manifest> {
    let connection = connect::glance(copy)?;
    Ok(Manifest {
        store_id: store_id.to_owned(),
        schema: schema::VERSION.unsigned_abs(),
        created_at: now,
        keys: count(&connection, "SELECT count(*) FROM keys")?,
        versions: count(&connection, "SELECT count(*) FROM versions")?,
        events: count(&connection, "SELECT count(*) FROM audit")?,
        log_entries,
    })
}

/// The answer to a question that is a number.
pub(crate) fn count(connection: &Connection, sql: &str) -> Result<u64> {
    let count: i64 = connection.query_row(sql, [], |row| row.get(0)).or_error()?;
    Ok(count.unsigned_abs())
}

/// A folder that only its owner can look into, gone when it is dropped.
pub(crate) fn staging_beside(path: &Path, prefix: &str) -> Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder
        .tempdir_in(folder_of(path))
        .map_err(|error| file_error("no temporary folder can be made beside", path, &error))
}

/// A new file, readable by its owner alone, that will get the name `path`.
pub(crate) fn new_file_beside(path: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".keywright-")
        .tempfile_in(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

pub(crate) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| file_error("a file can't be read:", path, &error))
}

fn length(path: &Path) -> Result<u64> {
    path.metadata()
        .map(|data| data.len())
        .map_err(|error| file_error("a file can't be read:", path, &error))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_can_look_at_what_is_under_way() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("keywright.db");
        let staging = staging_beside(&store, ".keywright-backup-").unwrap();
        assert_eq!(staging.path().parent(), Some(folder.path()));
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(staging.path()), 0o700);
        assert_eq!(mode(new_file_beside(&store).unwrap().path()), 0o600);
    }
}
