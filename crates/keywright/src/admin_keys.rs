//! Admin keys: they manage, and are never accepted as data keys, nor data keys as theirs.

use crate::manager::KeyManager;
use crate::types::{ApiKey, CreateOptions, Created, ListOptions, Page};
use crate::verify::Verification;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::secret::Class;
use keywright_core::time::Timestamp;
use keywright_core::{Requirements, Result};
use std::time::Duration;

/// The admin keys of a store; see [`KeyManager::admin_keys`].
#[derive(Clone, Debug)]
pub struct AdminKeys(KeyManager);

impl KeyManager {
    /// Admin keys: for whoever manages keys from outside.
    #[must_use]
    pub fn admin_keys(&self) -> AdminKeys {
        AdminKeys(self.clone())
    }
}

impl AdminKeys {
    /// Issues an admin key and shows its secret, this once.
    pub async fn create(
        &self,
        name: &str,
        expires_in: Option<Duration>,
        expires_at: Option<Timestamp>,
    ) -> Result<Created> {
        let options = CreateOptions {
            expires_in,
            expires_at,
            ..CreateOptions::default()
        };
        self.0.issue(name, Class::Admin, options).await
    }

    /// The admin key of that id.
    pub async fn get(&self, id: &str) -> Result<ApiKey> {
        self.0.get_of_kind(id, true).await
    }

    /// Admin keys, newest first.
    pub async fn list(&self, options: ListOptions) -> Result<Page<ApiKey>> {
        self.0.list_of_kind(options, true, false).await
    }

    /// Kills an admin key for good. Doing it twice changes nothing.
    pub async fn revoke(&self, id: &str, reason: RevocationReason) -> Result<ApiKey> {
        self.0
            .change_of_kind(id, true, Command::Revoke(reason))
            .await
    }

    /// Whether a presented secret is that of an admin key in good standing. A data key is
    /// `wrong_class` here.
    pub async fn verify(
        &self,
        secret: &(impl AsRef<[u8]> + ?Sized + Sync),
    ) -> Result<Verification> {
        self.0
            .verify_bytes(
                secret.as_ref(),
                &Requirements::default(),
                Some(Class::Admin),
            )
            .await
    }
}
