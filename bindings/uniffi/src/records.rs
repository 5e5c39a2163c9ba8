//! What comes out: plain records that users hold in their hands. Whole numbers are signed, as both
//! languages count, and Java knows no others.

use crate::words::{KeyClass, KeyStatus, LogLevel, OwnerKind, RevocationReason, VersionStatus};
use keywright::Timestamp;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};

uniffi::custom_type!(Timestamp, i64, {
    remote,
    lower: |moment| moment.unix(),
    // Only what came from here goes back, to be written as JSON: what a host made up in its place is
    // the nearest moment that there is.
    try_lift: |seconds| Ok(Timestamp::from_unix_ms(seconds.saturating_mul(1000))),
});

/// How many: from 0 to 2^53.
#[derive(Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Count(i64);

uniffi::custom_type!(Count, i64, {
    lower: |count| count.0,
    try_lift: |number| Ok(Count(number)),
});

impl Count {
    /// The number as it was given; who takes it looks whether it is in range.
    pub(crate) fn given(self) -> i64 {
        self.0
    }
}

impl From<u64> for Count {
    fn from(count: u64) -> Self {
        Self(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Count {
    fn from(count: u32) -> Self {
        Self(count.into())
    }
}

/// An API key. There is never a secret in it.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "api_key")]
pub struct ApiKey {
    /// `key_…`: stable for its whole life.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    #[serde(rename = "class")]
    pub key_class: KeyClass,
    /// Whether it is in use.
    pub status: KeyStatus,
    /// What may be shown of its current secret.
    pub redacted_value: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// It is good while `now < expires_at`; forever if absent.
    pub expires_at: Option<Timestamp>,
    /// When any of its secrets was last used, at most a second behind.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked.
    pub revocation_reason: Option<RevocationReason>,
    /// Who it belongs to.
    pub owner: KeyOwner,
    /// `proj_…`: the project that it is in.
    pub project_id: String,
    /// What it may do: everything if absent, nothing if empty.
    pub scopes: Option<Vec<String>>,
    /// The networks that it may be used from: anywhere if absent.
    pub allowed_ips: Option<Vec<String>>,
    /// The bounds on its use.
    pub limits: Vec<Limit>,
    /// What the application keeps with it.
    #[serde(serialize_with = "in_order")]
    pub metadata: HashMap<String, String>,
    /// Its versions, oldest first. A key that comes from `verify` has the presented one alone.
    pub versions: Vec<KeyVersion>,
}

impl From<keywright::ApiKey> for ApiKey {
    fn from(key: keywright::ApiKey) -> Self {
        let keywright::ApiKey {
            id,
            name,
            class,
            status,
            redacted_value,
            created_at,
            expires_at,
            last_used_at,
            revoked_at,
            revocation_reason,
            owner,
            project_id,
            scopes,
            allowed_ips,
            limits,
            metadata,
            versions,
        } = key;
        Self {
            id,
            name,
            key_class: class,
            status,
            redacted_value,
            created_at,
            expires_at,
            last_used_at,
            revoked_at,
            revocation_reason,
            owner: owner.into(),
            project_id,
            scopes,
            allowed_ips,
            limits: limits.into_iter().map(Limit::from).collect(),
            metadata: metadata.into_iter().collect(),
            versions: versions.into_iter().map(KeyVersion::from).collect(),
        }
    }
}

/// Who a key belongs to.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct KeyOwner {
    /// Which sort of owner.
    #[serde(rename = "type")]
    pub kind: OwnerKind,
    /// `user_…`, `svc_…`, or the application's own string.
    pub id: String,
}

impl From<keywright::KeyOwner> for KeyOwner {
    fn from(owner: keywright::KeyOwner) -> Self {
        let keywright::KeyOwner { kind, id } = owner;
        Self { kind, id }
    }
}

/// One secret of a key.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct KeyVersion {
    /// `ver_…`.
    pub id: String,
    /// 1 for the first, and one more at each rotation.
    pub number: Count,
    /// Whether its secret counts.
    pub status: VersionStatus,
    /// What may be shown of its secret.
    pub redacted_value: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends or ended; absent while it is current.
    pub ends_at: Option<Timestamp>,
    /// When its secret was last used, at most a second behind.
    pub last_used_at: Option<Timestamp>,
}

impl From<keywright::KeyVersion> for KeyVersion {
    fn from(version: keywright::KeyVersion) -> Self {
        let keywright::KeyVersion {
            id,
            number,
            status,
            redacted_value,
            created_at,
            ends_at,
            last_used_at,
        } = version;
        Self {
            id,
            number: number.into(),
            status,
            redacted_value,
            created_at,
            ends_at,
            last_used_at,
        }
    }
}

/// A bound on use: so much of a unit, in a window, or refilled at intervals, or once and for all.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct Limit {
    /// `[a-z0-9_.:-]{1,64}`, unique on its key.
    pub name: String,
    /// `requests` or `credits`.
    pub unit: String,
    /// How much: 0 to 2^53 (1 at least where there is a window).
    pub capacity: Count,
    /// At most `capacity` in any window of so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[uniffi(default = None)]
    pub window_seconds: Option<Count>,
    /// How much comes back every `refill_seconds`, up to `capacity`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[uniffi(default = None)]
    pub refill_amount: Option<Count>,
    /// See `refill_amount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[uniffi(default = None)]
    pub refill_seconds: Option<Count>,
    /// How much is left now. Only told, never set; absent where it was not looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[uniffi(default = None)]
    pub remaining: Option<Count>,
}

