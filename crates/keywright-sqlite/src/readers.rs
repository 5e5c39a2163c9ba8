//! Connections and threads that read. A point read borrows a connection and answers on its
//! caller's thread; whatever may take longer goes to a thread of its own.

use crate::connect;
use crate::error::{OrError, closed, internal};
use crate::session::Session;
use crate::writer::Shared;
use futures_channel::oneshot;
use keywright_core::Result;
use keywright_core::store::ReadOperation;
use rusqlite::Connection;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// So many connections are kept for later.
const KEPT: usize = 32;
/// At most so many threads read.
const MOST_THREADS: usize = 4;

/// Connections for point reads.
#[derive(Default)]
pub(crate) struct Pool {
    state: Mutex<PoolState>,
    returned: Condvar,
}

#[derive(Default)]
struct PoolState {
    idle: Vec<Connection>,
    out: usize,
    closed: bool,
}

impl Pool {
    /// Runs `work` with a connection of the pool.
    pub(crate) fn with<T>(
        &self,
        shared: &Shared,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        let idle = {
            let mut state = self.state();
            if state.closed {
                return Err(closed());
            }
            state.out += 1;
            state.idle.pop()
        };
        let borrowed = Borrowed {
            pool: self,
            connection: idle,
        };
        borrowed.run(shared, work)
    }

    fn state(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes all connections; waits a moment for those that are in use.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.idle.clear();
        let wait = Duration::from_secs(5);
        drop(
            self.returned
                .wait_timeout_while(state, wait, |state| state.out > 0),
        );
    }

    /// Lets go of connections that are the parent process's, without touching its locks.
    pub(crate) fn forget(&self) {
        if let Ok(mut state) = self.state.try_lock() {
            std::mem::forget(std::mem::take(&mut state.idle));
        }
    }
}

/// A connection out of the pool; it goes back whatever happens.
struct Borrowed<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
}

impl Borrowed<'_> {
    fn run<T>(mut self, shared: &Shared, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            shared.base.check_file()?;
            connect::reader(&shared.base.path)?
        };
        work(self.connection.insert(connection))
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        state.out -= 1;
        if let Some(connection) = self.connection.take()
            && !state.closed
            && state.idle.len() < KEPT
        {
            state.idle.push(connection);
        }
        drop(state);
        self.pool.returned.notify_all();
    }
}

/// Where an answer goes.
type Reply = oneshot::Sender<Result<()>>;

/// Threads for operations that read.
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
    jobs: VecDeque<(ReadOperation, Reply)>,
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
    /// Runs an operation on one of the threads; starts one if all are busy.
    pub(crate) async fn run(&self, shared: &Arc<Shared>, operation: ReadOperation) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        {
            let mut state = self.queue.state();
            if state.closed {
                return Err(closed());
            }
            if state.idle <= state.jobs.len() {
                self.start_one(&mut state, shared)?;
            }
            state.jobs.push_back((operation, reply));
        }
        self.queue.changed.notify_one();
        answer
            .await
            .unwrap_or_else(|_| Err(internal("a reader stopped without an answer")))
    }

    fn start_one(&self, state: &mut QueueState, shared: &Arc<Shared>) -> Result<()> {
        if state.threads.len() >= MOST_THREADS {
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
        }
    }
}

fn serve(queue: &Queue, shared: &Shared) {
    let mut kept: Option<Connection> = None;
    loop {
        let (mut operation, reply) = {
            let mut state = queue.state();
            loop {
                if let Some(job) = state.jobs.pop_front() {
                    break job;
                }
                if state.closed {
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
        let outcome = catch_unwind(AssertUnwindSafe(|| read(&mut kept, shared, &mut operation)))
            .unwrap_or_else(|_| Err(internal("an operation panicked")));
        if outcome.is_err() {
            // Whatever it was, the next one begins with a sound connection.
            kept = None;
        }
        let _ = reply.send(outcome);
    }
}

/// One operation over one view.
fn read(
    kept: &mut Option<Connection>,
    shared: &Shared,
    operation: &mut ReadOperation,
) -> Result<()> {
    shared.base.ready()?;
    if kept.is_none() {
        shared.base.check_file()?;
        let connection = connect::reader(&shared.base.path)?;
        connection.busy_timeout(connect::PATIENCE).or_error()?;
        *kept = Some(connection);
    }
    let Some(connection) = kept else {
        return Err(internal("a connection was lost"));
    };
    let mut session = Session::begin(connection, &shared.base)?;
    connection.execute_batch("BEGIN").or_error()?;
    let outcome = operation(&mut session);
    connection.execute_batch("COMMIT").or_error()?;
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::group::store;
    use futures_executor::block_on;

    #[test]
    fn no_thread_reads_any_more_once_the_readers_are_closed() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder);
        for _ in 0..200 {
            let readers = Readers::default();
            std::thread::scope(|scope| {
                let asked = || block_on(readers.run(&store.shared, Box::new(|_| Ok(()))));
                let asked = scope.spawn(asked);
                readers.close();
                // Each thread holds the queue.
                assert_eq!(Arc::strong_count(&readers.queue), 1);
                let answer = asked.join().unwrap();
                assert!(answer.is_ok() || answer == Err(closed()));
            });
        }
    }
}
