//! `/v1/organization/projects/{project_id}/service_accounts`, and the keys that they are given.

use super::{Ids, KEY_NAME, PAGE, expires_in, forms, key_options, open_project, project, scopes};
use crate::answer::{Answer, WithValue, deleted, json, list, page_of};
use crate::body::idempotency_key;
use crate::credential::Admin;
use crate::error::ApiError;
use crate::members::{Members, invalid_value};
use crate::query::Query;
use http::HeaderMap;
use keywright::{CreateOptions, ServiceAccount};
use serde::Serialize;
use serde_json::Value;

pub(crate) async fn all(admin: Admin, Ids(id): Ids<String>, query: Query) -> Answer {
    let limit = query.limit(1..=100, PAGE)?;
    let project = project(&admin, &id).await?;
    if project.archived_at.is_some() {
        return list(Vec::new(), false);
    }
    let all = admin.keys.service_accounts().list(Some(&project.id)).await;
    let all = all.map_err(|error| admin.told_openai(&error))?;
    let (page, has_more) = page_of(
        all,
        query.one("after")?,
        limit,
        |account| &account.id,
        |_| true,
    )?;
    list(page.iter().map(forms::service_account).collect(), has_more)
}

/// A service account with its first key, or with none.
#[derive(Serialize)]
struct Created<'a> {
    #[serde(flatten)]
    account: Value,
    api_key: Option<WithValue<'a, Value>>,
}

pub(crate) async fn create(
    admin: Admin,
    Ids(id): Ids<String>,
    headers: HeaderMap,
    mut members: Members,
) -> Answer {
    let name = members.required_text("name")?;
    let account_only = members.boolean("create_service_account_only")?;
    let lifetime = expires_in(&mut members)?;
    let idempotency_key = idempotency_key(&headers)?;
    let project = open_project(&admin, &id).await?;
    if account_only != Some(true) {
        let options = CreateOptions {
            expires_in: lifetime,
            ..key_options(&project, idempotency_key)
        };
        let made = admin
            .keys
            .create_service_account_with_key(&name, KEY_NAME, options);
        let (account, created) = made.await.map_err(|error| admin.told_openai(&error))?;
        return json(&Created {
            account: forms::service_account(&account),
            api_key: Some(WithValue {
                object: forms::service_account_key(&created.key),
                value: created.secret.reveal(),
            }),
        });
    }
    if lifetime.is_some() {
        return Err(invalid_value(
            "expires_in_seconds",
            "without a key there is nothing that expires",
        ));
    }
    let made = admin
        .keys
        .create_service_account_once(&name, &project.id, idempotency_key.as_deref())
        .await;
    let account = made.map_err(|error| admin.told_openai(&error))?;
    json(&Created {
        account: forms::service_account(&account),
        api_key: None,
    })
}

pub(crate) async fn get(admin: Admin, Ids((project_id, id)): Ids<(String, String)>) -> Answer {
    let account = account_of(&admin, &project_id, &id).await?;
    json(&forms::service_account(&account))
}

pub(crate) async fn update(
    admin: Admin,
    Ids((project_id, id)): Ids<(String, String)>,
    mut members: Members,
) -> Answer {
    let name = members.text("name")?;
    // Roles are not kept: the one that every account has may be named, and no other.
    if members.text("role")?.is_some_and(|role| role != "member") {
        return Err(invalid_value("role", "every service account is a member"));
    }
    let mut account = account_of(&admin, &project_id, &id).await?;
    if let Some(name) = name {
        let accounts = admin.keys.service_accounts();
        let renamed = accounts.update(&account.id, &name).await;
        account = renamed.map_err(|error| admin.told_openai(&error))?;
    }
    json(&forms::service_account(&account))
}

pub(crate) async fn delete(admin: Admin, Ids((project_id, id)): Ids<(String, String)>) -> Answer {
    let account = account_of(&admin, &project_id, &id).await?;
    let gone = admin.keys.service_accounts().delete(&account.id).await;
    gone.map_err(|error| admin.told_openai(&error))?;
    deleted(&account.id, "organization.project.service_account.deleted")
}

pub(crate) async fn create_key(
    admin: Admin,
    Ids((project_id, id)): Ids<(String, String)>,
    headers: HeaderMap,
    mut members: Members,
) -> Answer {
    let name = members.text("name")?;
    let options = CreateOptions {
        scopes: scopes(&mut members)?,
        expires_in: expires_in(&mut members)?,
        idempotency_key: idempotency_key(&headers)?,
        ..CreateOptions::default()
    };
    let project = open_project(&admin, &project_id).await?;
    let account = account_of(&admin, &project_id, &id).await?;
    let options = CreateOptions {
        project: Some(project.id),
        owner: Some(account.id),
        ..options
    };
    let name = name.as_deref().unwrap_or(KEY_NAME);
    let created = admin.keys.create(name, options).await;
    let created = created.map_err(|error| admin.told_openai(&error))?;
    json(&WithValue {
        object: forms::service_account_key(&created.key),
        value: created.secret.reveal(),
    })
}

/// The service account of that id, if it is in that project. An archived project has none.
async fn account_of(admin: &Admin, project_id: &str, id: &str) -> Result<ServiceAccount, ApiError> {
    let project = project(admin, project_id).await?;
    let unknown = || ApiError::not_found("The service account was not found.");
    match admin.keys.service_accounts().get(id).await {
        Ok(account) if account.project_id == project.id && project.archived_at.is_none() => {
            Ok(account)
        }
        Ok(_) => Err(unknown()),
        Err(error) if error.code.http_status() < 500 => Err(unknown()),
        Err(error) => Err(admin.told_openai(&error)),
    }
}
