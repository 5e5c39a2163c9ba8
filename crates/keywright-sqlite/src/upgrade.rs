//! Takes a store of an older schema to the one that this program writes, and only when asked to.
//! All steps are one transaction, so an interruption leaves the old store.

use crate::connect::{self, patiently};
use crate::error::{OrError, is_busy};
use crate::log::{self, LockedFile};
use crate::open;
use crate::schema;
use keywright_core::{Error, ErrorCode, Result};
use rusqlite::Connection;
use std::path::Path;

/// One step from a schema to the next.
struct Migration {
    from: i32,
    run: fn(&Connection) -> rusqlite::Result<()>,
}

/// Every step that there is, oldest first. Version 1 is the first.
const MIGRATIONS: &[Migration] = &[];

/// What an upgrade did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpgradeReport {
    /// The schema that the store had.
    pub from: u32,
    /// The schema that it has now.
    pub to: u32,
    /// Whether anything was done.
    pub changed: bool,
}

/// Takes the store in this file to the schema that this program writes.
///
/// # Errors
/// [`ErrorCode::SchemaVersion`] for a store of a newer program; [`ErrorCode::Unavailable`] if there
/// is none, or if something has it open. It is left as it was then.
pub fn upgrade(path: &Path) -> Result<UpgradeReport> {
    run(path, schema::VERSION, MIGRATIONS)
}

fn run(path: &Path, to: i32, migrations: &[Migration]) -> Result<UpgradeReport> {
    let path = open::settle_path(path)?;
    if !open::exists(&path) {
        return Err(open::no_store(&path));
    }
    let from = open::version_of(&path)?;
    if is_current(from, to)? {
        return Ok(report(from, to));
    }
    // Whoever opens a store takes this lock first.
    let log = LockedFile::open(log::path_beside(&path), false)?;
    let Some(_locked) = log else {
        return Err(Error::new(
            ErrorCode::Tampered,
            format!("the revocation log of {} is missing", path.display()),
        )
        .hint("put it back beside the database, or restore a backup; nothing was changed"));
    };
    let connection = connect::writer(&path)?;
    alone(&connection)?;
    open::write_ahead(&connection)?;
    patiently(|| connection.execute_batch("BEGIN IMMEDIATE")).or_error()?;
    let from = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .or_error()?;
    let mut at = from;
    while !is_current(at, to)? {
        let Some(step) = migrations.iter().find(|step| step.from == at) else {
            return Err(Error::new(
                ErrorCode::SchemaVersion,
                format!("this keywright can't read schema {at} any more"),
            )
            .hint("upgrade with an older version first; nothing was changed"));
        };
        (step.run)(&connection).or_error()?;
        at += 1;
        connection
            .execute_batch(&format!("PRAGMA user_version = {at}"))
            .or_error()?;
    }
    // A transaction that isn't committed is gone with its connection.
    connection.execute_batch("COMMIT").or_error()?;
    Ok(report(from, to))
}

fn is_current(from: i32, to: i32) -> Result<bool> {
    if from > to {
        return Err(open::newer(from));
    }
    Ok(from == to)
}

fn report(from: i32, to: i32) -> UpgradeReport {
    UpgradeReport {
        from: from.unsigned_abs(),
        to: to.unsigned_abs(),
        changed: from != to,
    }
}

/// Refuses a store that somebody else has open.
pub(crate) fn alone(connection: &Connection) -> Result<()> {
    if is_alone(connection).or_error()? {
        Ok(())
    } else {
        Err(in_use())
    }
}

pub(crate) fn in_use() -> Error {
    Error::new(ErrorCode::Unavailable, "the store is in use")
        .hint("stop every program that has it open, then try again; nothing was changed")
}

/// Takes the write-ahead log into the database, which works only if nobody else has it open.
pub(crate) fn is_alone(connection: &Connection) -> rusqlite::Result<bool> {
    let switched = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| {
        row.get::<_, String>(0)
    });
    match switched {
        Ok(mode) => Ok(mode == "delete"),
        Err(error) if is_busy(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SqliteOptions, SqliteStore};
    use keywright_testkit::TestStore;
    use std::path::PathBuf;

    const STEPS: &[Migration] = &[
        Migration {
            from: 1,
            run: |db| db.execute_batch("ALTER TABLE keys ADD COLUMN colour TEXT"),
        },
        Migration {
            from: 2,
            run: |db| db.execute_batch("CREATE TABLE colours (name TEXT NOT NULL) STRICT"),
        },
    ];
    const BREAKS: &[Migration] = &[
        STEPS_0,
        Migration {
            from: 2,
            run: |db| db.execute_batch("UPDATE no_such_table SET a = 1"),
        },
    ];
    const STEPS_0: Migration = Migration {
        from: 1,
        run: |db| db.execute_batch("ALTER TABLE keys ADD COLUMN colour TEXT"),
    };

    fn open(path: &Path) -> SqliteStore {
        let (peppers, clock, random) = TestStore::parts(1);
        SqliteStore::open(SqliteOptions {
            path: path.to_owned(),
            peppers,
            clock,
            random,
            brand: None,
            create: true,
        })
        .unwrap()
    }

    fn store() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keywright.db");
        drop(open(&path));
        (folder, path)
    }

    fn colour(path: &Path) -> bool {
        let connection = connect::glance(path).unwrap();
        connection.prepare("SELECT colour FROM keys").is_ok()
    }

    #[test]
    fn all_steps_are_taken_in_order() {
        let (_folder, path) = store();
        let report = run(&path, 3, STEPS).unwrap();
        assert_eq!((report.from, report.to, report.changed), (1, 3, true));
        assert_eq!(open::version_of(&path).unwrap(), 3);
        assert!(colour(&path));
    }

    #[test]
    fn a_store_that_is_in_use_is_refused_and_stays_as_it_was() {
        let (_folder, path) = store();
        let user = open(&path);
        let refusal = run(&path, 3, STEPS).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Unavailable);
        assert!(refusal.message.contains("in use"), "{refusal}");
        drop(user);
        assert_eq!(open::version_of(&path).unwrap(), 1);
        assert!(run(&path, 3, STEPS).is_ok());
    }

    #[test]
    fn a_step_that_fails_leaves_the_old_store() {
        let (_folder, path) = store();
        assert!(run(&path, 3, BREAKS).is_err());
        assert_eq!(open::version_of(&path).unwrap(), 1);
        assert!(!colour(&path));
        drop(open(&path));
    }

    #[test]
    fn a_schema_that_no_step_leads_from_is_refused() {
        let (_folder, path) = store();
        let refusal = run(&path, 3, &STEPS[..1]).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::SchemaVersion);
        assert_eq!(open::version_of(&path).unwrap(), 1);
    }
}
