//! OpenAI's Admin API around keys: its paths, objects, pages and refusals.

pub(crate) mod admin_keys;
pub(crate) mod audit_logs;
mod events;
mod forms;
pub(crate) mod project_keys;
pub(crate) mod projects;
pub(crate) mod service_accounts;

use crate::credential::Admin;
use crate::error::ApiError;
use crate::members::Members;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use keywright::{ApiKey, CreateOptions, KeyStatus, Project};
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;
use std::time::Duration;

/// As long as a key may be asked to live: a year.
const LIFETIME: RangeInclusive<u64> = 1..=31_536_000;
/// How many are on a page, where nothing is said.
const PAGE: u32 = 20;
/// What the key is called that comes with a service account.
const KEY_NAME: &str = "Secret Key";

/// The ids in a path. What can't be one names nothing.
pub(crate) struct Ids<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, state).await;
        match read {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_) => Err(ApiError::not_found("There is nothing of that id.")),
        }
    }
}

/// How long a key is to live, if that is said.
fn expires_in(members: &mut Members) -> Result<Option<Duration>, ApiError> {
    let seconds = members.integer("expires_in_seconds", LIFETIME)?;
    Ok(seconds.map(Duration::from_secs))
}

/// Scopes as OpenAI means them: an empty list is all permissions, not none.
fn scopes(members: &mut Members) -> Result<Option<Vec<String>>, ApiError> {
    let given = members.texts("scopes")?;
    Ok(given.filter(|list| !list.is_empty()))
}

/// The project of that id. A name is none.
async fn project(admin: &Admin, id: &str) -> Result<Project, ApiError> {
    let found = admin.keys.projects().get(id).await;
    let unknown = || ApiError::not_found("The project was not found.").code("project_not_found");
    match found {
        Ok(project) if project.id == id => Ok(project),
        Ok(_) => Err(unknown()),
        Err(error) if error.code.http_status() < 500 => Err(unknown()),
        Err(error) => Err(admin.told_openai(&error)),
    }
}

/// The project of that id, in which something is to be changed.
async fn open_project(admin: &Admin, id: &str) -> Result<Project, ApiError> {
    let project = project(admin, id).await?;
    if project.archived_at.is_some() {
        return Err(
            ApiError::bad_request("The project is archived. Use another project.")
                .code("project_archived"),
        );
    }
    Ok(project)
}

/// A key that is still there: one that was revoked is gone from here.
fn there(found: Result<ApiKey, keywright::Error>, admin: &Admin) -> Result<ApiKey, ApiError> {
    let gone = || ApiError::not_found("The API key was not found.");
    match found {
        Ok(key) if key.status != KeyStatus::Revoked => Ok(key),
        Ok(_) => Err(gone()),
        Err(error) if error.code.http_status() < 500 => Err(gone()),
        Err(error) => Err(admin.told_openai(&error)),
    }
}

/// A key of a service account, with what was said of it.
fn key_options(project: &Project, idempotency_key: Option<String>) -> CreateOptions {
    CreateOptions {
        project: Some(project.id.clone()),
        idempotency_key,
        ..CreateOptions::default()
    }
}
