//! `/v1/organization/projects`

use super::{Ids, PAGE, forms, open_project, project};
use crate::answer::{Answer, json, list, page_of};
use crate::body::idempotency_key;
use crate::credential::Admin;
use crate::error::ApiError;
use crate::members::{Members, invalid_value};
use crate::query::Query;
use http::HeaderMap;
use keywright::ProjectOptions;

pub(crate) async fn all(admin: Admin, query: Query) -> Answer {
    let limit = query.limit(1..=100, PAGE)?;
    let archived_too = query.boolean("include_archived")?;
    // Those that are archived keep their places, so that no page is lost when one is archived.
    let all = admin.keys.projects().list(true).await;
    let all = all.map_err(|error| admin.told_openai(&error))?;
    let (page, has_more) = page_of(
        all,
        query.one("after")?,
        limit,
        |project| &project.id,
        |project| archived_too || project.archived_at.is_none(),
    )?;
    list(page.iter().map(forms::project).collect(), has_more)
}

pub(crate) async fn create(admin: Admin, headers: HeaderMap, mut members: Members) -> Answer {
    let name = members.required_text("name")?;
    refuse_promises(&mut members)?;
    let options = ProjectOptions::default();
    let idempotency_key = idempotency_key(&headers)?;
    let made = admin
        .keys
        .create_project_once(&name, options, idempotency_key.as_deref())
        .await;
    json(&forms::project(
        &made.map_err(|error| admin.told_openai(&error))?,
    ))
}

pub(crate) async fn get(admin: Admin, Ids(id): Ids<String>) -> Answer {
    json(&forms::project(&project(&admin, &id).await?))
}

pub(crate) async fn update(admin: Admin, Ids(id): Ids<String>, mut members: Members) -> Answer {
    let name = members.text("name")?;
    refuse_promises(&mut members)?;
    let mut project = open_project(&admin, &id).await?;
    if let Some(name) = name {
        let renamed = admin.keys.projects().update(&project.id, &name).await;
        project = renamed.map_err(|error| admin.told_openai(&error))?;
    }
    json(&forms::project(&project))
}

pub(crate) async fn archive(admin: Admin, Ids(id): Ids<String>, _nothing: Members) -> Answer {
    let project = project(&admin, &id).await?;
    let archived = admin.keys.projects().archive(&project.id).await;
    json(&forms::project(
        &archived.map_err(|error| admin.told_openai(&error))?,
    ))
}

/// Where data lies and under whose key is nothing that this server keeps: it must not seem to.
fn refuse_promises(members: &mut Members) -> Result<(), ApiError> {
    for name in ["residency", "geography", "external_key_id"] {
        let value = members.value(name);
        if value.is_some_and(|value| value != "GLOBAL") {
            return Err(invalid_value(
                name,
                "this server does not see to it. Leave it out",
            ));
        }
    }
    Ok(())
}
