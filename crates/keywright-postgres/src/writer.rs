//! The thread that owns the writing connection. It takes all operations that wait, runs them in one
//! transaction, brings the server's file of the revocation log up to date, and only then answers.
//! Once in a while it also writes uses and looks after the store.

use crate::base::Base;
use crate::commit::{Batch, Writing};
use crate::error::{closed, internal};
use crate::open::{self, PostgresOptions};
use crate::touch::Touches;
use futures_channel::oneshot;
use keywright_core::Result;
use keywright_core::store::{ForeignScheme, WriteOperation};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the writer looks after the store. Less than the second that is promised.
const TICK: Duration = Duration::from_millis(500);
/// At most so many operations share one transaction: the other servers wait for its end.
const MOST_AT_ONCE: usize = 64;

/// Where an answer goes.
pub(crate) type Reply = oneshot::Sender<Result<()>>;

/// What the writer is asked to do.
pub(crate) enum Job {
    Write(WriteOperation, Reply),
    Flush(Reply),
}

/// What the writer keeps up to date for everybody.
pub(crate) struct Shared {
    pub(crate) base: Base,
    pub(crate) touches: Touches,
    pub(crate) schemes: RwLock<Arc<[ForeignScheme]>>,
}

impl Shared {
    pub(crate) fn new(base: Base) -> Self {
        Self {
            base,
            touches: Touches::default(),
            schemes: RwLock::new(Arc::default()),
        }
    }

    pub(crate) fn schemes(&self) -> Arc<[ForeignScheme]> {
        Arc::clone(&self.schemes.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The way to the writer's thread.
pub(crate) struct Writer {
    /// Absent once the store is closed. The thread ends when it has served all that was sent before:
    /// so there is no job that it takes and leaves without an answer.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread, which opens the store first.
    pub(crate) async fn start(options: PostgresOptions) -> Result<(Self, Arc<Shared>)> {
        let (jobs, inbox) = mpsc::channel();
        let (told, opened) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("keywright-writer".to_owned())
            .spawn(move || {
                let opened = open::open(&options).and_then(|opened| {
                    let shared = Arc::new(Shared::new(opened.base));
                    Writing::new(Arc::clone(&shared), opened.link, opened.writer)
                        .map(|writing| (writing, shared))
                });
                match opened {
                    Err(error) => {
                        let _ = told.send(Err(error));
                    }
                    Ok((mut writing, shared)) => {
                        if told.send(Ok(shared)).is_ok() {
                            run(&mut writing, &inbox);
                        }
                    }
                }
            })
            .map_err(|_| internal("the system gives no thread for the writer"))?;
        let shared = opened
            .await
            .unwrap_or_else(|_| Err(internal("opening the store panicked")))?;
        let writer = Self {
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
        };
        Ok((writer, shared))
    }

    /// Hands a job over and waits for its answer.
    pub(crate) async fn ask(&self, job: impl FnOnce(Reply) -> Job) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.send(job(reply))?;
        answer
            .await
            .unwrap_or_else(|_| Err(internal("the writer stopped without an answer")))
    }

    fn send(&self, job: Job) -> Result<()> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = jobs.as_ref().ok_or_else(closed)?;
        jobs.send(job)
            .map_err(|_| internal("the writer has stopped"))
    }

    /// Lets the thread finish what it has, and waits for its end.
    pub(crate) fn stop(&self) {
        drop(
            self.jobs
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    /// Lets go of the thread and the way to it: they are the parent process's.
    pub(crate) fn forget(&self) {
        if let Ok(mut jobs) = self.jobs.try_lock() {
            std::mem::forget(jobs.take());
        }
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
            Ok(job) => serve(writing, inbox, job),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                writing.finish();
                return;
            }
        }
        if Instant::now() >= next_tick {
            writing.tick();
            next_tick = Instant::now() + TICK;
        }
    }
}

/// Serves a job and all that wait behind it.
fn serve(writing: &mut Writing, inbox: &mpsc::Receiver<Job>, first: Job) {
    let mut batch = Batch::default();
    let mut flushes = Vec::new();
    for job in std::iter::once(first).chain(inbox.try_iter().take(MOST_AT_ONCE)) {
        match job {
            Job::Write(operation, reply) => batch.add(operation, reply),
            Job::Flush(reply) => flushes.push(reply),
        }
    }
    writing.commit(batch);
    if !flushes.is_empty() {
        let outcome = writing.flush();
        for reply in flushes {
            let _ = reply.send(outcome.clone());
        }
    }
}
