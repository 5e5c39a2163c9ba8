//! What comes out, as plain objects. The TypeScript makes its own classes of them.

use keywright::{
    AuditEvent, BrokenLink, ImportReport, Page, Project, RefusedRecord, ServiceAccount, Timestamp,
    User,
};
use napi_derive::napi;

/// Unix seconds.
pub(crate) fn seconds(moment: Timestamp) -> f64 {
    whole(moment.unix().unsigned_abs())
}

pub(crate) fn maybe_seconds(moment: Option<Timestamp>) -> Option<f64> {
    moment.map(seconds)
}

/// JavaScript's numbers are exact up to 2^53, which no count of ours exceeds.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn whole(number: u64) -> f64 {
    number as f64
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
