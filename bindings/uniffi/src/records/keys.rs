//! Keys, and what belongs to one.

use super::Count;
use crate::words::{KeyClass, KeyStatus, OwnerKind, RevocationReason, VersionStatus};
use keywright::Timestamp;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};

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

wire_form!(ApiKey, DailyUse);

/// The same bytes each time.
fn in_order<S: Serializer>(pairs: &HashMap<String, String>, to: S) -> Result<S::Ok, S::Error> {
    pairs.iter().collect::<BTreeMap<_, _>>().serialize(to)
}
