//! What callers are told when SQLite or the file system fails.

use crate::error;
use keywright_core::ErrorCode;
use rusqlite::ffi;
use std::io;
use std::path::Path;

#[test]
fn each_failure_of_sqlite_says_what_happened_and_what_to_do() {
    for (number, code, says) in [
        (ffi::SQLITE_BUSY, ErrorCode::Unavailable, "another process"),
        (
            ffi::SQLITE_BUSY_SNAPSHOT,
            ErrorCode::Unavailable,
            "another process",
        ),
        (ffi::SQLITE_FULL, ErrorCode::Unavailable, "disk is full"),
        (
            ffi::SQLITE_READONLY,
            ErrorCode::Unavailable,
            "can't be written",
        ),
        (
            ffi::SQLITE_READONLY_DBMOVED,
            ErrorCode::Unavailable,
            "can't be written",
        ),
        (
            ffi::SQLITE_CANTOPEN,
            ErrorCode::Unavailable,
            "can't be opened",
        ),
        (ffi::SQLITE_PERM, ErrorCode::Unavailable, "can't be opened"),
        (
            ffi::SQLITE_IOERR_WRITE,
            ErrorCode::Unavailable,
            "disk failed",
        ),
        (
            ffi::SQLITE_IOERR_FSYNC,
            ErrorCode::Unavailable,
            "disk failed",
        ),
        (
            ffi::SQLITE_NOTADB,
            ErrorCode::Unavailable,
            "not a keywright database",
        ),
        (ffi::SQLITE_CORRUPT, ErrorCode::Unavailable, "damaged"),
        (ffi::SQLITE_NOMEM, ErrorCode::Unavailable, "memory"),
        (
            ffi::SQLITE_CONSTRAINT_UNIQUE,
            ErrorCode::AlreadyExists,
            "already",
        ),
        (
            ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ErrorCode::AlreadyExists,
            "already",
        ),
        (
            ffi::SQLITE_CONSTRAINT_NOTNULL,
            ErrorCode::Internal,
            "refused",
        ),
        (ffi::SQLITE_MISUSE, ErrorCode::Internal, "refused"),
    ] {
        let failure = rusqlite::Error::SqliteFailure(
            ffi::Error::new(number),
            Some("near \"kw_live_secret\": syntax error".to_owned()),
        );
        let told = error::sqlite(&failure);
        assert_eq!(told.code, code, "{number}: {told:?}");
        assert!(told.message.contains(says), "{number}: {told:?}");
        // What SQLite quotes could be anything.
        assert!(!format!("{told:?}").contains("kw_live_secret"));
    }
}

#[test]
fn a_lost_write_to_the_disk_is_told_from_other_failures() {
    let failure = |number| rusqlite::Error::SqliteFailure(ffi::Error::new(number), None);
    assert!(error::lost_sync(&failure(ffi::SQLITE_IOERR_FSYNC)));
    assert!(!error::lost_sync(&failure(ffi::SQLITE_IOERR_WRITE)));
    assert!(error::is_busy(&failure(ffi::SQLITE_BUSY_RECOVERY)));
    assert!(!error::is_busy(&failure(ffi::SQLITE_FULL)));
}

#[test]
fn each_failure_of_the_file_system_says_what_to_do() {
    for (kind, says) in [
        (io::ErrorKind::NotFound, "make the folder"),
        (io::ErrorKind::PermissionDenied, "permissions"),
        (io::ErrorKind::StorageFull, "make room"),
        (io::ErrorKind::ReadOnlyFilesystem, "read-only"),
        (io::ErrorKind::Other, "system's log"),
    ] {
        let told = error::file("it can't be read:", Path::new("store.db"), &kind.into());
        assert_eq!(told.code, ErrorCode::Unavailable);
        assert!(told.message.contains("store.db"));
        assert!(told.hint.unwrap().contains(says));
    }
}
