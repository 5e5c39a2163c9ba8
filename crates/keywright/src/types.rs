//! What goes in and comes out: plain, owned, exhaustive types that every language can carry. Their
//! serialised form is the one of the command line and the wire: times in Unix seconds, fields in
//! `snake_case`.

use crate::Secret;
use keywright_core::keys::{KeyStatus, KeyWithVersions, RevocationReason, State, Version};
use keywright_core::owner::OwnerKind;
use keywright_core::secret::Class;
use keywright_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// An API key. There is never a secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "object", rename = "api_key")]
pub struct ApiKey {
    /// `key_…`: stable for its whole life.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub class: Class,
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
    pub metadata: BTreeMap<String, String>,
    /// Its versions, oldest first. A key that comes from `verify` has the presented one alone.
    pub versions: Vec<KeyVersion>,
}

/// Who a key belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyOwner {
    /// Which sort of owner.
    #[serde(rename = "type")]
    pub kind: OwnerKind,
    /// `user_…`, `svc_…`, or the application's own string.
    pub id: String,
}

/// One secret of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyVersion {
    /// `ver_…`.
    pub id: String,
    /// 1 for the first, and one more at each rotation.
    pub number: u32,
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

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// The current one.
    Current,
    /// The old one of a rotation under way: still good until its overlap ends.
    Overlapping,
    /// Dead.
    Ended,
}

impl VersionStatus {
    /// Every status.
    pub const ALL: &'static [Self] = &[Self::Current, Self::Overlapping, Self::Ended];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Overlapping => "overlapping",
            Self::Ended => "ended",
        }
    }
}

/// A bound on use: so much of a unit, in a window, or refilled at intervals, or once and for all.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// `[a-z0-9_.:-]{1,64}`, unique on its key.
    pub name: String,
    /// `requests` or `credits`.
    pub unit: String,
    /// How much: 0 to 2^53 (1 at least where there is a window).
    pub capacity: u64,
    /// At most `capacity` in any window of so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_seconds: Option<u32>,
    /// How much comes back every `refill_seconds`, up to `capacity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refill_amount: Option<u64>,
    /// See `refill_amount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refill_seconds: Option<u32>,
    /// How much is left now. Only told, never set; absent where it was not looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u64>,
}

/// How often a key was used on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DailyUse {
    /// The day: its midnight in UTC.
    pub day: Timestamp,
    /// How often it was used.
    pub count: u64,
}

/// What `create` and `rotate` give: the key, and its secret for this one time.
#[derive(Debug)]
pub struct Created {
    /// The key.
    pub key: ApiKey,
    /// Its new secret. It is nowhere else and can't be had again.
    pub secret: Secret,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub data: Vec<T>,
    /// Whether there is another page behind the last of `data`.
    pub has_more: bool,
}

/// What a key is to be. All but its name has a default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateOptions {
    /// Its project, by id or name; `default` if absent.
    pub project: Option<String>,
    /// `user_…`, `svc_…` or any string of the application's own; the project's default service
    /// account if absent.
    pub owner: Option<String>,
    /// What it may do: everything if absent, nothing if empty.
    pub scopes: Option<Vec<String>>,
    /// How long it lives, in whole seconds. Not together with `expires_at`.
    pub expires_in: Option<Duration>,
    /// When it stops being good. Not together with `expires_in`.
    pub expires_at: Option<Timestamp>,
    /// CIDR blocks or addresses that it may be used from: anywhere if absent.
    pub allowed_ips: Option<Vec<String>>,
    /// What the application keeps with it: up to 32 pairs.
    pub metadata: BTreeMap<String, String>,
    /// What it is for: `live` (if absent), `test` or `temp`.
    pub class: Option<Class>,
    /// A limit in short: `100/60s` is at most 100 requests in any 60 seconds.
    pub rate_limit: Option<String>,
    /// A limit in short: so many usage credits, once and for all.
    pub credits: Option<u64>,
    /// Limits in full.
    pub limits: Vec<Limit>,
    /// Makes a retry safe for 24 hours: 1 to 255 characters.
    pub idempotency_key: Option<String>,
}

/// What is to change. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdateOptions {
    /// A new name.
    pub name: Option<String>,
    /// New metadata, in place of all of the old.
    pub metadata: Option<BTreeMap<String, String>>,
    /// New scopes; `Some(None)` is everything.
    pub scopes: Option<Option<Vec<String>>>,
    /// New networks; `Some(None)` is anywhere.
    pub allowed_ips: Option<Option<Vec<String>>>,
    /// A new expiry; `Some(None)` is never.
    pub expires_at: Option<Option<Timestamp>>,
    /// New limits, in place of all of the old. What was used of a limit of the same name stays used.
    pub limits: Option<Vec<Limit>>,
}

