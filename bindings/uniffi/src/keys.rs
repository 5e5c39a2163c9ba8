//! The life of keys.

use crate::arguments::{limits, moment, small, span, whole};
use crate::call::{Token, Told, wait};
use crate::manager::NativeManager;
use crate::records::{ApiKey, Count, DailyUse, Limit};
use crate::secret::NativeSecret;
use crate::words::{KeyClass, KeyStatus, RevocationReason};
use keywright::{CreateOptions, Created, ListOptions, Page, Result, UpdateOptions};
use std::collections::HashMap;
use std::sync::Arc;

/// What a key is to be.
#[derive(uniffi::Record)]
pub struct NativeCreateInput {
    /// Its project.
    pub project: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// Its scopes.
    pub scopes: Option<Vec<String>>,
    /// Seconds.
    pub expires_in: Option<i64>,
    /// Unix seconds.
    pub expires_at: Option<i64>,
    /// Its networks.
    pub allowed_ips: Option<Vec<String>>,
    /// Its metadata.
    pub metadata: HashMap<String, String>,
    /// Its class.
    pub key_class: Option<KeyClass>,
    /// A limit in short.
    pub rate_limit: Option<String>,
    /// A limit in short.
    pub credits: Option<i64>,
    /// Limits in full.
    pub limits: Vec<Limit>,
    /// Makes a retry safe.
    pub idempotency_key: Option<String>,
}

fn create_options(input: NativeCreateInput) -> Result<CreateOptions> {
    let NativeCreateInput {
        project,
        owner,
        scopes,
        expires_in,
        expires_at,
        allowed_ips,
        metadata,
        key_class,
        rate_limit,
        credits,
        limits: bounds,
        idempotency_key,
    } = input;
    Ok(CreateOptions {
        project,
        owner,
        scopes,
        expires_in: span(expires_in, "the time until it expires")?,
        expires_at: moment(expires_at, "the time when it expires")?,
        allowed_ips,
        metadata: metadata.into_iter().collect(),
        class: key_class,
        rate_limit,
        credits: credits.map(|it| whole(it, "credits")).transpose()?,
        limits: limits(bounds)?,
        idempotency_key,
    })
}

/// New texts, or none at all.
#[derive(uniffi::Record)]
pub struct NativeTextsChange {
    /// The texts.
    pub to: Option<Vec<String>>,
}

/// A new moment, or none at all.
#[derive(uniffi::Record)]
pub struct NativeMomentChange {
    /// Unix seconds.
    pub to: Option<i64>,
}

/// What is to change.
#[derive(uniffi::Record)]
pub struct NativeUpdateInput {
    /// A new name.
    pub name: Option<String>,
    /// New metadata.
    pub metadata: Option<HashMap<String, String>>,
    /// New scopes.
    pub scopes: Option<NativeTextsChange>,
    /// New networks.
    pub allowed_ips: Option<NativeTextsChange>,
    /// A new expiry.
    pub expires_at: Option<NativeMomentChange>,
    /// New limits.
    pub limits: Option<Vec<Limit>>,
}

fn update_options(input: NativeUpdateInput) -> Result<UpdateOptions> {
    let NativeUpdateInput {
        name,
        metadata,
        scopes,
        allowed_ips,
        expires_at,
        limits: bounds,
    } = input;
    Ok(UpdateOptions {
        name,
        metadata: metadata.map(|pairs| pairs.into_iter().collect()),
        scopes: scopes.map(|NativeTextsChange { to }| to),
        allowed_ips: allowed_ips.map(|NativeTextsChange { to }| to),
        expires_at: expires_at
            .map(|NativeMomentChange { to }| moment(to, "the time when it expires"))
            .transpose()?,
        limits: bounds.map(limits).transpose()?,
    })
}

