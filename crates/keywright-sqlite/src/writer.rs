//! The thread that owns the writing connection. It takes all operations that wait, runs each in a
//! savepoint of one transaction, commits once, brings the revocation log up to date, and only then
//! answers. Once a second at most it also writes last uses and looks after the store.

use crate::base::Base;
use crate::commit::{Batch, Writing};
use crate::error::{closed, internal};
use crate::touch::Touches;
use futures_channel::oneshot;
use keywright_core::Result;
use keywright_core::store::{ForeignScheme, WriteOperation};
use rusqlite::Connection;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the writer looks after the store. Less than the second that is promised.
const TICK: Duration = Duration::from_millis(500);
/// At most so many operations share one transaction.
const MOST_AT_ONCE: usize = 1024;

/// Where an answer goes.
pub(crate) type Reply = oneshot::Sender<Result<()>>;

/// What the writer is asked to do.
pub(crate) enum Job {
    Write(WriteOperation, Reply),
    Flush(Reply),
    Close(Reply),
}

/// What the writer keeps up to date for everybody.
pub(crate) struct Shared {
    pub(crate) base: Base,
    pub(crate) touches: Touches,
    pub(crate) schemes: RwLock<Arc<[ForeignScheme]>>,
    /// How many transactions were committed.
    pub(crate) transactions: AtomicU64,
    /// So many pages the database may have, if this isn't 0: as if the disk were full then.
    #[cfg(test)]
    pub(crate) most_pages: std::sync::atomic::AtomicI64,
}

impl Shared {
    pub(crate) fn new(base: Base) -> Self {
        Self {
            base,
            touches: Touches::default(),
            schemes: RwLock::new(Arc::default()),
            transactions: AtomicU64::new(0),
            #[cfg(test)]
            most_pages: std::sync::atomic::AtomicI64::new(0),
        }
    }

    pub(crate) fn schemes(&self) -> Arc<[ForeignScheme]> {
        Arc::clone(&self.schemes.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The way to the writer's thread.
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(shared: Arc<Shared>, connection: Connection) -> Result<Self> {
        let (jobs, inbox) = mpsc::channel();
        let mut writing = Writing::new(shared, connection)?;
        let thread = std::thread::Builder::new()
            .name("keywright-writer".to_owned())
            .spawn(move || run(&mut writing, &inbox))
            .map_err(|_| internal("the system gives no thread for the writer"))?;
        Ok(Self {
            jobs,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Hands a job over and waits for its answer.
    pub(crate) async fn ask(&self, job: impl FnOnce(Reply) -> Job) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| closed())?;
        answer
            .await
            .unwrap_or_else(|_| Err(internal("the writer stopped without an answer")))
    }

    /// Lets the thread finish what it has, and waits for its end.
    pub(crate) fn stop(&self) {
        let (reply, _) = oneshot::channel();
        let _ = self.jobs.send(Job::Close(reply));
        self.join();
    }

    /// Waits for the thread's end.
    pub(crate) fn join(&self) {
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    /// Lets go of the thread: it is the parent process's.
    pub(crate) fn forget(&self) {
        if let Ok(mut thread) = self.thread.try_lock() {
            std::mem::forget(thread.take());
        }
    }
}

fn run(writing: &mut Writing, inbox: &mpsc::Receiver<Job>) {
    let mut next_tick = Instant::now() + TICK;
    loop {
        let wait = next_tick.saturating_duration_since(Instant::now());
        match inbox.recv_timeout(wait) {
            Ok(job) => {
                if let Some(reply) = serve(writing, inbox, job) {
                    let outcome = writing.finish();
                    for job in inbox.try_iter() {
                        refuse(job);
                    }
                    let _ = reply.send(outcome);
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                let _ = writing.finish();
                return;
            }
        }
        if Instant::now() >= next_tick {
            writing.tick();
            next_tick = Instant::now() + TICK;
        }
    }
}

/// Serves a job and all that wait behind it. Gives the answer's place if one of them was to close.
fn serve(writing: &mut Writing, inbox: &mpsc::Receiver<Job>, first: Job) -> Option<Reply> {
    let mut batch = Batch::default();
    let mut flushes = Vec::new();
    let mut close = None;
    let queue = std::iter::once(first).chain(inbox.try_iter().take(MOST_AT_ONCE));
    for job in queue {
        match job {
            _ if close.is_some() => refuse(job),
            Job::Write(operation, reply) => batch.add(operation, reply),
            Job::Flush(reply) => flushes.push(reply),
            Job::Close(reply) => close = Some(reply),
        }
    }
    writing.commit(batch);
    if !flushes.is_empty() {
        let outcome = writing.flush();
        for reply in flushes {
            let _ = reply.send(outcome.clone());
        }
    }
    close
}

fn refuse(job: Job) {
    match job {
        Job::Write(_, reply) | Job::Flush(reply) => {
            let _ = reply.send(Err(closed()));
        }
        // Closing what is closed is fine.
        Job::Close(reply) => {
            let _ = reply.send(Ok(()));
        }
    }
}
