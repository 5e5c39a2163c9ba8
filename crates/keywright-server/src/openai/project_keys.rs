//! `/v1/organization/projects/{project_id}/api_keys`

use super::{Ids, LIFETIME, PAGE, forms, project, there};
use crate::answer::{Answer, deleted, json, list, no_such_cursor};
use crate::credential::Admin;
use crate::error::ApiError;
use crate::members::{Members, missing};
use crate::query::Query;
use keywright::{ApiKey, ErrorCode, ListOptions, RevocationReason, Timestamp, UpdateOptions};
use std::time::Duration;

pub(crate) async fn all(admin: Admin, Ids(id): Ids<String>, query: Query) -> Answer {
    let limit = query.limit(1..=100, PAGE)?;
    let access = query.choice("owner_project_access", &["active", "inactive", "any"])?;
    let after = query.one("after")?.map(str::to_owned);
    let has_cursor = after.is_some();
    let project = project(&admin, &id).await?;
    if access == Some("inactive") {
        // Whoever loses access loses their keys.
        return list(Vec::new(), false);
    }
    let options = ListOptions {
        project: Some(project.id),
        after,
        limit: Some(limit),
        ..ListOptions::default()
    };
    let page = admin
        .keys
        .list_in_order(options, false, true)
        .await
        .map_err(|error| match error.code {
            ErrorCode::NotFound | ErrorCode::InvalidArgument if has_cursor => no_such_cursor(),
            _ => admin.told_openai(&error),
        })?;
    list(forms::project_keys(&admin, page.data).await?, page.has_more)
}

pub(crate) async fn get(admin: Admin, Ids((project_id, id)): Ids<(String, String)>) -> Answer {
    let key = key_of(&admin, &project_id, &id).await?;
    json(&forms::project_key(&admin, key).await?)
}

pub(crate) async fn update(
    admin: Admin,
    Ids((project_id, id)): Ids<(String, String)>,
    mut members: Members,
) -> Answer {
    for name in ["scopes", "expires_in_seconds"] {
        members.no_null(name)?;
    }
    if !members.has("scopes") && !members.has("expires_in_seconds") {
        return Err(missing("scopes"));
    }
    let scopes = members
        .has("scopes")
        .then(|| super::scopes(&mut members))
        .transpose()?;
    let lifetime = members.integer("expires_in_seconds", LIFETIME)?;
    let key = key_of(&admin, &project_id, &id).await?;
    let changes = UpdateOptions {
        scopes,
        expires_at: lifetime.map(|seconds| from_now(&admin, seconds)),
        ..UpdateOptions::default()
    };
    let updated = admin.keys.update(&key.id, changes).await;
    let updated = updated.map_err(|error| admin.told_openai(&error))?;
    json(&forms::project_key(&admin, updated).await?)
}

pub(crate) async fn delete(admin: Admin, Ids((project_id, id)): Ids<(String, String)>) -> Answer {
    let key = key_of(&admin, &project_id, &id).await?;
    let reason = RevocationReason::default();
    let revoked = admin.keys.revoke(&key.id, reason).await;
    revoked.map_err(|error| admin.told_openai(&error))?;
    deleted(&key.id, "organization.project.api_key.deleted")
}

/// The key of that id, if it is in that project.
async fn key_of(admin: &Admin, project_id: &str, id: &str) -> Result<ApiKey, ApiError> {
    let project = project(admin, project_id).await?;
    let key = there(admin.keys.get(id).await, admin)?;
    if key.project_id == project.id {
        Ok(key)
    } else {
        Err(ApiError::not_found("The API key was not found."))
    }
}

fn from_now(admin: &Admin, seconds: u64) -> Option<Timestamp> {
    admin.keys.now().after(Duration::from_secs(seconds))
}
