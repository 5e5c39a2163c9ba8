//! The library's own records, on standard error: warnings and errors always, the rest with
//! `--verbose` or `KEYWRIGHT_LOG`.

use crate::failure::{Failure, Outcome};
use crate::output::json;
use crate::output::text::safe;
use keywright::{LogLevel, LogRecord, LogSink};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Says from which level on records are shown.
const ENV_LOG: &str = "KEYWRIGHT_LOG";

/// The level that `--verbose` and the environment ask for.
pub(crate) fn level(verbose: bool) -> Outcome<LogLevel> {
    if verbose {
        return Ok(LogLevel::Debug);
    }
    let Some(wanted) = std::env::var_os(ENV_LOG).filter(|text| !text.is_empty()) else {
        return Ok(LogLevel::Warning);
    };
    let found = LogLevel::ALL.iter().find(|level| wanted == level.as_str());
    found.copied().ok_or_else(|| {
        Failure::usage(format!("{ENV_LOG} is not a level"))
            .hint("use debug, info, warning or error")
    })
}

/// Writes records from a level on to standard error.
#[derive(Debug)]
pub(crate) struct StandardError {
    pub(crate) from: LogLevel,
    /// Whether programs read it.
    pub(crate) json: bool,
}

impl LogSink for StandardError {
    fn log(&self, record: &LogRecord) {
        if rank(record.level) >= rank(self.from) {
            let line = if self.json {
                json_line(record)
            } else {
                line(record)
            };
            let _ = io::stderr().lock().write_all(line.as_bytes());
        }
    }
}

const fn rank(level: LogLevel) -> u8 {
    match level {
        LogLevel::Debug => 0,
        LogLevel::Info => 1,
        LogLevel::Warning => 2,
        LogLevel::Error => 3,
    }
}

fn line(record: &LogRecord) -> String {
    let LogRecord {
        level,
        message,
        code,
        key_id,
    } = record;
    let mut line = format!("{}: {}", level.as_str(), safe(message));
    for (name, value) in [("code", code), ("key", key_id)] {
        if let Some(value) = value {
            let _ = write!(line, " {name}={}", safe(value));
        }
    }
    line + "\n"
}

fn json_line(record: &LogRecord) -> String {
    let LogRecord {
        level,
        message,
        code,
        key_id,
    } = record;
    let value = serde_json::json!({"log": {
        "level": level.as_str(), "message": message, "code": code, "key_id": key_id
    }});
    let mut line = Vec::new();
    let _ = json::write(&mut line, &value, false);
    String::from_utf8_lossy(&line).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_one_line() {
        let record = LogRecord {
            level: LogLevel::Debug,
            message: "a key was refused".to_owned(),
            code: Some("expired".to_owned()),
            key_id: Some("key_1".to_owned()),
        };
        assert_eq!(
            line(&record),
            "debug: a key was refused code=expired key=key_1\n"
        );
        let value: serde_json::Value = serde_json::from_str(&json_line(&record)).unwrap();
        assert_eq!(value["log"]["code"], "expired");
    }
}
