//! One opened store: what concerns it as a whole, and verifying.

use crate::call::{Token, Told, now, wait};
use crate::records::{ApiKey, AuditEvent, BrokenLink};
use crate::secret::NativeSecret;
use crate::verification::{NativeRequirements, NativeVerification, verify_options};
use keywright::{AuditOptions, KeyManager, Page, Result, VerifyOptions};
use secrecy::ExposeSecret;
use std::sync::Arc;

/// One opened store.
#[derive(uniffi::Object)]
pub struct NativeManager {
    pub(crate) keys: KeyManager,
}

impl From<KeyManager> for NativeManager {
    fn from(keys: KeyManager) -> Self {
        Self { keys }
    }
}

/// Which events.
#[derive(uniffi::Record)]
pub struct NativeAuditInput {
    /// About this.
    pub object_id: Option<String>,
    /// In this project.
    pub project: Option<String>,
    /// Of these types.
    pub event_types: Vec<String>,
    /// Of this actor.
    pub actor: Option<String>,
    /// Unix seconds.
    pub since: Option<i64>,
    /// Behind this place.
    pub after: Option<i64>,
    /// So many.
    pub limit: Option<i64>,
}

/// A page of events.
#[derive(uniffi::Record)]
pub struct NativeEventPage {
    /// What is on it.
    pub data: Vec<AuditEvent>,
    /// Whether there is more.
    pub has_more: bool,
}

impl From<Page<keywright::AuditEvent>> for NativeEventPage {
    fn from(page: Page<keywright::AuditEvent>) -> Self {
        let Page { data, has_more } = page;
        Self {
            data: data.into_iter().map(AuditEvent::from).collect(),
            has_more,
        }
    }
}

fn audit_options(input: NativeAuditInput) -> Result<AuditOptions> {
    use crate::arguments::{moment, small, whole};
    let NativeAuditInput {
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
        event_types,
        actor,
        since: moment(since, "since")?,
        after: after.map(|seq| whole(seq, "after")).transpose()?,
        limit: limit.map(|limit| small(limit, "limit")).transpose()?,
    })
}

#[uniffi::export]
impl NativeManager {
    /// The brand of the store.
    pub fn brand(&self) -> String {
        self.keys.brand().to_owned()
    }

    /// The file of the store.
    pub fn path(&self) -> Option<String> {
        Some(self.keys.path()?.to_string_lossy().into_owned())
    }

    /// The same store with someone else acting.
    pub fn acting_as(&self, actor: String, ip: Option<String>) -> Told<Arc<NativeManager>> {
        now(Some(&self.keys), || {
            let keys = self.keys.acting_as(&actor, ip.as_deref())?;
            Ok(Arc::new(Self::from(keys)))
        })
    }

    /// Stores what is held back.
    pub async fn flush(&self, cancel: Token) -> Told<()> {
        wait(Some(&self.keys), cancel, self.keys.flush()).await
    }

    /// Lets go of the store.
    pub async fn shut(&self) -> Told<()> {
        wait(Some(&self.keys), None, self.keys.close()).await
    }

    /// The answer if it is at hand, where nothing is required.
    pub fn verify_now(&self, secret: &[u8]) -> Told<Option<NativeVerification>> {
        now(Some(&self.keys), || {
            let answer = self.keys.verify_now(secret, &VerifyOptions::default());
            Ok(answer.map(NativeVerification::from))
        })
    }

    /// The answer if it is at hand.
    pub fn verify_for_now(
        &self,
        secret: &[u8],
        required: NativeRequirements,
    ) -> Told<Option<NativeVerification>> {
        now(Some(&self.keys), || {
            let answer = self.keys.verify_now(secret, &verify_options(required)?);
            Ok(answer.map(NativeVerification::from))
        })
    }

    /// The answer.
    pub async fn verify(
        &self,
        secret: Arc<NativeSecret>,
        required: NativeRequirements,
        cancel: Token,
    ) -> Told<NativeVerification> {
        let work = async {
            let options = verify_options(required)?;
            let secret = secret.copy()?;
            self.keys.verify(secret.expose_secret(), &options).await
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Which key is this?
    pub async fn identify(&self, secret: Arc<NativeSecret>, cancel: Token) -> Told<Option<ApiKey>> {
        let work = async {
            let secret = secret.copy()?;
            let found = self.keys.identify(secret.expose_secret()).await?;
            Ok(found.map(ApiKey::from))
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Events.
    pub async fn audit(&self, input: NativeAuditInput, cancel: Token) -> Told<NativeEventPage> {
        let work = async { self.keys.audit(audit_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// The first broken link.
    pub async fn verify_audit(&self, cancel: Token) -> Told<Option<BrokenLink>> {
        let work = async {
            let broken = self.keys.verify_audit().await?;
            Ok(broken.map(BrokenLink::from))
        };
        wait(Some(&self.keys), cancel, work).await
    }
}
