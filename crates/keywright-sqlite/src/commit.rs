//! Group commit: a batch of operations gets one transaction, then the revocation log is brought up
//! to date, then each operation is answered. What an answer says where something goes wrong.

use crate::connect::{self, patiently};
use crate::error::{OrError, lost_sync, sqlite, unconfirmed};
use crate::meta;
use crate::outbox;
use crate::session::Narrowed;
use crate::touch::{self, Uses};
use crate::transaction::{self, Attempt, Committed, Failure, read_schemes};
use crate::writer::{Reply, Shared};
use keywright_core::revocation::Entry;
use keywright_core::store::WriteOperation;
use keywright_core::{Error, ErrorCode, Result};
use rusqlite::Connection;
use std::sync::Arc;

/// Operations that share a transaction.
#[derive(Default)]
pub(crate) struct Batch(Vec<Pending>);

struct Pending {
    operation: WriteOperation,
    reply: Reply,
}

impl Batch {
    pub(crate) fn add(&mut self, operation: WriteOperation, reply: Reply) {
        self.0.push(Pending { operation, reply });
    }
}

/// The writing side of a store.
pub(crate) struct Writing {
    shared: Arc<Shared>,
    /// Absent after a failure that left it in doubt; it is opened again when it is needed.
    connection: Option<Connection>,
    /// Outbox lines that the log has on disk: the next transaction takes them out.
    published: Vec<i64>,
    /// Changes whenever another connection has written. Each connection counts by itself: absent
    /// for one that has not been asked yet.
    data_version: Option<i64>,
}

impl Writing {
    pub(crate) fn new(shared: Arc<Shared>, connection: Connection) -> Result<Self> {
        let mut writing = Self {
            shared,
            connection: Some(connection),
            published: Vec::new(),
            data_version: None,
        };
        writing.look_after_schemes()?;
        Ok(writing)
    }

