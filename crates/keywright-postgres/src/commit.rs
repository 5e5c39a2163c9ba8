//! Group commit: a batch of operations gets one transaction, again where another was in the way, then
//! each is answered. What an answer says where something goes wrong, and what is done from time to
//! time.

use crate::error::{Meaning, lost};
use crate::link::{Link, Trouble};
use crate::session::Session;
use crate::transaction::{self, Attempt, Committed, Mark};
use crate::writer::{Reply, Shared};
use crate::{past, touch};
use keywright_core::store::{Rows, WriteOperation};
use keywright_core::{Error, ErrorCode, Result};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// How often a transaction is run again where others were in the way.
const TRIES: u32 = 8;
/// For how long it is asked what became of a commit that no answer came to.
const ASKING: Duration = Duration::from_secs(4);

/// Operations that share a transaction.
#[derive(Default)]
pub(crate) struct Batch(Vec<(WriteOperation, Reply)>);

impl Batch {
    pub(crate) fn add(&mut self, operation: WriteOperation, reply: Reply) {
        self.0.push((operation, reply));
    }
}

/// The writing side of a store.
pub(crate) struct Writing {
    shared: Arc<Shared>,
    /// Absent after a failure; it is made again when it is needed.
    link: Option<Link>,
    mark: Mark,
    /// Whether looking after the store failed when it was tried last.
    failing: bool,
}

impl Writing {
    pub(crate) fn new(shared: Arc<Shared>, link: Link, writer: i64) -> Result<Self> {
        let mut writing = Self {
            shared,
            link: Some(link),
            mark: Mark { writer, number: 0 },
            failing: false,
        };
        writing.save()?;
        writing.look_around()?;
        Ok(writing)
    }

