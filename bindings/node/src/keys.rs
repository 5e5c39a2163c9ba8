//! The life of keys.

use crate::arguments::{
    LimitInput, Pair, limits, maybe_moment, metadata, small, span, whole, word,
};
use crate::call::{CancelToken, wait};
use crate::data::whole as number;
use crate::failure::Failure;
use crate::key_data::{CreatedData, DailyUseData, KeyData, KeyPage};
use crate::manager::NativeManager;
use keywright::{
    Class, CreateOptions, KeyStatus, ListOptions, Result, RevocationReason, UpdateOptions,
};
use napi::Either;
use napi_derive::napi;

/// What a key is to be.
#[napi(object, object_to_js = false)]
pub struct CreateInput {
    /// Its project.
    pub project: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// Its scopes.
    pub scopes: Option<Vec<String>>,
    /// Seconds.
    pub expires_in: Option<f64>,
    /// Unix milliseconds.
    pub expires_at: Option<f64>,
    /// Its networks.
    pub allowed_ips: Option<Vec<String>>,
    /// Its metadata.
    pub metadata: Option<Vec<Pair>>,
    /// Its class.
    pub class: Option<String>,
    /// A limit in short.
    pub rate_limit: Option<String>,
    /// A limit in short.
    pub credits: Option<f64>,
    /// Limits in full.
    pub limits: Option<Vec<LimitInput>>,
    /// Makes a retry safe.
    pub idempotency_key: Option<String>,
}

fn create_options(input: CreateInput) -> Result<CreateOptions> {
    let CreateInput {
        project,
        owner,
        scopes,
        expires_in,
        expires_at,
        allowed_ips,
        metadata: pairs,
        class,
        rate_limit,
        credits,
        limits: bounds,
        idempotency_key,
    } = input;
    Ok(CreateOptions {
        project,
        owner,
        scopes,
        expires_in: span(expires_in, "expiresIn")?,
        expires_at: maybe_moment(expires_at, "expiresAt")?,
        allowed_ips,
        metadata: metadata(pairs),
        class: word(class.as_deref(), Class::parse)?,
        rate_limit,
        credits: credits.map(|it| whole(it, "credits")).transpose()?,
        limits: limits(bounds.unwrap_or_default())?,
        idempotency_key,
    })
}

/// New texts, or none at all.
#[napi(object, object_to_js = false)]
pub struct TextsChange {
    /// The texts.
    pub to: Option<Vec<String>>,
}

/// A new moment, or none at all.
#[napi(object, object_to_js = false)]
pub struct MomentChange {
    /// Unix milliseconds.
    pub to: Option<f64>,
}

/// What is to change.
#[napi(object, object_to_js = false)]
pub struct UpdateInput {
    /// A new name.
    pub name: Option<String>,
    /// New metadata.
    pub metadata: Option<Vec<Pair>>,
    /// New scopes.
    pub scopes: Option<TextsChange>,
    /// New networks.
    pub allowed_ips: Option<TextsChange>,
    /// A new expiry.
    pub expires_at: Option<MomentChange>,
    /// New limits.
    pub limits: Option<Vec<LimitInput>>,
}

fn update_options(input: UpdateInput) -> Result<UpdateOptions> {
    let UpdateInput {
        name,
        metadata: pairs,
        scopes,
        allowed_ips,
        expires_at,
        limits: bounds,
    } = input;
    Ok(UpdateOptions {
        name,
        metadata: pairs.map(|pairs| metadata(Some(pairs))),
        scopes: scopes.map(|TextsChange { to }| to),
        allowed_ips: allowed_ips.map(|TextsChange { to }| to),
        expires_at: expires_at
            .map(|MomentChange { to }| maybe_moment(to, "expiresAt"))
            .transpose()?,
        limits: bounds.map(limits).transpose()?,
    })
}

/// Which keys.
#[napi(object, object_to_js = false)]
pub struct ListInput {
    /// In this project.
    pub project: Option<String>,
    /// Of this owner.
    pub owner: Option<String>,
    /// With this status.
    pub status: Option<String>,
    /// With this text.
    pub search: Option<String>,
    /// Also revoked ones.
    pub include_revoked: Option<bool>,
    /// Behind this one.
    pub after: Option<String>,
    /// So many.
    pub limit: Option<f64>,
}

pub(crate) fn list_options(input: ListInput) -> Result<ListOptions> {
    let ListInput {
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
        status: word(status.as_deref(), KeyStatus::parse)?,
        search,
        include_revoked: include_revoked.unwrap_or(false),
        after,
        limit: limit.map(|it| small(it, "limit")).transpose()?,
    })
}

pub(crate) fn reason(text: Option<&str>) -> Result<RevocationReason> {
    Ok(word(text, RevocationReason::parse)?.unwrap_or_default())
}

/// Writes the methods that take a key's id and nothing more.
macro_rules! by_id {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {
        #[napi]
        impl NativeManager {
            $(
                $(#[doc = $doc])+
                #[napi]
                pub async fn $name(
                    &self,
                    id: String,
                    cancel: Option<&CancelToken>,
                ) -> Either<KeyData, Failure> {
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

#[napi]
impl NativeManager {
    /// Issues a key.
    #[napi]
    pub async fn create(
        &self,
        name: String,
        input: CreateInput,
        cancel: Option<&CancelToken>,
    ) -> Either<CreatedData, Failure> {
        let work = async { self.keys.create(&name, create_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Keys.
    #[napi]
    pub async fn list(
        &self,
        input: ListInput,
        cancel: Option<&CancelToken>,
    ) -> Either<KeyPage, Failure> {
        let work = async { self.keys.list(list_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Changes a key.
    #[napi]
    pub async fn update(
        &self,
        id: String,
        input: UpdateInput,
        cancel: Option<&CancelToken>,
    ) -> Either<KeyData, Failure> {
        let work = async { self.keys.update(&id, update_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Gives it a new secret.
    #[napi]
    pub async fn rotate(
        &self,
        id: String,
        overlap: Option<f64>,
        cancel: Option<&CancelToken>,
    ) -> Either<CreatedData, Failure> {
        let work = async { self.keys.rotate(&id, span(overlap, "overlap")?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Kills it.
    #[napi]
    pub async fn revoke(
        &self,
        id: String,
        why: Option<String>,
        cancel: Option<&CancelToken>,
    ) -> Either<KeyData, Failure> {
        let work = async { self.keys.revoke(&id, reason(why.as_deref())?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Kills all of an owner's.
    #[napi]
    pub async fn revoke_all(
        &self,
        owner: String,
        why: Option<String>,
        cancel: Option<&CancelToken>,
    ) -> Either<f64, Failure> {
        let work = async {
            let revoked = self.keys.revoke_all(&owner, reason(why.as_deref())?);
            revoked.await.map(number)
        };
        wait(Some(&self.keys), cancel, work).await
    }
    /// How often it was used, day by day.
    #[napi]
    pub async fn usage(
        &self,
        id: String,
        days: f64,
        cancel: Option<&CancelToken>,
    ) -> Either<Vec<DailyUseData>, Failure> {
        let work = async {
            let uses = self.keys.usage(&id, small(days, "days")?).await?;
            Ok(uses.into_iter().map(DailyUseData::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }
}
