//! What the library has to tell. It is noted where it happens, on whatever thread, and handed to
//! JavaScript by the next call from there: no thread of the library's ever calls into JavaScript,
//! and nothing keeps the process alive.

use keywright::{LogRecord, LogSink};
use napi_derive::napi;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much is kept until it is handed over; the oldest gives way.
const KEPT: usize = 1000;

/// What is noted and not handed over yet.
#[derive(Default)]
pub(crate) struct LogQueue(Mutex<VecDeque<LogRecord>>);

/// One thing to tell.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct LogData {
    /// How grave it is.
    pub level: &'static str,
    /// A sentence.
    pub message: String,
    /// The code of a verification.
    pub code: Option<String>,
    /// The key that it is about.
    pub key_id: Option<String>,
}

impl LogQueue {
    pub(crate) fn take(&self) -> Vec<LogData> {
        self.records().drain(..).map(LogData::from).collect()
    }

    fn records(&self) -> MutexGuard<'_, VecDeque<LogRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogSink for LogQueue {
    fn log(&self, record: &LogRecord) {
        let mut records = self.records();
        if records.len() == KEPT {
            records.pop_front();
        }
        records.push_back(record.clone());
    }
}

impl From<LogRecord> for LogData {
    fn from(record: LogRecord) -> Self {
        let LogRecord {
            level,
            message,
            code,
            key_id,
        } = record;
        Self {
            level: level.as_str(),
            message,
            code,
            key_id,
        }
    }
}