/// Which keys.
#[derive(uniffi::Record)]
pub struct NativeListInput {
    /// In this project.
    pub project: Option<String>,
    /// Of this owner.
    pub owner: Option<String>,
    /// With this status.
    pub status: Option<KeyStatus>,
    /// With this text.
    pub search: Option<String>,
    /// Also revoked ones.
    pub include_revoked: bool,
    /// Behind this one.
    pub after: Option<String>,
    /// So many.
    pub limit: Option<i64>,
}

pub(crate) fn list_options(input: NativeListInput) -> Result<ListOptions> {
    let NativeListInput {
        project,
        owner,
        status,
        search,
        include_revoked,
        after,
        limit,
    } = input;
    Ok(ListOptions {
        project,
        owner,
        status,
        search,
        include_revoked,
        after,
        limit: limit.map(|it| small(it, "limit")).transpose()?,
    })
}

/// A key and its secret.
#[derive(uniffi::Record)]
pub struct NativeCreated {
    /// The key.
    pub key: ApiKey,
    /// Its secret.
    pub secret: Arc<NativeSecret>,
}

impl From<Created> for NativeCreated {
    fn from(created: Created) -> Self {
        let Created { key, secret } = created;
        Self {
            key: key.into(),
            secret: Arc::new(secret.into()),
        }
    }
}

/// A page of keys.
#[derive(uniffi::Record)]
pub struct NativeKeyPage {
    /// What is on it.
    pub data: Vec<ApiKey>,
    /// Whether there is more.
    pub has_more: bool,
}

impl From<Page<keywright::ApiKey>> for NativeKeyPage {
    fn from(page: Page<keywright::ApiKey>) -> Self {
        let Page { data, has_more } = page;
        Self {
            data: data.into_iter().map(ApiKey::from).collect(),
            has_more,
        }
    }
}

/// Writes the methods that take a key's id and nothing more.
macro_rules! by_id {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {
        #[uniffi::export]
        impl NativeManager {
            $(
                $(#[doc = $doc])+
                pub async fn $name(&self, id: String, cancel: Token) -> Told<ApiKey> {
                    wait(Some(&self.keys), cancel, self.keys.$name(&id)).await
                }
            )+
        }
    };
}

by_id! {
    /// The key of that id.
    get;
    /// Ends the old version.
    finish_rotation;
    /// Ends the new version.
    cancel_rotation;
    /// Switches it off.
    disable;
    /// Switches it on.
    enable;
}

#[uniffi::export]
impl NativeManager {
    /// Issues a key.
    pub async fn create(
        &self,
        name: String,
        input: NativeCreateInput,
        cancel: Token,
    ) -> Told<NativeCreated> {
        let work = async { self.keys.create(&name, create_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Keys.
    pub async fn list(&self, input: NativeListInput, cancel: Token) -> Told<NativeKeyPage> {
        let work = async { self.keys.list(list_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Changes a key.
    pub async fn update(
        &self,
        id: String,
        input: NativeUpdateInput,
        cancel: Token,
    ) -> Told<ApiKey> {
        let work = async { self.keys.update(&id, update_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Gives it a new secret.
    pub async fn rotate(
        &self,
        id: String,
        overlap: Option<i64>,
        cancel: Token,
    ) -> Told<NativeCreated> {
        let work = async { self.keys.rotate(&id, span(overlap, "overlap")?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Kills it.
    pub async fn revoke(
        &self,
        id: String,
        reason: RevocationReason,
        cancel: Token,
    ) -> Told<ApiKey> {
        wait(Some(&self.keys), cancel, self.keys.revoke(&id, reason)).await
    }

    /// Kills all of an owner's.
    pub async fn revoke_all(
        &self,
        owner: String,
        reason: RevocationReason,
        cancel: Token,
    ) -> Told<Count> {
        wait(
            Some(&self.keys),
            cancel,
            self.keys.revoke_all(&owner, reason),
        )
        .await
    }

    /// How often it was used, day by day.
    pub async fn usage(&self, id: String, days: i64, cancel: Token) -> Told<Vec<DailyUse>> {
        let work = async {
            let uses = self.keys.usage(&id, small(days, "days")?).await?;
            Ok(uses.into_iter().map(DailyUse::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }
}
