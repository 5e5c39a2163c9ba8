//! A few threads for what takes long: bcrypt, argon2 and PBKDF2 of imported keys. They are started
//! when first needed, and no more work waits than they can do in bearable time, so that guesses
//! against imported keys cannot pile up.

use futures_channel::oneshot;
use keywright_core::{Error, ErrorCode, Result};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many run at once.
const WORKERS: usize = 2;
/// How many may wait.
const QUEUE: usize = 32;

type Job = Box<dyn FnOnce() + Send>;

/// The threads, once they run.
#[derive(Default)]
pub(crate) struct SlowWorkers {
    queue: Mutex<Option<SyncSender<Job>>>,
    background: Arc<Mutex<Background>>,
}

/// What was handed over and nobody waits for yet.
#[derive(Default)]
struct Background {
    running: usize,
    /// The process that runs it: after a fork the child has the count and not the threads.
    process: u32,
    waiting: Vec<oneshot::Sender<()>>,
}

/// Counts one piece of background work for as long as it lives, also if it is never run.
struct Counted(Arc<Mutex<Background>>);

impl Counted {
    fn new(background: &Arc<Mutex<Background>>) -> Self {
        let mut counting = lock(background);
        counting.running += 1;
        counting.process = std::process::id();
        Self(Arc::clone(background))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut background = lock(&self.0);
        background.running -= 1;
        if background.running == 0 {
            // Who no longer waits doesn't mind.
            for waiting in background.waiting.drain(..) {
                let _ = waiting.send(());
            }
        }
    }
}

fn lock(background: &Mutex<Background>) -> MutexGuard<'_, Background> {
    background.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SlowWorkers {
    /// Runs `work` on one of the threads. `unavailable` if too much waits already.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let (done, answer) = oneshot::channel();
        self.submit(Box::new(move || drop(done.send(work()))))?;
        answer.await.map_err(|_| busy())
    }

    /// Hands `work` to one of the threads and goes on.
    pub(crate) fn in_background(&self, work: impl FnOnce() + Send + 'static) -> Result<()> {
        let counted = Counted::new(&self.background);
        self.submit(Box::new(move || {
            work();
            drop(counted);
        }))
    }

    /// Waits until all background work that was handed over is done.
    pub(crate) async fn settled(&self) {
        let (done, answer) = oneshot::channel();
        {
            let mut background = lock(&self.background);
            if background.running == 0 || background.process != std::process::id() {
                return;
            }
            background.waiting.push(done);
        }
        let _ = answer.await;
    }

    fn submit(&self, work: Job) -> Result<()> {
        let mut slot = self.queue.lock().map_err(|_| busy())?;
        let queue = slot.get_or_insert_with(start);
        queue.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => busy(),
        })
    }

    /// Lets the threads end when they have done what waits.
    pub(crate) fn stop(&self) {
        if let Ok(mut slot) = self.queue.lock() {
            slot.take();
        }
    }
}

fn start() -> SyncSender<Job> {
    let (queue, jobs) = mpsc::sync_channel::<Job>(QUEUE);
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..WORKERS {
        let jobs = Arc::clone(&jobs);
        // If no thread can be had the queue fills up and callers are told `unavailable`.
        let _ = std::thread::Builder::new()
            .name("keywright-slow".to_owned())
            .spawn(move || {
                loop {
                    let job = match jobs.lock() {
                        Ok(jobs) => jobs.recv(),
                        Err(_) => return,
                    };
                    match job {
                        Ok(job) => _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)),
                        Err(_) => return,
                    }
                }
            });
    }
    queue
}

fn busy() -> Error {
    Error::new(
        ErrorCode::Unavailable,
        "too many slow hashes are being checked",
    )
    .hint("try again in a moment")
}
