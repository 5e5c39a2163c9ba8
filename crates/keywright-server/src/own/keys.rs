//! `/v1/keys`: issue, look at, rotate, disable, enable, revoke.

use super::moment;
use crate::answer::{Answer, WithValue, json, list, no_such_cursor};
use crate::body::idempotency_key;
use crate::credential::{Admin, holder};
use crate::error::ApiError;
use crate::members::{Members, invalid_value};
use crate::openai::Ids;
use crate::query::Query;
use crate::state::App;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::request::Parts;
use keywright::{
    ApiKey, Class, CreateOptions, DailyUse, Error, ErrorCode, KeyStatus, Limit, ListOptions,
    RevocationReason, Timestamp, UpdateOptions,
};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// No lifetime or overlap is longer: a hundred years.
const LONGEST: u64 = 3_155_760_000;
/// How many are on a page, where nothing is said.
const PAGE: u32 = 20;

pub(crate) async fn create(admin: Admin, headers: HeaderMap, mut members: Members) -> Answer {
    let name = members.required_text("name")?;
    let options = CreateOptions {
        project: members.text("project")?,
        owner: members.text("owner")?,
        scopes: members.texts("scopes")?,
        expires_in: members
            .integer("expires_in_seconds", 1..=LONGEST)?
            .map(Duration::from_secs),
        expires_at: expires_at(&mut members)?,
        allowed_ips: members.texts("allowed_ips")?,
        metadata: members.pairs("metadata")?,
        class: class(&mut members)?,
        rate_limit: members.text("rate_limit")?,
        credits: members.integer("credits", 0..=u64::MAX)?,
        limits: limits(&mut members)?,
        idempotency_key: idempotency_key(&headers)?,
    };
    members.end()?;
    let created = admin.keys.create(&name, options).await;
    let created = created.map_err(|error| admin.told(&error))?;
    json(&WithValue {
        object: &created.key,
        value: created.secret.reveal(),
    })
}

fn expires_at(members: &mut Members) -> Result<Option<Timestamp>, ApiError> {
    let given = members.value("expires_at");
    given.map(|value| moment(&value, "expires_at")).transpose()
}

fn class(members: &mut Members) -> Result<Option<Class>, ApiError> {
    let Some(text) = members.text("class")? else {
        return Ok(None);
    };
    let found = [Class::Live, Class::Test, Class::Temp]
        .into_iter()
        .find(|class| class.as_str() == text);
    found
        .map(Some)
        .ok_or_else(|| invalid_value("class", "use live, test or temp"))
}

fn limits(members: &mut Members) -> Result<Vec<Limit>, ApiError> {
    let given = members.list("limits")?.unwrap_or_default();
    let limit = |value: Value| {
        serde_json::from_value(value).map_err(|_| {
            invalid_value(
                "limits",
                "each is an object with name, unit, capacity, and either window_seconds, or refill_amount and refill_seconds, or neither",
            )
        })
    };
    given.into_iter().map(limit).collect()
}

pub(crate) async fn all(admin: Admin, query: Query) -> Answer {
    const STATUSES: &[&str] = &["active", "disabled", "expired", "revoked"];
    let status = query.choice("status", STATUSES)?;
    let text = |name| Ok::<_, ApiError>(query.one(name)?.map(str::to_owned));
    let options = ListOptions {
        project: text("project")?,
        owner: text("owner")?,
        status: status.and_then(|name| {
            let statuses = KeyStatus::ALL.iter().copied();
            statuses.into_iter().find(|status| status.as_str() == name)
        }),
        search: text("search")?,
        include_revoked: query.boolean("include_revoked")?,
        after: text("after")?,
        limit: Some(query.limit(1..=1000, PAGE)?),
    };
    let cursor = options.after.clone();
    let page = match admin.keys.list(options).await {
        Ok(page) => page,
        Err(error) => return Err(list_refusal(&admin, cursor.as_deref(), &error).await),
    };
    let data = page.data.iter().map(serde_json::to_value);
    let failed = |_| ApiError::failed(http::StatusCode::INTERNAL_SERVER_ERROR);
    let data = data.collect::<Result<_, _>>().map_err(failed)?;
    list(data, page.has_more)
}

/// Whether it was the cursor that isn't there, or something else.
async fn list_refusal(admin: &Admin, cursor: Option<&str>, error: &Error) -> ApiError {
    if let Some(cursor) = cursor
        && error.code.http_status() < 500
        && admin.keys.get(cursor).await.is_err()
    {
        return no_such_cursor();
    }
    admin.told(error)
}

pub(crate) async fn get(admin: Admin, KeyId(id): KeyId) -> Answer {
    shown(&admin, admin.keys.get(&id).await)
}

