//! One writing transaction. It holds the lock of the table `writing` from before its view begins
//! until after its commit: so each sees all that the one before has done, on whichever server that
//! was, and no two are ever at work at the same time. On top of that it is SERIALIZABLE, for what
//! others may write by hand.

use crate::error::{Meaning, internal, tampered};
use crate::link::{Link, Trouble};
use crate::log::{self, Sealed};
use crate::session::{Effects, Session};
use crate::writer::Shared;
use keywright_core::store::WriteOperation;
use keywright_core::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// `LOCK` takes no view: that begins with the first question after it.
const BEGIN: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE writing IN EXCLUSIVE MODE";
/// A commit that waits for a standby must not be cut off: it could not be told any more from one
/// that has reached it.
const COMMIT: &str = "SET LOCAL statement_timeout = 0; COMMIT";
const MARK: &str = "INSERT INTO writers (n, last, at) OVERRIDING SYSTEM VALUE \
    VALUES ($1, $2, now()) ON CONFLICT (n) DO UPDATE SET last = excluded.last, at = excluded.at";

/// By what this server recognises its own transaction later: its number as a writer, and the
/// transaction's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) writer: i64,
    pub(crate) number: i64,
}

/// What became of each operation, and what it did beside.
pub(crate) struct Committed {
    pub(crate) outcomes: Vec<Result<()>>,
    /// Places of the operations that took something away, and what they did.
    pub(crate) narrowing: Vec<(usize, Effects)>,
    pub(crate) new_scheme: bool,
    /// The entries of the revocation log, and the place of the first.
    pub(crate) entries: (u64, Vec<Sealed>),
}

/// How an attempt at a transaction failed.
pub(crate) enum Attempt {
    /// Nothing of it took place.
    Nothing(Trouble),
    /// The only operation failed by itself.
    Alone(Error),
    /// No answer came to `COMMIT`: this is what took place, if it did.
    Unanswered(Trouble, Box<Committed>),
}

impl From<Trouble> for Attempt {
    fn from(trouble: Trouble) -> Self {
        Self::Nothing(trouble)
    }
}

/// Runs the whole transaction.
pub(crate) fn run(
    shared: &Shared,
    link: &mut Link,
    operations: &mut [WriteOperation],
    mark: Mark,
) -> Result<Committed, Attempt> {
    let worked = link
        .batch(BEGIN)
        .map_err(Attempt::from)
        .and_then(|()| work(shared, link, operations, mark));
    let committed = match worked {
        Ok(committed) => committed,
        Err(attempt) => {
            roll_back(link);
            return Err(attempt);
        }
    };
    match link.batch(COMMIT) {
        Ok(()) => Ok(committed),
        Err(trouble) if trouble.meaning == Meaning::Lost => {
            Err(Attempt::Unanswered(trouble, Box::new(committed)))
        }
        // A commit that is refused has not taken place.
        Err(trouble) => {
            roll_back(link);
            Err(trouble.into())
        }
    }
}

/// Ends a transaction that came to nothing.
pub(crate) fn roll_back(link: &Link) {
    if !link.is_broken() && link.batch("ROLLBACK").is_err() {
        link.give_up();
    }
}

fn work(
    shared: &Shared,
    link: &mut Link,
    operations: &mut [WriteOperation],
    mark: Mark,
) -> Result<Committed, Attempt> {
    let base = &shared.base;
    let mut session = Session::new(link, base);
    if let Err(error) = session.begin() {
        return Err(Attempt::Nothing(trouble_of(&mut session, error)));
    }
    let mut committed = Committed {
        outcomes: Vec::with_capacity(operations.len()),
        narrowing: Vec::new(),
        new_scheme: false,
        entries: (0, Vec::new()),
    };
    let mut narrowed = Vec::new();
    let alone = operations.len() == 1;
    for (place, operation) in operations.iter_mut().enumerate() {
        let outcome = if alone {
            attempt(&mut session, operation)?
        } else {
            in_savepoint(&mut session, operation)?
        };
        let effects = std::mem::take(&mut session.effects);
        match &outcome {
            Err(error) if alone => return Err(Attempt::Alone(error.clone())),
            Err(_) => {}
            Ok(()) => {
                committed.new_scheme |= effects.new_scheme;
                if !effects.narrowed.is_empty() {
                    narrowed.extend_from_slice(&effects.narrowed);
                    committed.narrowing.push((place, effects));
                }
            }
        }
        committed.outcomes.push(outcome);
    }
    if !narrowed.is_empty() {
        let (first, entries) = base.log.seal(&narrowed).map_err(Attempt::Alone)?;
        put_in(session.link, first, &entries)?;
        committed.entries = (first, entries);
    }
    session.link.execute(MARK, &[&mark.writer, &mark.number])?;
    Ok(committed)
}

/// Puts entries into the revocation log. A trigger may keep them out of it: then nothing is changed.
pub(crate) fn put_in(link: &mut Link, first: u64, entries: &[Sealed]) -> Result<(), Trouble> {
    let places = (first..).take(entries.len());
    let places: Vec<i64> = places.map(crate::codec::integer).collect();
    let entries: Vec<&[u8]> = entries.iter().map(<[u8; _]>::as_slice).collect();
    let added = link.execute(log::INSERT, &[&places, &entries])?;
    if added == entries.len() as u64 {
        return Ok(());
    }
    Err(Trouble {
        meaning: Meaning::Refused,
        error: tampered("revocation log", "(table `revocations`)"),
    })
}

/// Runs one operation in a savepoint of its own. What it did stays only if it succeeds.
fn in_savepoint(
    session: &mut Session<'_>,
    operation: &mut WriteOperation,
) -> Result<Result<()>, Attempt> {
    session.link.batch("SAVEPOINT operation")?;
    let outcome = attempt(session, operation)?;
    session.link.batch(match outcome {
        Ok(()) => "RELEASE operation",
        Err(_) => "ROLLBACK TO operation; RELEASE operation",
    })?;
    Ok(outcome)
}

/// Runs one operation. Where another transaction was in the way, or the connection is gone, all of
/// the transaction is void; what else the database refuses is this operation's failure, even if it
/// overlooked it.
fn attempt(
    session: &mut Session<'_>,
    operation: &mut WriteOperation,
) -> Result<Result<()>, Attempt> {
    let outcome = catch_unwind(AssertUnwindSafe(|| operation(session)))
        .unwrap_or_else(|_| Err(internal("an operation panicked; it was rolled back")));
    match session.take_trouble() {
        Some(trouble) if trouble.meaning != Meaning::Refused => Err(trouble.into()),
        Some(trouble) => Ok(outcome.and(Err(trouble.error))),
        None => Ok(outcome),
    }
}

fn trouble_of(session: &mut Session<'_>, error: Error) -> Trouble {
    session.take_trouble().unwrap_or(Trouble {
        meaning: Meaning::Refused,
        error,
    })
}