    /// Carries a batch out and answers each of its operations.
    pub(crate) fn commit(&mut self, batch: Batch) {
        let (mut operations, replies): (Vec<_>, Vec<_>) = batch
            .0
            .into_iter()
            .map(|it| (it.operation, it.reply))
            .unzip();
        if operations.is_empty() {
            return;
        }
        let outcomes = match self.attempt(&mut operations, &Uses::new()) {
            Ok(outcomes) => outcomes,
            Err(Failure::GivenUp(_)) if operations.len() > 1 => operations
                .iter_mut()
                .map(|operation| self.alone(operation))
                .collect(),
            Err(failure) => vec![Err(failure.into()); operations.len()],
        };
        // What an operation holds goes before its caller hears: the caller may let go of the store
        // at once, and the last to do so must not be this thread.
        drop(operations);
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            let _ = reply.send(outcome);
        }
    }

    fn alone(&mut self, operation: &mut WriteOperation) -> Result<()> {
        match self.attempt(std::slice::from_mut(operation), &Uses::new()) {
            Ok(mut outcomes) => outcomes.pop().unwrap_or(Ok(())),
            Err(failure) => Err(failure.into()),
        }
    }

    /// One transaction: housekeeping, last uses, and each operation in its own savepoint.
    fn attempt(
        &mut self,
        operations: &mut [WriteOperation],
        uses: &Uses,
    ) -> Result<Vec<Result<()>>, Failure> {
        let shared = Arc::clone(&self.shared);
        shared.base.check_file().map_err(Failure::Nothing)?;
        let connection = self.take_connection().map_err(Failure::Nothing)?;
        #[cfg(test)]
        transaction::limit_pages(&shared, &connection);
        let committed = transaction::run(&shared, &connection, operations, uses, &self.published);
        let (committed, doubtful) = match committed {
            Ok(committed) => (Ok(committed), false),
            Err(Attempt::Failed(failure)) => (Err(failure), false),
            Err(Attempt::CommitFailed(error)) => {
                drop(connection);
                return Err(self.settle(&error));
            }
            Err(Attempt::Doubtful(error)) => (Err(Failure::Nothing(error)), true),
        };
        if !doubtful {
            self.connection = Some(connection);
        }
        let mut committed = committed?;
        self.published.clear();
        self.publish(&mut committed);
        Ok(committed.outcomes)
    }

    /// Brings what was taken away into the log. The change itself has taken effect.
    fn publish(&mut self, committed: &mut Committed) {
        let narrowed = committed
            .narrowing
            .iter()
            .flat_map(|(_, effects)| &effects.narrowed);
        let (lines, entries): (Vec<i64>, Vec<Entry>) = narrowed
            .map(|narrowed| (narrowed.outbox, narrowed.entry.clone()))
            .unzip();
        if entries.is_empty() {
            return;
        }
        match self.shared.base.bring_into_log(&entries) {
            Ok(()) => self.published.extend(lines),
            Err(error) => {
                tracing::error!(target: "keywright", "the revocation log can't be written: {}", error.message);
                // A new secret is in its answer and nowhere else: without it a rotation for a leak
                // would leave nobody a secret that is any good.
                let told = committed
                    .narrowing
                    .iter()
                    .filter(|(_, effects)| !effects.new_secret);
                for (place, _) in told {
                    committed.outcomes[*place] = Err(not_in_the_log_yet(&error));
                }
            }
        }
    }

    /// After a commit that failed: its pages may lie in the write-ahead log, where a crash could
    /// bring them to life. A further commit overwrites them, and then nothing has happened for sure.
    fn settle(&mut self, failure: &rusqlite::Error) -> Failure {
        let told = sqlite(failure);
        let settled = (|| {
            if lost_sync(failure) {
                return None;
            }
            let connection = connect::writer(&self.shared.base.path).ok()?;
            patiently(|| connection.execute_batch("BEGIN IMMEDIATE")).ok()?;
            let sql = "UPDATE meta SET value = value + 1 WHERE name = ?1";
            connection.execute(sql, [meta::SETTLED]).ok()?;
            connection.execute_batch("COMMIT").ok()?;
            Some(connection)
        })();
        let known = settled.is_some();
        self.connection = settled;
        self.data_version = None;
        if lost_sync(failure) {
            self.shared.base.give_up(unconfirmed());
        }
        let message = if known {
            format!("{}; nothing was changed", told.message)
        } else {
            format!(
                "{}; it is not known whether the change took effect",
                told.message
            )
        };
        let error = Error {
            message,
            code: ErrorCode::Unavailable,
            ..told
        };
        if known {
            Failure::Nothing(error)
        } else {
            Failure::Unknown(error)
        }
    }

    /// Writes what is held back.
    pub(crate) fn flush(&mut self) -> Result<()> {
        let uses = self.shared.touches.take();
        if uses.is_empty() && self.published.is_empty() {
            return Ok(());
        }
        match self.attempt(&mut [], &uses) {
            Ok(_) => Ok(()),
            Err(failure) => {
                // Rather a second's uses that aren't counted than some that are counted twice.
                let uses = match &failure {
                    Failure::Unknown(_) => touch::without_counts(uses),
                    Failure::Nothing(_) | Failure::GivenUp(_) => uses,
                };
                self.shared.touches.put_back(uses);
                Err(failure.into())
            }
        }
    }

    /// What is to be done from time to time, and fails quietly: it is tried again.
    pub(crate) fn tick(&mut self) {
        if let Err(error) = self.shared.base.check_file() {
            return not_looked_after(&error);
        }
        // What fails keeps nothing else from being done.
        for done in [self.look_after_schemes(), self.clear_outbox(), self.flush()] {
            if let Err(error) = done {
                not_looked_after(&error);
            }
        }
    }

    /// Notices what other processes have imported.
    fn look_after_schemes(&mut self) -> Result<()> {
        let connection = self.take_connection()?;
        let read = (|| {
            let version = connection
                .query_row("PRAGMA data_version", [], |row| row.get(0))
                .or_error()?;
            if self.data_version != Some(version) {
                read_schemes(&self.shared, &connection)?;
                self.data_version = Some(version);
            }
            Ok(())
        })();
        self.connection = Some(connection);
        read
    }

    /// Brings into the log what another process left in the outbox when it died.
    fn clear_outbox(&mut self) -> Result<()> {
        let connection = self.take_connection()?;
        let waiting = outbox::read(&connection, &self.shared.base);
        self.connection = Some(connection);
        let waiting: Vec<Narrowed> = waiting?
            .into_iter()
            .filter(|it| !self.published.contains(&it.outbox))
            .collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let entries: Vec<Entry> = waiting.iter().map(|it| it.entry.clone()).collect();
        self.shared.base.bring_into_log(&entries)?;
        self.published.extend(waiting.iter().map(|it| it.outbox));
        Ok(())
    }

    /// Writes what is held back and gives the connection up. Whoever closed the store has asked for
    /// a flush before, and heard of what can't be written.
    pub(crate) fn finish(&mut self) {
        let _ = self.flush();
        if self.clear_outbox().is_ok() {
            // That may have brought something into the log: now the database hears of it.
            let _ = self.flush();
        }
        if let Some(connection) = self.connection.take() {
            let _ = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    fn take_connection(&mut self) -> Result<Connection> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        self.data_version = None;
        connect::writer(&self.shared.base.path)
    }
}

fn not_looked_after(error: &Error) {
    tracing::warn!(target: "keywright", "the store could not be looked after: {}", error.message);
}

/// What is told of a change that only the log doesn't know of.
fn not_in_the_log_yet(error: &Error) -> Error {
    Error::new(
        error.code,
        format!(
            "the change has taken effect, but is not in the revocation log yet: {}",
            error.message
        ),
    )
    .hint("it is kept and goes there by itself; look at the disk that the log is on")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open;
    use crate::tests::group::{options, store};
    use futures_executor::block_on;
    use keywright_core::store::{ForeignScheme, Store};

    #[test]
    fn what_others_have_imported_is_noticed_also_on_a_connection_that_was_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let other = store(&folder);
        let (base, connection) = open::open(&options(&folder)).unwrap();
        let shared = Arc::new(Shared::new(base));
        let mut writing = Writing::new(Arc::clone(&shared), connection).unwrap();
        let scheme = ForeignScheme {
            name: "sha256".to_owned(),
            sealed_key: None,
        };
        let note = scheme.clone();
        block_on(other.write(Box::new(move |tx| tx.put_foreign_scheme(&note)))).unwrap();
        writing.connection = None;
        writing.tick();
        assert_eq!(*shared.schemes(), [scheme]);
    }
}
