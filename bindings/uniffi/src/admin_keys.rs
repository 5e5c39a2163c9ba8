//! Admin keys.

use crate::arguments::{moment, span};
use crate::call::{Token, Told, wait};
use crate::keys::{NativeCreated, NativeKeyPage, NativeListInput, list_options};
use crate::manager::NativeManager;
use crate::records::ApiKey;
use crate::secret::NativeSecret;
use crate::verification::NativeVerification;
use crate::words::RevocationReason;
use secrecy::ExposeSecret;
use std::sync::Arc;

#[uniffi::export]
impl NativeManager {
    /// Issues an admin key. `expires_in` is in seconds, `expires_at` in Unix seconds.
    pub async fn admin_keys_create(
        &self,
        name: String,
        expires_in: Option<i64>,
        expires_at: Option<i64>,
        cancel: Token,
    ) -> Told<NativeCreated> {
        let work = async {
            let expires_in = span(expires_in, "the time until it expires")?;
            let expires_at = moment(expires_at, "the time when it expires")?;
            let admin_keys = self.keys.admin_keys();
            admin_keys.create(&name, expires_in, expires_at).await
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// The admin key of that id.
    pub async fn admin_keys_get(&self, id: String, cancel: Token) -> Told<ApiKey> {
        let admin_keys = self.keys.admin_keys();
        wait(Some(&self.keys), cancel, admin_keys.get(&id)).await
    }

    /// Admin keys.
    pub async fn admin_keys_list(
        &self,
        input: NativeListInput,
        cancel: Token,
    ) -> Told<NativeKeyPage> {
        let work = async { self.keys.admin_keys().list(list_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Kills an admin key.
    pub async fn admin_keys_revoke(
        &self,
        id: String,
        reason: RevocationReason,
        cancel: Token,
    ) -> Told<ApiKey> {
        let admin_keys = self.keys.admin_keys();
        wait(Some(&self.keys), cancel, admin_keys.revoke(&id, reason)).await
    }

    /// Whether a secret is that of an admin key in good standing.
    pub async fn admin_keys_verify(
        &self,
        secret: Arc<NativeSecret>,
        cancel: Token,
    ) -> Told<NativeVerification> {
        let work = async {
            let secret = secret.copy()?;
            self.keys.admin_keys().verify(secret.expose_secret()).await
        };
        wait(Some(&self.keys), cancel, work).await
    }
}
