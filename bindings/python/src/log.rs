//! What the library has to tell. It is noted where it happens, on whatever thread, and told to
//! Python by the next call from there: so no log handler runs inside the library, and no thread of
//! the library's ever enters the interpreter.

use crate::record::record;
use crate::words::Word;
use keywright::{LogLevel, LogSink};
use pyo3::prelude::*;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, TryLockError};

/// How much is kept until it can be told; the oldest gives way.
const KEPT: usize = 1000;

/// What is noted and not told yet, and to whom it is told.
pub(crate) struct LogQueue {
    records: Mutex<VecDeque<keywright::LogRecord>>,
    waiting: AtomicUsize,
    listener: Option<Py<PyAny>>,
}

record! {
    /// One thing that the library has to tell.
    LogRecord of keywright::LogRecord {
        /// How grave it is.
        level: Word<LogLevel> = level;
        /// A sentence.
        message: String = message;
        /// The precise code of a verification, where it is about one.
        code: Option<String> = code;
        /// The key that it is about, where it is known.
        key_id: Option<String> = key_id;
    }
}

impl LogQueue {
    pub(crate) fn new(listener: Option<Py<PyAny>>) -> Self {
        Self {
            records: Mutex::default(),
            waiting: AtomicUsize::new(0),
            listener,
        }
    }

    /// Tells Python what is noted. A listener that fails is reported and fails nothing.
    pub(crate) fn tell(&self, py: Python<'_>) {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return;
        }
        let Some(listener) = &self.listener else {
            return;
        };
        while let Some(record) = self.with(VecDeque::pop_front).flatten() {
            if let Err(error) = listener.call1(py, (LogRecord::from(record),)) {
                error.write_unraisable(py, Some(listener.bind(py)));
            }
        }
    }

    fn with<T>(&self, run: impl FnOnce(&mut VecDeque<keywright::LogRecord>) -> T) -> Option<T> {
        /// After a fork the lock may be held by a thread that is not there any more.
        const TRIES: usize = 1000;
        for _ in 0..TRIES {
            let mut records = match self.records.try_lock() {
                Ok(records) => records,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    std::thread::yield_now();
                    continue;
                }
            };
            let answer = run(&mut records);
            self.waiting.store(records.len(), Ordering::Release);
            return Some(answer);
        }
        None
    }
}

impl LogSink for LogQueue {
    fn log(&self, record: &keywright::LogRecord) {
        self.with(|records| {
            if records.len() == KEPT {
                records.pop_front();
            }
            records.push_back(record.clone());
        });
    }
}
