//! What comes out, as plain objects. The TypeScript makes its own classes of them.

use crate::arguments::Pair;
use crate::secret::NativeSecret;
use keywright::{
    ApiKey, AuditEvent, BrokenLink, Created, ImportReport, KeyOwner, KeyVersion, Limit, Page,
    Project, RefusedRecord, ServiceAccount, Timestamp, User,
};
use napi_derive::napi;

/// Unix seconds.
fn seconds(moment: Timestamp) -> f64 {
    whole(moment.unix().unsigned_abs())
}

fn maybe_seconds(moment: Option<Timestamp>) -> Option<f64> {
    moment.map(seconds)
}

/// JavaScript's numbers are exact up to 2^53, which no count of ours exceeds.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn whole(number: u64) -> f64 {
    number as f64
}

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

/// A project.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct ProjectData {
    /// `proj_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// `active` or `archived`.
    pub status: String,
    /// `svc_…`
    pub default_service_account_id: String,
    /// Seconds.
    pub default_lifetime_seconds: Option<f64>,
    /// Seconds.
    pub max_lifetime_seconds: Option<f64>,
    /// Unix seconds.
    pub created_at: f64,
    /// Unix seconds.
    pub archived_at: Option<f64>,
}

impl From<Project> for ProjectData {
    fn from(project: Project) -> Self {
        let Project {
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
            default_lifetime_seconds: default_lifetime_seconds.map(whole),
            max_lifetime_seconds: max_lifetime_seconds.map(whole),
            created_at: seconds(created_at),
            archived_at: maybe_seconds(archived_at),
        }
    }
}

/// A user.
#[napi(object, object_from_js = false)]
pub struct UserData {
    /// `user_…`
    pub id: String,
    /// Their name.
    pub name: String,
    /// Unix seconds.
    pub created_at: f64,
}

impl From<User> for UserData {
    fn from(user: User) -> Self {
        let User {
            id,
            name,
            created_at,
        } = user;
        Self {
            id,
            name,
            created_at: seconds(created_at),
        }
    }
}

/// A service account.
#[napi(object, object_from_js = false)]
pub struct ServiceAccountData {
    /// `svc_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// `proj_…`
    pub project_id: String,
    /// Unix seconds.
    pub created_at: f64,
}

impl From<ServiceAccount> for ServiceAccountData {
    fn from(account: ServiceAccount) -> Self {
        let ServiceAccount {
            id,
            name,
            project_id,
            created_at,
        } = account;
        Self {
            id,
            name,
            project_id,
            created_at: seconds(created_at),
        }
    }
}

/// An event of the audit trail.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct EventData {
    /// Its place in the chain.
    pub seq: f64,
    /// Unix seconds.
    pub time: f64,
    /// What.
    #[napi(js_name = "type")]
    pub event_type: String,
    /// Who.
    pub actor: String,
    /// From where.
    pub ip: Option<String>,
    /// About what.
    pub object_id: String,
    /// In which project.
    pub project_id: Option<String>,
    /// `done`, or a code.
    pub outcome: String,
    /// JSON.
    pub before: String,
    /// JSON.
    pub after: String,
    /// Hexadecimal.
    pub mac: String,
}

impl From<AuditEvent> for EventData {
    fn from(event: AuditEvent) -> Self {
        let AuditEvent {
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
            seq: whole(seq),
            time: seconds(time),
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

/// A page of events.
#[napi(object, object_from_js = false)]
pub struct EventPage {
    /// What is on it.
    pub data: Vec<EventData>,
    /// Whether there is more.
    pub has_more: bool,
}

impl From<Page<AuditEvent>> for EventPage {
    fn from(page: Page<AuditEvent>) -> Self {
        let Page { data, has_more } = page;
        Self {
            data: data.into_iter().map(EventData::from).collect(),
            has_more,
        }
    }
}

/// Where the audit chain is broken.
#[napi(object, object_from_js = false)]
pub struct BrokenLinkData {
    /// Where.
    pub seq: f64,
    /// What is wrong.
    pub problem: String,
}

impl From<BrokenLink> for BrokenLinkData {
    fn from(link: BrokenLink) -> Self {
        let BrokenLink { seq, problem } = link;
        Self {
            seq: whole(seq),
            problem,
        }
    }
}

/// What came of an import.
#[napi(object, object_from_js = false)]
pub struct ReportData {
    /// Ids of keys.
    pub imported: Vec<String>,
    /// Records that were refused.
    pub refused: Vec<RefusedData>,
}

impl From<ImportReport> for ReportData {
    fn from(report: ImportReport) -> Self {
        let ImportReport { imported, refused } = report;
        Self {
            imported,
            refused: refused.into_iter().map(RefusedData::from).collect(),
        }
    }
}

/// A record that was not taken over.
#[napi(object, object_from_js = false)]
pub struct RefusedData {
    /// Which, from 0.
    pub index: f64,
    /// The error's code.
    pub code: String,
    /// What was wrong.
    pub message: String,
}

impl From<RefusedRecord> for RefusedData {
    fn from(record: RefusedRecord) -> Self {
        let RefusedRecord {
            index,
            code,
            message,
        } = record;
        Self {
            index: whole(index),
            code,
            message,
        }
    }
}
