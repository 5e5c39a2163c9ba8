//! Keys as plain objects, with what belongs to them.

use crate::arguments::Pair;
use crate::data::{maybe_seconds, seconds, whole};
use crate::secret::NativeSecret;
use keywright::{ApiKey, Created, DailyUse, KeyOwner, KeyVersion, Limit, Page};
use napi_derive::napi;

/// An API key.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct KeyData {
    /// `key_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: &'static str,
    /// Its status.
    pub status: &'static str,
    /// What may be shown.
    pub redacted_value: String,
    /// Unix seconds.
    pub created_at: f64,
    /// Unix seconds.
    pub expires_at: Option<f64>,
    /// Unix seconds.
    pub last_used_at: Option<f64>,
    /// Unix seconds.
    pub revoked_at: Option<f64>,
    /// A reason.
    pub revocation_reason: Option<&'static str>,
    /// Its owner.
    pub owner: OwnerData,
    /// `proj_…`
    pub project_id: String,
    /// Its scopes.
    pub scopes: Option<Vec<String>>,
    /// Its networks.
    pub allowed_ips: Option<Vec<String>>,
    /// Its limits.
    pub limits: Vec<LimitData>,
    /// Its metadata.
    pub metadata: Vec<Pair>,
    /// Its versions.
    pub versions: Vec<VersionData>,
}

impl From<ApiKey> for KeyData {
    fn from(key: ApiKey) -> Self {
        let ApiKey {
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
            class: class.as_str(),
            status: status.as_str(),
            redacted_value,
            created_at: seconds(created_at),
            expires_at: maybe_seconds(expires_at),
            last_used_at: maybe_seconds(last_used_at),
            revoked_at: maybe_seconds(revoked_at),
            revocation_reason: revocation_reason.map(keywright::RevocationReason::as_str),
            owner: owner.into(),
            project_id,
            scopes,
            allowed_ips,
            limits: limits.into_iter().map(LimitData::from).collect(),
            metadata: metadata
                .into_iter()
                .map(|(name, value)| Pair { name, value })
                .collect(),
            versions: versions.into_iter().map(VersionData::from).collect(),
        }
    }
}

/// Who a key belongs to.
#[napi(object, object_from_js = false)]
pub struct OwnerData {
    /// Which sort.
    #[napi(js_name = "type")]
    pub kind: &'static str,
    /// Which one.
    pub id: String,
}

impl From<KeyOwner> for OwnerData {
    fn from(owner: KeyOwner) -> Self {
        let KeyOwner { kind, id } = owner;
        Self {
            kind: kind.as_str(),
            id,
        }
    }
}

/// One secret of a key.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct VersionData {
    /// `ver_…`
    pub id: String,
    /// 1 for the first.
    pub number: u32,
    /// Its status.
    pub status: &'static str,
    /// What may be shown.
    pub redacted_value: String,
    /// Unix seconds.
    pub created_at: f64,
    /// Unix seconds.
    pub ends_at: Option<f64>,
    /// Unix seconds.
    pub last_used_at: Option<f64>,
}

impl From<KeyVersion> for VersionData {
    fn from(version: KeyVersion) -> Self {
        let KeyVersion {
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
            number,
            status: status.as_str(),
            redacted_value,
            created_at: seconds(created_at),
            ends_at: maybe_seconds(ends_at),
            last_used_at: maybe_seconds(last_used_at),
        }
    }
}

/// How often a key was used on one day.
#[napi(object, object_from_js = false)]
pub struct DailyUseData {
    /// Its midnight, in Unix seconds.
    pub day: f64,
    /// How often.
    pub count: f64,
}

impl From<DailyUse> for DailyUseData {
    fn from(uses: DailyUse) -> Self {
        let DailyUse { day, count } = uses;
        Self {
            day: seconds(day),
            count: whole(count),
        }
    }
}

/// A bound on use. What does not apply is not there.
#[napi(object, object_from_js = false)]
pub struct LimitData {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// How much.
    pub capacity: f64,
    /// In any window of so many seconds.
    pub window_seconds: Option<u32>,
    /// How much comes back.
    pub refill_amount: Option<f64>,
    /// And how often.
    pub refill_seconds: Option<u32>,
    /// How much is left.
    pub remaining: Option<f64>,
}

impl From<Limit> for LimitData {
    fn from(limit: Limit) -> Self {
        let Limit {
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
            capacity: whole(capacity),
            window_seconds,
            refill_amount: refill_amount.map(whole),
            refill_seconds,
            remaining: remaining.map(whole),
        }
    }
}

/// A key and its secret.
#[napi(object, object_from_js = false)]
pub struct CreatedData {
    /// The key.
    pub key: KeyData,
    /// Its secret.
    pub secret: NativeSecret,
}

impl From<Created> for CreatedData {
    fn from(created: Created) -> Self {
        let Created { key, secret } = created;
        Self {
            key: key.into(),
            secret: secret.into(),
        }
    }
}

/// A page of keys.
#[napi(object, object_from_js = false)]
pub struct KeyPage {
    /// What is on it.
    pub data: Vec<KeyData>,
    /// Whether there is more.
    pub has_more: bool,
}

impl From<Page<ApiKey>> for KeyPage {
    fn from(page: Page<ApiKey>) -> Self {
        let Page { data, has_more } = page;
        Self {
            data: data.into_iter().map(KeyData::from).collect(),
            has_more,
        }
    }
}
