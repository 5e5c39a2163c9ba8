//! `/v1/organization/audit_logs`: what was carried out, newest first.

use super::PAGE;
use super::events::{self, Names};
use crate::answer::{Answer, list};
use crate::credential::Admin;
use crate::error::ApiError;
use crate::query::Query;
use keywright::for_server::EventFilter;
use keywright::{AuditEvent, Timestamp};

/// Unix seconds that a point in time can have here.
const MOMENTS: std::ops::RangeInclusive<u64> = 0..=253_402_300_799;

pub(crate) async fn all(admin: Admin, query: Query) -> Answer {
    query.boolean("tenant_only")?;
    let moment = |name| query.integer(name, MOMENTS);
    let later = |seconds: Option<u64>| seconds.map(|it| it + 1);
    let since = moment("effective_at[gte]")?.max(later(moment("effective_at[gt]")?));
    let earlier = moment("effective_at[lt]")?.map(|it| it.checked_sub(1));
    let until = [moment("effective_at[lte]")?, earlier.flatten()];
    // Before the first second there is nothing; and no event tells anybody's address.
    let nothing = earlier == Some(None) || !query.all("actor_emails").is_empty();
    let filter = EventFilter {
        object_ids: query.all("resource_ids"),
        project_ids: query.all("project_ids"),
        event_types: query
            .all("event_types")
            .iter()
            .map(|name| events::ours(name).to_owned())
            .collect(),
        actors: query.all("actor_ids"),
        since: since.and_then(timestamp),
        until: until.into_iter().flatten().min().and_then(timestamp),
        older_than: cursor(&query, "after")?,
        newer_than: cursor(&query, "before")?,
        limit: query.limit(1..=100, PAGE)?,
    };
    if nothing {
        return list(Vec::new(), false);
    }
    let page = admin.keys.newest_events(filter).await;
    let page = page.map_err(|error| admin.told_openai(&error))?;
    let names = names(&admin, &page.data).await?;
    let data = page.data.iter().map(|event| events::form(event, &names));
    list(data.collect(), page.has_more)
}

fn timestamp(seconds: u64) -> Option<Timestamp> {
    Timestamp::from_unix(i64::try_from(seconds).ok()?)
}

/// The place in the chain that a cursor names.
fn cursor(query: &Query, name: &'static str) -> Result<Option<u64>, ApiError> {
    let Some(text) = query.one(name)? else {
        return Ok(None);
    };
    match events::place(text) {
        Some(place) => Ok(Some(place)),
        None => Err(crate::answer::no_such_cursor()),
    }
}

/// What an event alone doesn't tell: what projects are called, and which keys are admin keys, whose
/// project means nothing.
async fn names(admin: &Admin, page: &[AuditEvent]) -> Result<Names, ApiError> {
    let projects = admin.keys.projects().list(true).await;
    let projects = projects.map_err(|error| admin.told_openai(&error))?;
    let mut names = Names::default();
    for project in projects {
        names.projects.insert(project.id, project.name);
    }
    for event in page {
        let id = &event.object_id;
        if event.event_type.starts_with("api_key.")
            && !names.admin_keys.contains(id)
            && admin.keys.admin_keys().get(id).await.is_ok()
        {
            names.admin_keys.insert(id.clone());
        }
    }
    Ok(names)
}
