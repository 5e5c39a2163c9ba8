//! One opened store: what concerns it as a whole, and verifying.

use crate::arguments::whole;
use crate::call::{CancelToken, now, wait};
use crate::data::{BrokenLinkData, EventPage};
use crate::failure::Failure;
use crate::key_data::KeyData;
use crate::log::{LogData, LogQueue};
use crate::presented::Presented;
use crate::verification::Answer;
use keywright::{AuditOptions, KeyManager, Verification, VerifyOptions};
use napi::Either;
use napi::bindgen_prelude::{Either4, Null};
use napi_derive::napi;
use std::sync::Arc;

/// One opened store.
#[napi]
pub struct NativeManager {
    pub(crate) keys: KeyManager,
    log: Option<Arc<LogQueue>>,
}

impl NativeManager {
    pub(crate) fn new(keys: KeyManager, log: Option<Arc<LogQueue>>) -> Self {
        Self { keys, log }
    }
}

/// Which events.
#[napi(object, object_to_js = false)]
pub struct AuditInput {
    /// About this.
    pub object_id: Option<String>,
    /// In this project.
    pub project: Option<String>,
    /// Of these types.
    pub event_types: Option<Vec<String>>,
    /// Of this actor.
    pub actor: Option<String>,
    /// Unix milliseconds.
    pub since: Option<f64>,
    /// Behind this place.
    pub after: Option<f64>,
    /// So many.
    pub limit: Option<f64>,
}

/// Whether an answer says nothing but its code.
fn is_bare(answer: &Verification) -> bool {
    answer.key_id().is_none() && answer.limit().is_none() && answer.retry_after().is_none()
}

fn audit_options(input: AuditInput) -> keywright::Result<AuditOptions> {
    let AuditInput {
        object_id,
        project,
        event_types,
        actor,
        since,
        after,
        limit,
    } = input;
    Ok(AuditOptions {
        object_id,
        project,
        event_types: event_types.unwrap_or_default(),
        actor,
        since: crate::arguments::maybe_moment(since, "since")?,
        after: after.map(|seq| whole(seq, "after")).transpose()?,
        limit: limit
            .map(|limit| crate::arguments::small(limit, "limit"))
            .transpose()?,
    })
}

fn verify_options(
    scopes: Option<Vec<String>>,
    ip: Option<String>,
    cost: Option<f64>,
) -> keywright::Result<VerifyOptions> {
    Ok(VerifyOptions {
        scopes: scopes.unwrap_or_default(),
        ip,
        cost: cost.map(|cost| whole(cost, "cost")).transpose()?,
    })
}

#[napi]
impl NativeManager {
    /// The brand of the store.
    #[napi(getter, catch_unwind)]
    pub fn brand(&self) -> &str {
        self.keys.brand()
    }

    /// The file of the store.
    #[napi(getter, catch_unwind)]
    pub fn path(&self) -> Option<String> {
        Some(self.keys.path()?.to_string_lossy().into_owned())
    }

    /// The same store with someone else acting.
    #[napi(catch_unwind)]
    pub fn acting_as(&self, actor: String, ip: Option<String>) -> Either<NativeManager, Failure> {
        now(Some(&self.keys), || {
            let keys = self.keys.acting_as(&actor, ip.as_deref())?;
            Ok(Self::new(keys, self.log.clone()))
        })
    }

    /// Stores what is held back.
    #[napi]
    pub async fn flush(&self, cancel: Option<&CancelToken>) -> Either<(), Failure> {
        wait(Some(&self.keys), cancel, self.keys.flush()).await
    }

    /// Lets go of the store.
    #[napi]
    pub async fn close(&self) -> Either<(), Failure> {
        wait(Some(&self.keys), None, self.keys.close()).await
    }

    /// What there is to tell since it was last asked.
    #[napi(catch_unwind)]
    pub fn take_log(&self) -> Vec<LogData> {
        self.log.as_ref().map(|log| log.take()).unwrap_or_default()
    }

    /// The answer if it is at hand; the bare code's place in `verify_codes` where there is no more
    /// to it, so that a flood of wrong secrets makes no objects.
    #[napi(catch_unwind)]
    pub fn verify_now(
        &self,
        #[napi(ts_arg_type = "string | Uint8Array | NativeSecret")] secret: Presented,
        scopes: Option<Vec<String>>,
        ip: Option<String>,
        cost: Option<f64>,
    ) -> Either4<u32, Answer, Null, Failure> {
        let answer: Either<Option<Verification>, Failure> = now(Some(&self.keys), || {
            let options = verify_options(scopes, ip, cost)?;
            Ok(self.keys.verify_now(secret.bytes(), &options))
        });
        match answer {
            Either::A(None) => Either4::C(Null),
            Either::A(Some(answer)) if is_bare(&answer) => Either4::A(answer.code() as u32),
            Either::A(Some(answer)) => Either4::B(answer.into()),
            Either::B(failure) => Either4::D(failure),
        }
    }

    /// The answer, waited for on this thread.
    #[napi(catch_unwind)]
    pub fn verify_sync(
        &self,
        #[napi(ts_arg_type = "string | Uint8Array | NativeSecret")] secret: Presented,
        scopes: Option<Vec<String>>,
        ip: Option<String>,
        cost: Option<f64>,
    ) -> Either<Answer, Failure> {
        now(Some(&self.keys), || {
            let options = verify_options(scopes, ip, cost)?;
            futures_executor::block_on(self.keys.verify(secret.bytes(), &options))
        })
    }

    /// The answer.
    #[napi]
    pub async fn verify(
        &self,
        #[napi(ts_arg_type = "string | Uint8Array | NativeSecret")] secret: Presented,
        scopes: Option<Vec<String>>,
        ip: Option<String>,
        cost: Option<f64>,
        cancel: Option<&CancelToken>,
    ) -> Either<Answer, Failure> {
        let work = async {
            let options = verify_options(scopes, ip, cost)?;
            self.keys.verify(secret.bytes(), &options).await
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Which key is this?
    #[napi]
    pub async fn identify(
        &self,
        #[napi(ts_arg_type = "string | Uint8Array | NativeSecret")] secret: Presented,
        cancel: Option<&CancelToken>,
    ) -> Either<Option<KeyData>, Failure> {
        let work = async {
            let found = self.keys.identify(secret.bytes()).await?;
            Ok(found.map(KeyData::from))
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Events.
    #[napi]
    pub async fn audit(
        &self,
        input: AuditInput,
        cancel: Option<&CancelToken>,
    ) -> Either<EventPage, Failure> {
        let work = async { self.keys.audit(audit_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// The first broken link.
    #[napi]
    pub async fn verify_audit(
        &self,
        cancel: Option<&CancelToken>,
    ) -> Either<Option<BrokenLinkData>, Failure> {
        let work = async {
            let broken = self.keys.verify_audit().await?;
            Ok(broken.map(BrokenLinkData::from))
        };
        wait(Some(&self.keys), cancel, work).await
    }
}