    /// Carries a batch out and answers each of its operations.
    pub(crate) fn commit(&mut self, batch: Batch) {
        let (mut operations, replies): (Vec<_>, Vec<_>) = batch.0.into_iter().unzip();
        if operations.is_empty() {
            return;
        }
        let outcomes = self
            .attempt(&mut operations)
            .unwrap_or_else(|error| vec![Err(error); operations.len()]);
        // What an operation holds goes before its caller hears: the caller may let go of the store
        // at once, and the last to do so must not be this thread.
        drop(operations);
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            let _ = reply.send(outcome);
        }
    }

    /// One transaction, run again as long as that may help. An error is that of all operations.
    fn attempt(&mut self, operations: &mut [WriteOperation]) -> Result<Vec<Result<()>>> {
        let mut pause = Duration::from_millis(2);
        let mut tries = 0;
        loop {
            self.put_right()?;
            let (mut link, kept) = self.take_link()?;
            self.mark.number += 1;
            let shared = Arc::clone(&self.shared);
            let ran = transaction::run(&shared, &mut link, operations, self.mark);
            self.keep(link);
            let trouble = match ran {
                Ok(committed) => return Ok(self.publish(committed)),
                Err(Attempt::Alone(error)) => return Ok(vec![Err(error)]),
                Err(Attempt::Unanswered(trouble, committed)) => {
                    return self.find_out(&trouble.error, *committed);
                }
                Err(Attempt::Nothing(trouble)) => trouble,
            };
            tries += 1;
            let again = tries < TRIES
                && match trouble.meaning {
                    Meaning::Conflict => true,
                    // A connection that was idle may have broken long ago.
                    Meaning::Lost => kept && tries == 1,
                    // The log is put right before the next try.
                    Meaning::Refused => self.shared.base.log.is_taken_back() && tries == 1,
                };
            if !again {
                return Err(nothing_changed(trouble));
            }
            if trouble.meaning == Meaning::Conflict {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(200));
            }
        }
    }

    /// What the others and the server's own file hear of what was committed.
    fn publish(&mut self, committed: Committed) -> Vec<Result<()>> {
        let Committed {
            mut outcomes,
            narrowing,
            new_scheme,
            entries: (first, entries),
        } = committed;
        if !entries.is_empty() {
            let base = &self.shared.base;
            let saved = base.log.take_in_own(first, &entries);
            if let Err(error) = saved.and_then(|()| self.save()) {
                tracing::error!(target: "keywright", "the revocation log can't be written: {}", error.message);
                // A new secret is in its answer and nowhere else: without it a rotation for a leak
                // would leave nobody a secret that is any good.
                for (place, _) in narrowing.iter().filter(|(_, it)| !it.new_secret) {
                    outcomes[*place] = Err(not_in_the_file_yet(&error));
                }
            }
        }
        if new_scheme && let Err(error) = self.look_around() {
            tracing::warn!(target: "keywright", "imported kinds can't be read: {}", error.message);
        }
        outcomes
    }

    /// After a commit that no answer came to. Whoever holds the lock that it held knows that it is
    /// over, and its mark says how.
    fn find_out(&mut self, failure: &Error, committed: Committed) -> Result<Vec<Result<()>>> {
        let began = Instant::now();
        loop {
            match self.marked() {
                Ok(true) => return Ok(self.publish(committed)),
                Ok(false) => {
                    return Err(Error {
                        message: format!("{}; nothing was changed", failure.message),
                        ..failure.clone()
                    });
                }
                Err(_) if began.elapsed() < ASKING => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                Err(_) => break,
            }
        }
        Err(Error::new(
            ErrorCode::Unavailable,
            format!(
                "{}; it is not known whether the change took effect",
                failure.message
            ),
        )
        .hint("look at the key, or do the same again, once the database answers"))
    }

    /// Whether the last transaction of this writer took place.
    fn marked(&mut self) -> Result<bool> {
        let (mut link, _) = self.take_link()?;
        let read = (|| {
            link.batch("BEGIN; LOCK TABLE writing IN EXCLUSIVE MODE")?;
            link.query(
                "SELECT last FROM writers WHERE n = $1",
                &[&self.mark.writer],
            )
        })();
        transaction::roll_back(&link);
        self.keep(link);
        let last = read?.first().and_then(|row| row.try_get::<_, i64>(0).ok());
        Ok(last == Some(self.mark.number))
    }

    /// Writes what is held back.
    pub(crate) fn flush(&mut self) -> Result<()> {
        let uses = self.shared.touches.take();
        if uses.is_empty() {
            return Ok(());
        }
        let mut asked_to_commit = false;
        let wrote = self.with_link(|link| {
            if asked_to_commit {
                // It may have taken place: once more would count twice.
                return Err(lost());
            }
            let wrote = link
                .batch(touch::BEGIN)
                .and_then(|()| touch::write(link, &uses))
                .and_then(|()| {
                    asked_to_commit = true;
                    link.batch("COMMIT")
                });
            if wrote.is_err() {
                transaction::roll_back(link);
            }
            wrote.map_err(Error::from)
        });
        if wrote.is_err() {
            // Rather some uses that aren't counted than some that are counted twice.
            let uses = if asked_to_commit {
                touch::without_counts(uses)
            } else {
                uses
            };
            self.shared.touches.put_back(uses);
        }
        wrote
    }

    /// What is to be done from time to time, and fails quietly: it is tried again.
    pub(crate) fn tick(&mut self) {
        let done = self
            .put_right()
            .and_then(|()| self.look_around())
            .and_then(|()| self.save())
            .and_then(|()| self.flush());
        match &done {
            Ok(()) if self.failing => {
                tracing::info!(target: "keywright", "the store is looked after again");
            }
            // Once is enough: this comes twice in a second.
            Err(error) if !self.failing => {
                tracing::warn!(target: "keywright", "the store could not be looked after: {}", error.message);
            }
            _ => {}
        }
        self.failing = done.is_err();
    }

    /// Notices what other servers have revoked and imported.
    fn look_around(&mut self) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        let schemes = self.with_link(|link| {
            let mut session = Session::new(link, &shared.base);
            session.begin()?;
            session.foreign_schemes()
        })?;
        let mut place = shared
            .schemes
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *place = schemes.into();
        Ok(())
    }

    /// Tells a database that was taken back what was revoked since.
    fn put_right(&mut self) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        if !shared.base.log.is_taken_back() {
            return Ok(());
        }
        let all = self.with_link(|link| past::put_right(link, &shared.base))?;
        shared.base.log.save_all(&all)
    }

    /// Brings the server's own file up to what it has seen.
    fn save(&mut self) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        if shared.base.log.save()? {
            return Ok(());
        }
        tracing::debug!(target: "keywright", "the file of the revocation log is written anew");
        let all = self.with_link(|link| past::read_all(link, &shared.base).map(|(_, all)| all))?;
        shared.base.log.save_all(&all)
    }

    /// Writes what is held back and gives the connection up. Whoever closed the store has asked for
    /// a flush before, and heard of what can't be written.
    pub(crate) fn finish(&mut self) {
        let _ = self.flush();
        let _ = self.save();
        if let Some(mut link) = self.link.take() {
            let _ = link.execute("DELETE FROM writers WHERE n = $1", &[&self.mark.writer]);
            link.close();
        }
    }

    /// Does something with the connection that may be done again on a new one.
    fn with_link<T>(&mut self, mut work: impl FnMut(&mut Link) -> Result<T>) -> Result<T> {
        loop {
            let (mut link, kept) = self.take_link()?;
            let outcome = work(&mut link);
            let again = outcome.is_err() && kept && link.is_broken();
            self.keep(link);
            if !again {
                return outcome;
            }
        }
    }

    /// The connection, and whether it was used before.
    fn take_link(&mut self) -> Result<(Link, bool)> {
        if let Some(link) = self.link.take().filter(|link| !link.is_broken()) {
            return Ok((link, true));
        }
        let mut link = self.shared.base.connect()?;
        link.hold_open(self.shared.base.address.schema())?;
        Ok((link, false))
    }

    fn keep(&mut self, link: Link) {
        if !link.is_broken() {
            self.link = Some(link);
        }
    }
}

/// What is told of a transaction that came to nothing.
fn nothing_changed(trouble: Trouble) -> Error {
    let Trouble { meaning, error } = trouble;
    if meaning == Meaning::Refused || error.code != ErrorCode::Unavailable {
        return error;
    }
    Error {
        message: format!("{}; nothing was changed", error.message),
        ..error
    }
}

/// What is told of a change that only this server's file doesn't know of.
fn not_in_the_file_yet(error: &Error) -> Error {
    Error::new(
        error.code,
        format!(
            "the change has taken effect, but is not in this server's revocation log yet: {}",
            error.message
        ),
    )
    .hint("it is kept and goes there by itself; look at the disk that the log is on")
}
