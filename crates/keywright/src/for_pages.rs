//! What the pages need beyond the public surface: keys for signing their forms, chance, and writes
//! that a form which is sent twice can't do twice. Hidden, and no promise to anyone else.

use crate::manager::KeyManager;
use crate::options::LogLevel;
use crate::types::{CreateOptions, Created};
use keywright_core::ids::KeyId;
use keywright_core::keys::{KeyPatch, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::secret::Class;
use keywright_core::{Error, Result, operations};
use std::time::Duration;
use zeroize::Zeroizing;

impl KeyManager {
    /// A key for one purpose; it ends with the current pepper.
    #[doc(hidden)]
    #[must_use]
    pub fn derive_key(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        self.inner.peppers.derive(purpose)
    }

    /// Bytes that nobody can foresee.
    #[doc(hidden)]
    pub fn random_bytes(&self) -> Result<[u8; 16]> {
        let mut bytes = [0; 16];
        self.inner.random.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// [`create`](Self::create), which also says whether the secret replaces an undelivered one.
    #[doc(hidden)]
    pub async fn create_or_replace(
        &self,
        name: &str,
        options: CreateOptions,
    ) -> Result<(Created, bool)> {
        let class = options.class.unwrap_or(Class::Live);
        if class == Class::Admin {
            return Err(Error::invalid("an admin key is not made on a page"));
        }
        self.issue_or_reissue(name, class, options).await
    }

    /// [`rotate`](Self::rotate), if the newest version is still that one; else
    /// `rotation_in_progress`.
    #[doc(hidden)]
    pub async fn rotate_from(&self, id: &str, newest: u32, overlap: Duration) -> Result<Created> {
        self.rotate_if(id, Some(overlap), Some(newest)).await
    }

    /// Audits that a page was sent a form about a key that isn't there, or is someone else's.
    #[doc(hidden)]
    pub async fn refuse_form(&self, action: &str, id: &str) -> Result<()> {
        let Ok(id) = id.parse::<KeyId>() else {
            return Ok(());
        };
        let command = match action {
            "rotate" | "finish" => Command::FinishRotation,
            "cancel" => Command::CancelRotation,
            "disable" => Command::Disable,
            "enable" => Command::Enable,
            "revoke" => Command::Revoke(RevocationReason::default()),
            _ => Command::Update(KeyPatch::default()),
        };
        let context = self.context();
        self.transact(move |tx| {
            operations::refuse_unknown::<()>(tx, &context, id, &command).map(|_| ())
        })
        .await
    }

    /// Tells the log of an error that a page could only show.
    #[doc(hidden)]
    pub fn log_error(&self, error: &Error) {
        let code = Some(error.code.as_str());
        self.log(
            LogLevel::Error,
            &error.message,
            code,
            error.key_id.as_deref(),
        );
    }
}
