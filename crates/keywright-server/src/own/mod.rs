//! Our own API, where OpenAI has no word: keys of any owner, verify, rotate, the audit trail, leaks, health.

pub(crate) mod audit;
pub(crate) mod health;
pub(crate) mod keys;
pub(crate) mod leaks;
pub(crate) mod verify;

use crate::error::ApiError;
use crate::members::invalid_value;
use keywright::Timestamp;
use serde_json::Value;

/// A moment, in Unix seconds.
fn moment(value: &Value, name: &'static str) -> Result<Timestamp, ApiError> {
    let seconds = value.as_i64().and_then(Timestamp::from_unix);
    seconds.ok_or_else(|| invalid_value(name, "use Unix seconds, as an integer"))
}
