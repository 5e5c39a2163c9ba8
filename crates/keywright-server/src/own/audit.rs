//! `GET /v1/audit`: the trail as it is, oldest first, refused attempts and MACs too, so that it can be
//! kept elsewhere and checked.

use crate::answer::{Answer, json};
use crate::credential::Admin;
use crate::error::ApiError;
use crate::members::invalid_value;
use crate::query::Query;
use keywright::{AuditEvent, AuditOptions, Timestamp};
use serde::Serialize;

/// How many are on a page, where nothing is said.
const PAGE: u32 = 100;

#[derive(Serialize)]
struct Trail {
    object: &'static str,
    data: Vec<AuditEvent>,
    has_more: bool,
    /// What to send as `after` to go on.
    next: Option<u64>,
}

pub(crate) async fn all(admin: Admin, query: Query) -> Answer {
    let text = |name| Ok::<_, ApiError>(query.one(name)?.map(str::to_owned));
    let options = AuditOptions {
        object_id: text("object_id")?,
        project: text("project")?,
        event_types: query.all("event_types"),
        actor: text("actor")?,
        since: since(&query)?,
        after: query.integer("after", 0..=u64::MAX)?,
        limit: Some(query.limit(1..=1000, PAGE)?),
    };
    let page = admin.keys.audit(options).await;
    let page = page.map_err(|error| admin.told(&error))?;
    json(&Trail {
        object: "list",
        next: page.data.last().map(|event| event.seq),
        data: page.data,
        has_more: page.has_more,
    })
}

fn since(query: &Query) -> Result<Option<Timestamp>, ApiError> {
    let Some(seconds) = query.integer("since", 0..=u64::MAX)? else {
        return Ok(None);
    };
    let moment = i64::try_from(seconds).ok().and_then(Timestamp::from_unix);
    moment
        .map(Some)
        .ok_or_else(|| invalid_value("since", "use Unix seconds, as an integer"))
}