#[derive(Serialize)]
struct Usage {
    object: &'static str,
    data: Vec<DailyUse>,
}

/// Day by day, oldest first.
pub(crate) async fn usage(admin: Admin, KeyId(id): KeyId, query: Query) -> Answer {
    let days = query.integer("days", 1..=90)?.unwrap_or(30);
    let days = u32::try_from(days).unwrap_or(30);
    let used = admin.keys.usage(&id, days).await;
    json(&Usage {
        object: "list",
        data: used.map_err(|error| told(&admin, &error))?,
    })
}

/// What isn't given stays; `null` takes a bound away.
pub(crate) async fn update(admin: Admin, KeyId(id): KeyId, mut members: Members) -> Answer {
    for name in ["name", "metadata", "limits"] {
        members.no_null(name)?;
    }
    let changes = UpdateOptions {
        name: members.text("name")?,
        metadata: members
            .has("metadata")
            .then(|| members.pairs("metadata"))
            .transpose()?,
        scopes: members
            .has("scopes")
            .then(|| members.texts("scopes"))
            .transpose()?,
        allowed_ips: members
            .has("allowed_ips")
            .then(|| members.texts("allowed_ips"))
            .transpose()?,
        expires_at: members
            .has("expires_at")
            .then(|| expires_at(&mut members))
            .transpose()?,
        limits: members
            .has("limits")
            .then(|| limits(&mut members))
            .transpose()?,
    };
    members.end()?;
    shown(&admin, admin.keys.update(&id, changes).await)
}

pub(crate) async fn rotate(admin: Admin, KeyId(id): KeyId, mut members: Members) -> Answer {
    let overlap = members.integer("overlap_seconds", 0..=LONGEST)?;
    members.end()?;
    let overlap = overlap.map(Duration::from_secs);
    let rotated = admin.keys.rotate(&id, overlap).await;
    let rotated = rotated.map_err(|error| told(&admin, &error))?;
    json(&WithValue {
        object: &rotated.key,
        value: rotated.secret.reveal(),
    })
}

pub(crate) async fn finish_rotation(admin: Admin, KeyId(id): KeyId, members: Members) -> Answer {
    members.end()?;
    shown(&admin, admin.keys.finish_rotation(&id).await)
}

pub(crate) async fn cancel_rotation(admin: Admin, KeyId(id): KeyId, members: Members) -> Answer {
    members.end()?;
    shown(&admin, admin.keys.cancel_rotation(&id).await)
}

pub(crate) async fn disable(admin: Admin, KeyId(id): KeyId, members: Members) -> Answer {
    members.end()?;
    shown(&admin, admin.keys.disable(&id).await)
}

pub(crate) async fn enable(admin: Admin, KeyId(id): KeyId, members: Members) -> Answer {
    members.end()?;
    shown(&admin, admin.keys.enable(&id).await)
}

pub(crate) async fn revoke(admin: Admin, KeyId(id): KeyId, mut members: Members) -> Answer {
    let reason = match members.text("reason")? {
        None => RevocationReason::default(),
        Some(text) => reason(&text)?,
    };
    members.end()?;
    shown(&admin, admin.keys.revoke(&id, reason).await)
}

fn reason(text: &str) -> Result<RevocationReason, ApiError> {
    let known = RevocationReason::ALL.iter().copied();
    let words = || {
        let words = RevocationReason::ALL.iter().map(|reason| reason.as_str());
        words.collect::<Vec<_>>().join(", ")
    };
    known
        .into_iter()
        .find(|reason| reason.as_str() == text)
        .ok_or_else(|| invalid_value("reason", &format!("use one of {}", words())))
}

/// The key of whoever asks, of either kind.
pub(crate) async fn own(State(app): State<App>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match holder(&app, &parts).await {
        Ok(key) => json(&key).into_response(),
        Err(refusal) => refusal,
    }
}

fn shown(admin: &Admin, outcome: Result<ApiKey, Error>) -> Answer {
    json(&outcome.map_err(|error| told(admin, &error))?)
}

fn told(admin: &Admin, error: &Error) -> ApiError {
    match error.code {
        ErrorCode::NotFound => no_such_key(),
        _ => admin.told(error),
    }
}

fn no_such_key() -> ApiError {
    ApiError::not_found("The API key was not found.")
}

/// The id of a key in a path. What can't be one names nothing, like the id of nothing.
pub(crate) struct KeyId(String);

impl<S: Send + Sync> FromRequestParts<S> for KeyId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Ids(id) = Ids::<String>::from_request_parts(parts, state).await?;
        let letters = id.strip_prefix("key_").unwrap_or_default();
        if letters.len() == 24 && letters.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(id))
        } else {
            Err(no_such_key())
        }
    }
}
