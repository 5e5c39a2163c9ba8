//! What SQLite and the file system report, in the project's own words. No message carries a value
//! that came from outside: parameters of a statement never get into one.

use keywright_core::{Error, ErrorCode, Result};
use rusqlite::ffi::{self, ErrorCode as Sqlite};
use std::fmt::Display;
use std::io;
use std::path::Path;

/// A failure of SQLite, as the caller is told.
pub(crate) fn sqlite(error: &rusqlite::Error) -> Error {
    let Some(code) = error.sqlite_error() else {
        return internal(format!("the database was used wrongly: {}", kind(error)));
    };
    let number = code.extended_code;
    let unavailable = |message: &str| {
        Error::new(
            ErrorCode::Unavailable,
            format!("{message} (SQLite {number})"),
        )
    };
    match code.code {
        Sqlite::DatabaseBusy | Sqlite::DatabaseLocked => {
            unavailable("another process holds the database").hint("try again in a moment")
        }
        Sqlite::DiskFull => unavailable("the disk is full").hint("make room, then try again"),
        Sqlite::ReadOnly => unavailable("the database can't be written to")
            .hint("look at the permissions of the file and its folder, and whether the disk is mounted read-only"),
        Sqlite::CannotOpen | Sqlite::PermissionDenied | Sqlite::AuthorizationForStatementDenied => {
            unavailable("the database can't be opened")
                .hint("look at the path, and at the permissions of the file and its folder")
        }
        Sqlite::SystemIoFailure => unavailable("the disk failed while the database was in use")
            .hint("look at the system's log; if the file was damaged, restore a backup"),
        Sqlite::NotADatabase => unavailable("the file is not a keywright database")
            .hint("name another file; this one was left as it is"),
        Sqlite::DatabaseCorrupt => unavailable("the database file is damaged").hint("restore a backup"),
        Sqlite::OutOfMemory => unavailable("memory ran out"),
        Sqlite::ConstraintViolation if is_unique(number) => Error::new(
            ErrorCode::AlreadyExists,
            "there is a key with this id, secret or prefix already",
        ),
        _ => internal(format!("SQLite refused a statement ({number})")),
    }
}

fn is_unique(extended: i32) -> bool {
    matches!(
        extended,
        ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID
    )
}

/// Whether trying again may help.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked)
    )
}

/// Whether what was written may not have reached the disk, so that nothing more may be promised.
pub(crate) fn lost_sync(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_extended_error_code(),
        Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC)
    )
}

fn kind(error: &rusqlite::Error) -> &'static str {
    use rusqlite::Error as E;
    match error {
        E::FromSqlConversionFailure(..) | E::InvalidColumnType(..) => "a column has another type",
        E::IntegralValueOutOfRange(..) => "a number is out of range",
        E::QueryReturnedNoRows => "a row is missing",
        E::InvalidParameterCount(..) => "a statement got another number of parameters",
        E::NulError(..) => "a text holds NUL",
        E::ToSqlConversionFailure(..) => "a value can't be stored",
        _ => "no more is known",
    }
}

/// A failure of the file system.
pub(crate) fn file(what: &str, path: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "make the folder first, or name another path",
        io::ErrorKind::PermissionDenied => "look at the permissions of the file and its folder",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, then try again",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is mounted read-only: name another path",
        _ => "look at the path and at the system's log",
    };
    Error::new(
        ErrorCode::Unavailable,
        format!("{what} {}: {}", path.display(), error.kind()),
    )
    .hint(hint)
}

/// Something that cannot happen, did.
pub(crate) fn internal(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Internal, message)
}

/// A row that nobody with the pepper wrote like this.
pub(crate) fn tampered(what: &str, id: impl Display) -> Error {
    Error::new(
        ErrorCode::Tampered,
        format!("the {what} {id} was changed outside keywright, and is refused"),
    )
    .hint(
        "find out who wrote to the database; then restore a backup, which also puts the row right",
    )
}

/// A row that is older than what the revocation log says of it.
pub(crate) fn outdated(what: &str, id: impl Display) -> Error {
    Error::new(
        ErrorCode::Tampered,
        format!("the {what} {id} is older than the revocation log says, and is refused: an old state was put back"),
    )
    .hint("if a backup was copied over the database by hand, use `keywright restore` instead; it keeps what was revoked revoked")
}

/// The disk took something and did not confirm that it has it.
pub(crate) fn unconfirmed() -> Error {
    Error::new(
        ErrorCode::Unavailable,
        "the disk did not confirm a write, so nothing more is promised on it",
    )
    .hint("look at the system's log, then open the store again")
}

/// The store was closed.
pub(crate) fn closed() -> Error {
    Error::new(ErrorCode::Closed, "the store is closed").hint("open it again")
}

/// The process is a child of the one that opened the store.
pub(crate) fn forked() -> Error {
    Error::new(
        ErrorCode::Closed,
        "the store was opened by the parent process, and can't be used in its child",
    )
    .hint("close it before the process forks, then open it in the child")
}

/// Shortens what SQLite's results need.
pub(crate) trait OrError<T> {
    fn or_error(self) -> Result<T>;
}

impl<T> OrError<T> for rusqlite::Result<T> {
    fn or_error(self) -> Result<T> {
        self.map_err(|error| sqlite(&error))
    }
}
