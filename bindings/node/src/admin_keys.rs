//! Admin keys.

use crate::arguments::{maybe_moment, span};
use crate::call::{CancelToken, wait};
use crate::failure::Failure;
use crate::key_data::{CreatedData, KeyData, KeyPage};
use crate::keys::{ListInput, list_options, reason};
use crate::manager::NativeManager;
use crate::presented::Presented;
use crate::verification::Answer;
use napi::Either;
use napi_derive::napi;

#[napi]
impl NativeManager {
    /// Issues an admin key. `expires_in` is in seconds, `expires_at` in Unix milliseconds.
    #[napi]
    pub async fn admin_keys_create(
        &self,
        name: String,
        expires_in: Option<f64>,
        expires_at: Option<f64>,
        cancel: Option<&CancelToken>,
    ) -> Either<CreatedData, Failure> {
        let work = async {
            let expires_in = span(expires_in, "expiresIn")?;
            let expires_at = maybe_moment(expires_at, "expiresAt")?;
            let admin_keys = self.keys.admin_keys();
            admin_keys.create(&name, expires_in, expires_at).await
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// The admin key of that id.
    #[napi]
    pub async fn admin_keys_get(
        &self,
        id: String,
        cancel: Option<&CancelToken>,
    ) -> Either<KeyData, Failure> {
        let admin_keys = self.keys.admin_keys();
        wait(Some(&self.keys), cancel, admin_keys.get(&id)).await
    }

    /// Admin keys.
    #[napi]
    pub async fn admin_keys_list(
        &self,
        input: ListInput,
        cancel: Option<&CancelToken>,
    ) -> Either<KeyPage, Failure> {
        let work = async { self.keys.admin_keys().list(list_options(input)?).await };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Kills an admin key.
    #[napi]
    pub async fn admin_keys_revoke(
        &self,
        id: String,
        why: Option<String>,
        cancel: Option<&CancelToken>,
    ) -> Either<KeyData, Failure> {
        let work = async {
            let reason = reason(why.as_deref())?;
            self.keys.admin_keys().revoke(&id, reason).await
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Whether a secret is that of an admin key in good standing.
    #[napi]
    pub async fn admin_keys_verify(
        &self,
        #[napi(ts_arg_type = "string | Uint8Array | NativeSecret")] secret: Presented,
        cancel: Option<&CancelToken>,
    ) -> Either<Answer, Failure> {
        let admin_keys = self.keys.admin_keys();
        let work = admin_keys.verify(secret.bytes());
        wait(Some(&self.keys), cancel, work).await
    }
}