/// Which keys to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListOptions {
    /// Only in this project, by id or name.
    pub project: Option<String>,
    /// Only of this owner.
    pub owner: Option<String>,
    /// Only with this status.
    pub status: Option<KeyStatus>,
    /// Only where name, id, owner or redacted value contains this.
    pub search: Option<String>,
    /// Also revoked keys.
    pub include_revoked: bool,
    /// Only what stands behind the key of this id.
    pub after: Option<String>,
    /// At most so many, 1 to 1000; 20 if absent.
    pub limit: Option<u32>,
}

/// What a use requires of the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyOptions {
    /// All of these scopes.
    pub scopes: Vec<String>,
    /// The address that the use comes from.
    pub ip: Option<String>,
    /// How many usage credits it costs; 1 if absent.
    pub cost: Option<u64>,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    pub default_lifetime_seconds: Option<u64>,
    /// The longest that a key may live, in seconds.
    pub max_lifetime_seconds: Option<u64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
}

/// What a project is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectOptions {
    /// How long a key lives if nothing is said; forever if absent.
    pub default_lifetime: Option<Duration>,
    /// The longest that a key may live.
    pub max_lifetime: Option<Duration>,
}

/// A user of this store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "object", rename = "user")]
pub struct User {
    /// `user_…`.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// When they were added.
    pub created_at: Timestamp,
}

/// A service account of a project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// An event of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "object", rename = "audit_event")]
pub struct AuditEvent {
    /// Its place in the chain, from 1 and without gaps.
    pub seq: u64,
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
    #[serde(with = "embedded_json")]
    pub before: String,
    /// JSON of the fields that changed, as they are.
    #[serde(with = "embedded_json")]
    pub after: String,
    /// The MAC over the event and the MAC before, in hexadecimal.
    pub mac: String,
}

/// Which events to list. Oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditOptions {
    /// Only about this key, project or account.
    pub object_id: Option<String>,
    /// Only in this project, by id or name.
    pub project: Option<String>,
    /// Only of these types; all if empty.
    pub event_types: Vec<String>,
    /// Only of this actor.
    pub actor: Option<String>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only behind this place in the chain.
    pub after: Option<u64>,
    /// At most so many, 1 to 1000; 100 if absent.
    pub limit: Option<u32>,
}

/// Where the audit chain is broken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BrokenLink {
    /// The first place that doesn't follow from the one before.
    pub seq: u64,
    /// What is wrong there.
    pub problem: String,
}

/// Text that is JSON is an object in the wire form.
mod embedded_json {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use serde_json::Value;

    pub(super) fn serialize<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<Value>(text)
            .unwrap_or_default()
            .serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        Value::deserialize(from).map(|value| value.to_string())
    }
}

impl ApiKey {
    /// A stored key as it reads at `now`.
    pub(crate) fn from_stored(it: &KeyWithVersions, now: Timestamp) -> Self {
        let key = &it.key;
        let (revoked_at, revocation_reason) = match key.state {
            State::Revoked { at, reason } => (Some(at), Some(reason)),
            State::Active | State::Disabled => (None, None),
        };
        Self {
            id: key.id.to_string(),
            name: key.name.as_str().to_owned(),
            class: key.class,
            status: key.status(now),
            redacted_value: it
                .current()
                .map(|version| version.redacted_value.clone())
                .unwrap_or_default(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: it
                .versions
                .iter()
                .filter_map(|version| version.last_used_at)
                .max(),
            revoked_at,
            revocation_reason,
            owner: KeyOwner {
                kind: key.owner.kind(),
                id: key.owner.to_string(),
            },
            project_id: key.project.to_string(),
            scopes: key.scopes.as_list().map(<[String]>::to_vec),
            allowed_ips: key.networks.to_list(),
            limits: key.limits.iter().map(Limit::from_stored).collect(),
            metadata: key.metadata.pairs().clone(),
            versions: it
                .versions
                .iter()
                .map(|version| KeyVersion::from_stored(version, now))
                .collect(),
        }
    }
}

impl KeyVersion {
    fn from_stored(version: &Version, now: Timestamp) -> Self {
        let status = match version.end {
            None => VersionStatus::Current,
            Some(_) if version.is_live(now) => VersionStatus::Overlapping,
            Some(_) => VersionStatus::Ended,
        };
        Self {
            id: version.id.to_string(),
            number: version.number,
            status,
            redacted_value: version.redacted_value.clone(),
            created_at: version.created_at,
            ends_at: version.ends_at(),
            last_used_at: version.last_used_at,
        }
    }
}