impl From<keywright::Limit> for Limit {
    fn from(limit: keywright::Limit) -> Self {
        let keywright::Limit {
            name,
            unit,
            capacity,
            window_seconds,
            refill_amount,
            refill_seconds,
            remaining,
        } = limit;
        Self {
            name,
            unit,
            capacity: capacity.into(),
            window_seconds: window_seconds.map(Count::from),
            refill_amount: refill_amount.map(Count::from),
            refill_seconds: refill_seconds.map(Count::from),
            remaining: remaining.map(Count::from),
        }
    }
}

/// How often a key was used on one day.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct DailyUse {
    /// The day: its midnight in UTC.
    pub day: Timestamp,
    /// How often it was used.
    pub count: Count,
}

impl From<keywright::DailyUse> for DailyUse {
    fn from(uses: keywright::DailyUse) -> Self {
        let keywright::DailyUse { day, count } = uses;
        Self {
            day,
            count: count.into(),
        }
    }
}

/// A project.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "project")]
pub struct Project {
    /// `proj_…`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `active` or `archived`.
    pub status: String,
    /// `svc_…`: the owner of its keys where none is named.
    pub default_service_account_id: String,
    /// How long a key lives if nothing is said, in seconds.
    pub default_lifetime_seconds: Option<Count>,
    /// The longest that a key may live, in seconds.
    pub max_lifetime_seconds: Option<Count>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
}

impl From<keywright::Project> for Project {
    fn from(project: keywright::Project) -> Self {
        let keywright::Project {
            id,
            name,
            status,
            default_service_account_id,
            default_lifetime_seconds,
            max_lifetime_seconds,
            created_at,
            archived_at,
        } = project;
        Self {
            id,
            name,
            status,
            default_service_account_id,
            default_lifetime_seconds: default_lifetime_seconds.map(Count::from),
            max_lifetime_seconds: max_lifetime_seconds.map(Count::from),
            created_at,
            archived_at,
        }
    }
}

/// A user of this store.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "user")]
pub struct User {
    /// `user_…`.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// When they were added.
    pub created_at: Timestamp,
}

impl From<keywright::User> for User {
    fn from(user: keywright::User) -> Self {
        let keywright::User {
            id,
            name,
            created_at,
        } = user;
        Self {
            id,
            name,
            created_at,
        }
    }
}

/// A service account of a project.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "service_account")]
pub struct ServiceAccount {
    /// `svc_…`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The project that it is in.
    pub project_id: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<keywright::ServiceAccount> for ServiceAccount {
    fn from(account: keywright::ServiceAccount) -> Self {
        let keywright::ServiceAccount {
            id,
            name,
            project_id,
            created_at,
        } = account;
        Self {
            id,
            name,
            project_id,
            created_at,
        }
    }
}

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

/// What came of an import.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct ImportReport {
    /// The ids of the keys that were taken over, in the order of their records.
    pub imported: Vec<String>,
    /// The records that were refused; the others were taken over all the same.
    pub refused: Vec<RefusedRecord>,
}

impl From<keywright::ImportReport> for ImportReport {
    fn from(report: keywright::ImportReport) -> Self {
        let keywright::ImportReport { imported, refused } = report;
        Self {
            imported,
            refused: refused.into_iter().map(RefusedRecord::from).collect(),
        }
    }
}

/// A record that was not taken over.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct RefusedRecord {
    /// Which record, counted from 0.
    pub index: Count,
    /// The error's code.
    pub code: String,
    /// What was wrong with it.
    pub message: String,
}

impl From<keywright::RefusedRecord> for RefusedRecord {
    fn from(record: keywright::RefusedRecord) -> Self {
        let keywright::RefusedRecord {
            index,
            code,
            message,
        } = record;
        Self {
            index: index.into(),
            code,
            message,
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

/// Writes the wire form of what users hold in their hands, as the façade does.
macro_rules! wire_form {
    ($($name:ident),+) => {
        $(
            #[uniffi::export]
            impl $name {
                /// The wire form: JSON with fields in `snake_case` and times in Unix seconds.
                pub fn to_json(&self) -> String {
                    serde_json::to_string(self).unwrap_or_default()
                }
            }
        )+
    };
}

wire_form!(
    ApiKey,
    AuditEvent,
    BrokenLink,
    DailyUse,
    ImportReport,
    Project,
    ServiceAccount,
    User
);

/// Text that is JSON is an object in the wire form.
fn embedded_json<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
    serde_json::from_str::<serde_json::Value>(text)
        .unwrap_or_default()
        .serialize(to)
}

/// The same bytes each time.
fn in_order<S: Serializer>(pairs: &HashMap<String, String>, to: S) -> Result<S::Ok, S::Error> {
    pairs.iter().collect::<BTreeMap<_, _>>().serialize(to)
}
