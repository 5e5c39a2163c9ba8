//! Our objects as OpenAI's.

use crate::credential::Admin;
use crate::error::ApiError;
use keywright::for_server::AccountCard;
use keywright::{ApiKey, KeyOwner, OwnerKind, Project, ServiceAccount};
use serde_json::{Value, json};

/// What every service account is in its project: roles are not kept, and its keys work.
const ROLE: &str = "member";

/// What there is to tell of the owners of these keys, in their order.
pub(super) async fn owners(
    admin: &Admin,
    keys: &[ApiKey],
) -> Result<Vec<Option<AccountCard>>, ApiError> {
    let owners: Vec<KeyOwner> = keys.iter().map(|key| key.owner.clone()).collect();
    let found = admin.keys.accounts_of(&owners).await;
    found.map_err(|error| admin.told_openai(&error))
}

pub(super) async fn admin_key(admin: &Admin, key: ApiKey) -> Result<Value, ApiError> {
    Ok(first(admin_keys(admin, vec![key]).await?))
}

pub(super) async fn admin_keys(admin: &Admin, keys: Vec<ApiKey>) -> Result<Vec<Value>, ApiError> {
    let cards = owners(admin, &keys).await?;
    let form = |(key, card): (&ApiKey, Option<AccountCard>)| {
        json!({
            "object": "organization.admin_api_key",
            "id": key.id,
            "name": key.name,
            "redacted_value": key.redacted_value,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "last_used_at": key.last_used_at,
            "owner": card.map_or_else(|| json!({}), |card| json!({
                "type": key.owner.kind.as_str(),
                "object": format!("organization.{}", key.owner.kind.as_str()),
                "id": key.owner.id,
                "name": card.name,
                "created_at": card.created_at,
                "role": "owner",
            })),
        })
    };
    Ok(keys.iter().zip(cards).map(form).collect())
}

pub(super) async fn project_key(admin: &Admin, key: ApiKey) -> Result<Value, ApiError> {
    Ok(first(project_keys(admin, vec![key]).await?))
}

pub(super) async fn project_keys(admin: &Admin, keys: Vec<ApiKey>) -> Result<Vec<Value>, ApiError> {
    let cards = owners(admin, &keys).await?;
    let form = |(key, card): (&ApiKey, Option<AccountCard>)| {
        json!({
            "object": "organization.project.api_key",
            "id": key.id,
            "name": key.name,
            "redacted_value": key.redacted_value,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
            "last_used_at": key.last_used_at,
            // Who is deleted takes their keys along: a key that is there has an owner who may use it.
            "owner_project_access": "active",
            "owner": owner(&key.owner, card),
        })
    };
    Ok(keys.iter().zip(cards).map(form).collect())
}

fn first(forms: Vec<Value>) -> Value {
    forms.into_iter().next().unwrap_or_default()
}

/// OpenAI knows users and service accounts; an owner of the application's own is told beside those.
fn owner(owner: &KeyOwner, card: Option<AccountCard>) -> Value {
    let Some(AccountCard { name, created_at }) = card else {
        return json!({ "external": { "id": owner.id } });
    };
    match owner.kind {
        OwnerKind::User => json!({
            "type": "user",
            // No address is kept; the schema wants a text.
            "user": { "id": owner.id, "email": "", "name": name, "created_at": created_at, "role": ROLE },
        }),
        OwnerKind::ServiceAccount | OwnerKind::External => json!({
            "type": "service_account",
            "service_account": {
                "id": owner.id, "name": name, "created_at": created_at, "role": ROLE,
            },
        }),
    }
}

pub(super) fn project(project: &Project) -> Value {
    json!({
        "object": "organization.project",
        "id": project.id,
        "name": project.name,
        "created_at": project.created_at,
        "archived_at": project.archived_at,
        "status": project.status,
    })
}

pub(super) fn service_account(account: &ServiceAccount) -> Value {
    json!({
        "object": "organization.project.service_account",
        "id": account.id,
        "name": account.name,
        "role": ROLE,
        "created_at": account.created_at,
    })
}

/// A new key of a service account, without its secret.
pub(super) fn service_account_key(key: &ApiKey) -> Value {
    json!({
        "object": "organization.project.service_account.api_key",
        "id": key.id,
        "name": key.name,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
    })
}
