//! Threads that read, each with a connection of its own: so many at the same time and no more.

use crate::error::{Meaning, closed, internal};
use crate::link::{Link, Trouble};
use crate::session::Session;
use crate::writer::Shared;
use futures_channel::oneshot;
use keywright_core::store::{Found, Lookup, ReadOperation};
use keywright_core::{Error, ErrorCode, Result};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long something may wait for a connection to be free.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an answer may take where somebody's request waits for it.
const FINDING: Duration = Duration::from_secs(4);
/// So much may wait. Whoever comes then is told at once.
const MOST_WAITING: usize = 10_000;
/// How often something is read anew where that may help.
const TRIES: u32 = 4;

/// One view of all tables. It can't be in the way of those that write.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// What is read, and where the answer goes.
enum Job {
    Read(ReadOperation, oneshot::Sender<Result<()>>),
    Find(Lookup, oneshot::Sender<Result<Option<Found>>>),
}

impl Job {
    fn refuse(self, error: Error) {
        match self {
            Self::Read(_, reply) => drop(reply.send(Err(error))),
            Self::Find(_, reply) => drop(reply.send(Err(error))),
        }
    }

    /// Whether whoever asked has gone.
    fn is_forgotten(&self) -> bool {
        match self {
            Self::Read(_, reply) => reply.is_canceled(),
            Self::Find(_, reply) => reply.is_canceled(),
        }
    }
}

/// The threads.
#[derive(Default)]
pub(crate) struct Readers {
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
}

#[derive(Default)]
struct QueueState {
    jobs: VecDeque<(Instant, Job)>,
    idle: usize,
    /// They are started under the same lock under which the queue is closed: none is started after.
    threads: Vec<JoinHandle<()>>,
    closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Readers {
    /// Runs an operation on one of the threads.
    pub(crate) async fn read(&self, shared: &Arc<Shared>, operation: ReadOperation) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.hand_over(shared, Job::Read(operation, reply))?;
        answer.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Looks a version up on one of the threads.
    pub(crate) async fn find(&self, shared: &Arc<Shared>, lookup: Lookup) -> Result<Option<Found>> {
        let (reply, answer) = oneshot::channel();
        self.hand_over(shared, Job::Find(lookup, reply))?;
        answer.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Hands a job over; starts a thread if all are busy.
    fn hand_over(&self, shared: &Arc<Shared>, job: Job) -> Result<()> {
        {
            let mut state = self.queue.state();
            if state.closed {
                return Err(closed());
            }
            if state.jobs.len() >= MOST_WAITING {
                return Err(too_busy());
            }
            if state.idle <= state.jobs.len() {
                self.start_one(&mut state, shared)?;
            }
            state.jobs.push_back((Instant::now(), job));
        }
        self.queue.changed.notify_one();
        Ok(())
    }

    fn start_one(&self, state: &mut QueueState, shared: &Arc<Shared>) -> Result<()> {
        if state.threads.len() >= shared.base.address.pool() {
            return Ok(());
        }
        let (queue, shared) = (Arc::clone(&self.queue), Arc::clone(shared));
        let started = std::thread::Builder::new()
            .name("keywright-reader".to_owned())
            .spawn(move || serve(&queue, &shared));
        match started {
            Ok(thread) => state.threads.push(thread),
            Err(_) if state.threads.is_empty() => {
                return Err(internal("the system gives no thread for reading"));
            }
            Err(_) => {}
        }
        Ok(())
    }

    /// Lets the threads finish what waits, and waits for their end.
    pub(crate) fn close(&self) {
        let threads = {
            let mut state = self.queue.state();
            state.closed = true;
            std::mem::take(&mut state.threads)
        };
        self.queue.changed.notify_all();
        for thread in threads {
            let _ = thread.join();
        }
    }

    /// Lets go of threads that are the parent process's.
    pub(crate) fn forget(&self) {
        if let Ok(mut state) = self.queue.state.try_lock() {
            std::mem::forget(std::mem::take(&mut state.threads));
            std::mem::forget(std::mem::take(&mut state.jobs));
        }
    }
}

fn serve(queue: &Queue, shared: &Shared) {
    let mut kept = None;
    loop {
        let (since, job) = {
            let mut state = queue.state();
            loop {
                if let Some(job) = state.jobs.pop_front() {
                    break job;
                }
                if state.closed {
                    drop(state);
                    if let Some(link) = kept {
                        Link::close(link);
                    }
                    return;
                }
                state.idle += 1;
                state = queue
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.idle -= 1;
            }
        };
        if job.is_forgotten() {
            continue;
        }
        if since.elapsed() > PATIENCE {
            job.refuse(too_busy());
            continue;
        }
        match job {
            Job::Read(mut operation, reply) => {
                let outcome = again(&mut kept, shared, |link| read(link, shared, &mut operation));
                // What an operation holds goes before its caller hears.
                drop(operation);
                let _ = reply.send(outcome);
            }
            Job::Find(lookup, reply) => {
                let find = |link: &mut Link| {
                    link.wait_for(Some(FINDING));
                    let mut session = Session::new(link, &shared.base);
                    let found = session.find_version(&lookup);
                    let trouble = session.take_trouble();
                    link.wait_for(None);
                    (found, trouble)
                };
                let _ = reply.send(again(&mut kept, shared, find));
            }
        }
    }
}

/// Asks something that changes nothing, and once more on a new connection where an old one has
/// broken meanwhile.
fn again<T>(
    kept: &mut Option<Link>,
    shared: &Shared,
    mut ask: impl FnMut(&mut Link) -> (Result<T>, Option<Trouble>),
) -> Result<T> {
    let mut tries = 0;
    loop {
        let old = kept.take().filter(|link| !link.is_broken());
        let was_kept = old.is_some();
        let mut link = match old {
            Some(link) => link,
            None => shared.base.connect()?,
        };
        let asked = catch_unwind(AssertUnwindSafe(|| ask(&mut link)));
        // After a panic the next one begins with a sound connection.
        let (outcome, trouble) = asked.map_err(|_| internal("an operation panicked"))?;
        let has_hung = link.has_hung();
        if !link.is_broken() {
            *kept = Some(link);
        }
        tries += 1;
        if let (Some(trouble), true) = (&trouble, has_hung) {
            // Nobody else waits as long for the same.
            shared.base.gate.shut(&trouble.error);
            return Err(trouble.error.clone());
        }
        match trouble {
            None => {
                shared.base.gate.open();
                return outcome;
            }
            Some(trouble) => match trouble.meaning {
                Meaning::Lost if was_kept && tries < TRIES => {}
                Meaning::Conflict if tries < TRIES => {}
                _ => return Err(trouble.error),
            },
        }
    }
}

/// One operation over one view.
fn read(
    link: &mut Link,
    shared: &Shared,
    operation: &mut ReadOperation,
) -> (Result<()>, Option<Trouble>) {
    if let Err(trouble) = link.batch(BEGIN) {
        return (Err(trouble.error.clone()), Some(trouble));
    }
    let mut session = Session::new(link, &shared.base);
    let outcome = session.begin().and_then(|()| operation(&mut session));
    let trouble = session.take_trouble();
    if !link.is_broken() && link.batch("ROLLBACK").is_err() {
        link.give_up();
    }
    (outcome, trouble)
}

fn lost() -> Error {
    internal("a reader stopped without an answer")
}

fn too_busy() -> Error {
    Error::new(
        ErrorCode::Unavailable,
        "too much waits for the database to be read",
    )
    .hint("look at the database's load, or give `pool=` in the URL a larger number")
}
