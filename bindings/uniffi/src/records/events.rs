//! What happened: in the audit trail, and what is told on the way.

use super::Count;
use crate::words::LogLevel;
use keywright::Timestamp;
use serde::{Serialize, Serializer};

/// An event of the audit trail.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "audit_event")]
pub struct AuditEvent {
    /// Its place in the chain, from 1 and without gaps.
    pub seq: Count,
    /// When.
    pub time: Timestamp,
    /// What, for example `api_key.created`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Who.
    pub actor: String,
    /// The address that the request came from, if any.
    pub ip: Option<String>,
    /// The id of the key, project or account.
    pub object_id: String,
    /// The project that it happened in.
    pub project_id: Option<String>,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// JSON of the fields that changed, as they were.
    #[serde(serialize_with = "embedded_json")]
    pub before: String,
    /// JSON of the fields that changed, as they are.
    #[serde(serialize_with = "embedded_json")]
    pub after: String,
    /// The MAC over the event and the MAC before, in hexadecimal.
    pub mac: String,
}

impl From<keywright::AuditEvent> for AuditEvent {
    fn from(event: keywright::AuditEvent) -> Self {
        let keywright::AuditEvent {
            seq,
            time,
            event_type,
            actor,
            ip,
            object_id,
            project_id,
            outcome,
            before,
            after,
            mac,
        } = event;
        Self {
            seq: seq.into(),
            time,
            event_type,
            actor,
            ip,
            object_id,
            project_id,
            outcome,
            before,
            after,
            mac,
        }
    }
}

/// Where the audit chain is broken.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct BrokenLink {
    /// The first place that doesn't follow from the one before.
    pub seq: Count,
    /// What is wrong there.
    pub problem: String,
}

impl From<keywright::BrokenLink> for BrokenLink {
    fn from(link: keywright::BrokenLink) -> Self {
        let keywright::BrokenLink { seq, problem } = link;
        Self {
            seq: seq.into(),
            problem,
        }
    }
}

/// One thing to tell.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct LogRecord {
    /// How grave it is.
    pub level: LogLevel,
    /// A sentence.
    pub message: String,
    /// The precise code of a verification, where it is about one.
    pub code: Option<String>,
    /// The key that it is about, where it is known.
    pub key_id: Option<String>,
}

impl From<keywright::LogRecord> for LogRecord {
    fn from(record: keywright::LogRecord) -> Self {
        let keywright::LogRecord {
            level,
            message,
            code,
            key_id,
        } = record;
        Self {
            level,
            message,
            code,
            key_id,
        }
    }
}

wire_form!(AuditEvent, BrokenLink);

/// Text that is JSON is an object in the wire form.
fn embedded_json<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<serde_json::Value>(text)
        .unwrap_or_default()
        .serialize(to)
}
