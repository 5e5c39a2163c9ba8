//! Whether a request may manage: only an admin key may, and whoever holds another live key is told
//! that this is what it lacks, and not that it is dead.

use super::answer::Authorization;
use super::credential::{self, Credential};
use super::{AuthorizeOptions, HttpPolicy, RequestParts, required};
use crate::manager::KeyManager;
use crate::types::ApiKey;
use keywright_core::secret::Class;
use keywright_core::{Requirements, Result, VerifyCode, judge};

/// What comes of a request that manages.
#[doc(hidden)]
#[derive(Debug)]
pub enum AdminAuthorization {
    /// It may: this is its key.
    Passed(Box<ApiKey>),
    /// Its key is a live one, and no admin key.
    NoAdminKey,
    /// It may not, and this is the answer.
    Refused(Authorization),
}

impl KeyManager {
    /// [`authorize`](Self::authorize) for admin keys.
    #[doc(hidden)]
    pub async fn authorize_admin(
        &self,
        request: &RequestParts<'_>,
        policy: &HttpPolicy,
    ) -> Result<AdminAuthorization> {
        let options = AuthorizeOptions::default();
        let required = required(request, &options, policy)?;
        let secret = match credential::find(request, policy) {
            Credential::One(secret) => secret,
            Credential::None(code) => {
                return Ok(AdminAuthorization::Refused(self.without_key(code, policy)));
            }
        };
        let answer = match self
            .verify_bytes(secret, &required, Some(Class::Admin))
            .await
        {
            // No admin key has the form of an imported secret; a data key may.
            Ok(answer)
                if matches!(
                    answer.code(),
                    VerifyCode::WrongClass | VerifyCode::Malformed
                ) =>
            {
                match self.is_live_data_key(secret).await {
                    Ok(true) => return Ok(AdminAuthorization::NoAdminKey),
                    Ok(false) => Authorization::verified(answer, &options, policy),
                    Err(error) => self.unanswered(&error, policy),
                }
            }
            Ok(answer) => Authorization::verified(answer, &options, policy),
            Err(error) => self.unanswered(&error, policy),
        };
        Ok(match answer.key() {
            Some(key) => AdminAuthorization::Passed(Box::new(key)),
            None => AdminAuthorization::Refused(answer),
        })
    }

    /// Whether it could be used for something. It is not used: nothing is charged.
    async fn is_live_data_key(&self, secret: &[u8]) -> Result<bool> {
        let Some(found) = self.find_presented(secret).await? else {
            return Ok(false);
        };
        let code = judge(&found, &Requirements::default(), self.now());
        let live = matches!(
            code,
            VerifyCode::Valid | VerifyCode::IpNotAllowed | VerifyCode::InsufficientScope
        );
        Ok(live && found.key.class != Class::Admin)
    }
}
