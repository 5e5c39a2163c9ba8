//! `/v1/organization/admin_api_keys`

use super::{Ids, PAGE, expires_in, forms, there};
use crate::answer::{Answer, WithValue, deleted, json, list};
use crate::body::idempotency_key;
use crate::credential::Admin;
use crate::members::{Members, invalid_value};
use crate::query::Query;
use http::HeaderMap;
use keywright::{CreateOptions, ErrorCode, ListOptions, RevocationReason};

/// The most that a page holds; OpenAI writes no maximum.
const MOST: u64 = 1000;

pub(crate) async fn all(admin: Admin, query: Query) -> Answer {
    let limit = query
        .limit(1..=u64::MAX, PAGE)?
        .min(u32::try_from(MOST).unwrap_or(PAGE));
    let order = query.choice("order", &["asc", "desc"])?;
    let after = query.one("after")?.map(str::to_owned);
    let has_cursor = after.is_some();
    let options = ListOptions {
        after,
        limit: Some(limit),
        ..ListOptions::default()
    };
    let page = admin
        .keys
        .list_in_order(options, true, order != Some("desc"))
        .await
        .map_err(|error| match error.code {
            // Here OpenAI knows no 404.
            ErrorCode::NotFound | ErrorCode::InvalidArgument if has_cursor => {
                invalid_value("after", "it is the id of no admin key")
            }
            _ => admin.told_openai(&error),
        })?;
    list(forms::admin_keys(&admin, page.data).await?, page.has_more)
}

pub(crate) async fn create(admin: Admin, headers: HeaderMap, mut members: Members) -> Answer {
    let name = members.required_text("name")?;
    let options = CreateOptions {
        expires_in: expires_in(&mut members)?,
        idempotency_key: idempotency_key(&headers)?,
        ..CreateOptions::default()
    };
    let created = admin.keys.create_admin_key(&name, options).await;
    let created = created.map_err(|error| admin.told_openai(&error))?;
    json(&WithValue {
        object: forms::admin_key(&admin, created.key).await?,
        value: created.secret.reveal(),
    })
}

pub(crate) async fn get(admin: Admin, Ids(id): Ids<String>) -> Answer {
    let key = there(admin.keys.admin_keys().get(&id).await, &admin)?;
    json(&forms::admin_key(&admin, key).await?)
}

pub(crate) async fn delete(admin: Admin, Ids(id): Ids<String>) -> Answer {
    let admin_keys = admin.keys.admin_keys();
    let key = there(admin_keys.get(&id).await, &admin)?;
    let revoked = admin_keys
        .revoke(&key.id, RevocationReason::default())
        .await;
    revoked.map_err(|error| admin.told_openai(&error))?;
    deleted(&key.id, "organization.admin_api_key.deleted")
}
