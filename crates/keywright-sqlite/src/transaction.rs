//! One transaction on the writing connection: housekeeping, last uses, and each operation in a
//! savepoint of its own.

use crate::connect::patiently;
use crate::error::{OrError, internal, is_busy, sqlite};
use crate::meta;
use crate::outbox;
use crate::session::{Effects, Session};
use crate::touch::{self, Uses};
use crate::writer::Shared;
use keywright_core::store::{Rows, WriteOperation};
use keywright_core::{Error, Result};
use rusqlite::{Connection, params};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// How a transaction failed as a whole.
pub(crate) enum Failure {
    /// Nothing of it took place, and it is over.
    Nothing(Error),
    /// SQLite gave it up in the middle: each operation may still do on its own.
    GivenUp(Error),
    /// Whether it took place can't be found out.
    Unknown(Error),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Nothing(error) | Failure::GivenUp(error) | Failure::Unknown(error) => error,
        }
    }
}

/// What became of each operation, and what the log has to take.
pub(crate) struct Committed {
    pub(crate) outcomes: Vec<Result<()>>,
    /// Places of the operations that took something away, and what they did.
    pub(crate) narrowing: Vec<(usize, Effects)>,
}

/// How one attempt at a transaction failed.
pub(crate) enum Attempt {
    Failed(Failure),
    /// `COMMIT` itself failed.
    CommitFailed(rusqlite::Error),
    /// The connection is in a state that nobody knows.
    Doubtful(Error),
}

/// Runs the whole transaction.
pub(crate) fn run(
    shared: &Shared,
    connection: &Connection,
    operations: &mut [WriteOperation],
    uses: &Uses,
    published: &[i64],
) -> Result<Committed, Attempt> {
    let nothing = |error: Error| Attempt::Failed(Failure::Nothing(error));
    patiently(|| connection.execute_batch("BEGIN IMMEDIATE"))
        .map_err(|error| nothing(sqlite(&error)))?;
    let worked = work(shared, connection, operations, uses, published);
    if connection.is_autocommit() {
        let error = worked
            .err()
            .unwrap_or_else(|| internal("a transaction ended by itself"));
        return Err(Attempt::Failed(Failure::GivenUp(error)));
    }
    let (committed, new_scheme) = match worked {
        Ok(worked) => worked,
        Err(error) => {
            return Err(match connection.execute_batch("ROLLBACK") {
                Ok(()) => nothing(error),
                Err(_) => Attempt::Doubtful(error),
            });
        }
    };
    if let Err(error) = patiently(|| connection.execute_batch("COMMIT")) {
        if is_busy(&error) && connection.execute_batch("ROLLBACK").is_ok() {
            return Err(nothing(sqlite(&error)));
        }
        return Err(Attempt::CommitFailed(error));
    }
    shared.transactions.fetch_add(1, Ordering::Relaxed);
    tracing::trace!(target: "keywright", operations = operations.len(), uses = uses.len(), "committed");
    if new_scheme && let Err(error) = read_schemes(shared, connection) {
        tracing::warn!(target: "keywright", "imported kinds can't be read: {}", error.message);
    }
    Ok(committed)
}

fn work(
    shared: &Shared,
    connection: &Connection,
    operations: &mut [WriteOperation],
    uses: &Uses,
    published: &[i64],
) -> Result<(Committed, bool)> {
    let base = &shared.base;
    let mut session = Session::begin(connection, base)?;
    if !published.is_empty() {
        outbox::remove(connection, published).or_error()?;
        let entries = crate::codec::integer(base.log.confirmed());
        session.run(
            "UPDATE meta SET value = ?2 WHERE name = ?1 AND value < ?2",
            params![meta::LOG_ENTRIES, entries],
        )?;
    }
    touch::write(connection, uses).or_error()?;
    let mut committed = Committed {
        outcomes: Vec::with_capacity(operations.len()),
        narrowing: Vec::new(),
    };
    let mut new_scheme = false;
    for (place, operation) in operations.iter_mut().enumerate() {
        let outcome = in_savepoint(&mut session, operation);
        if connection.is_autocommit() {
            return Err(outcome
                .err()
                .unwrap_or_else(|| internal("a transaction ended by itself")));
        }
        let effects = std::mem::take(&mut session.effects);
        if outcome.is_ok() {
            new_scheme |= effects.new_scheme;
            if !effects.narrowed.is_empty() {
                committed.narrowing.push((place, effects));
            }
        }
        committed.outcomes.push(outcome);
    }
    Ok((committed, new_scheme))
}

/// Runs one operation. What it did stays only if it succeeds.
fn in_savepoint(session: &mut Session<'_>, operation: &mut WriteOperation) -> Result<()> {
    let connection = session.connection;
    connection.execute_batch("SAVEPOINT operation").or_error()?;
    let outcome = catch_unwind(AssertUnwindSafe(|| operation(session)))
        .unwrap_or_else(|_| Err(internal("an operation panicked; it was rolled back")));
    if connection.is_autocommit() {
        return outcome.and(Err(internal("a transaction ended by itself")));
    }
    if outcome.is_err() {
        connection
            .execute_batch("ROLLBACK TO operation")
            .or_error()?;
    }
    connection.execute_batch("RELEASE operation").or_error()?;
    outcome
}

#[cfg(test)]
pub(crate) fn limit_pages(shared: &Shared, connection: &Connection) {
    let pages = shared.most_pages.load(Ordering::SeqCst);
    if pages > 0 {
        let sql = format!("PRAGMA max_page_count = {pages}");
        let _ = connection.query_row(&sql, [], |_| Ok(()));
    }
}

/// Reads what kinds of imported secrets there are, for everybody.
pub(crate) fn read_schemes(shared: &Shared, connection: &Connection) -> Result<()> {
    let schemes = Session::begin(connection, &shared.base)?.foreign_schemes()?;
    let mut place = shared
        .schemes
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    *place = schemes.into();
    Ok(())
}
