//! A secret that crosses: opaque to the host until it is asked for, wiped when it is let go. On its
//! way in its exact bytes count, so it need not be text.

use crate::call::{Told, now};
use keywright::{Error, ErrorCode, HashKey, Result, Secret};
use secrecy::{ExposeSecret, SecretSlice};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A secret. The packages wrap it in their own class `Secret`.
#[derive(uniffi::Object)]
pub struct NativeSecret {
    bytes: Mutex<Option<SecretSlice<u8>>>,
    redacted_value: String,
    shown: String,
}

#[uniffi::export]
impl NativeSecret {
    /// Takes the bytes over; of a longer text than any secret has, so many are looked at as show it.
    #[uniffi::constructor]
    pub fn from_bytes(bytes: &[u8]) -> Arc<Self> {
        Arc::new(Self::taken(bytes))
    }

    /// The secret itself. The host's copy can't be wiped.
    pub fn reveal(&self) -> Told<String> {
        now(None, || self.text())
    }

    /// What may be shown of it.
    pub fn redacted_value(&self) -> String {
        self.redacted_value.clone()
    }

    /// How it shows itself.
    pub fn shown(&self) -> String {
        self.shown.clone()
    }

    /// Wipes it now.
    pub fn wipe(&self) {
        drop(self.slot().take());
    }
}

impl NativeSecret {
    /// The longest that is taken: keys of other systems' HMACs may be as long.
    const MOST: usize = 64 * 1024;

    fn taken(bytes: &[u8]) -> Self {
        let looked_at = &bytes[..bytes.len().min(Self::MOST)];
        let shown = std::str::from_utf8(looked_at).unwrap_or_default();
        Self::new(looked_at, &Secret::from_string(shown.to_owned()))
    }

    fn new(bytes: &[u8], shown: &Secret) -> Self {
        Self {
            bytes: Mutex::new(Some(Box::<[u8]>::from(bytes).into())),
            redacted_value: shown.redacted_value().to_owned(),
            shown: format!("{shown:?}"),
        }
    }

    /// Does something with its bytes, unless it was closed.
    pub(crate) fn with<T>(&self, run: impl FnOnce(&[u8]) -> T) -> Result<T> {
        let slot = self.slot();
        let bytes = slot.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::Closed, "the secret was closed")
                .hint("use it before it is closed, or rotate the key to get a new one")
        })?;
        Ok(run(bytes.expose_secret()))
    }

    /// A copy for a call that waits.
    pub(crate) fn copy(&self) -> Result<SecretSlice<u8>> {
        self.with(|bytes| Box::<[u8]>::from(bytes).into())
    }

    /// As text.
    pub(crate) fn text(&self) -> Result<String> {
        self.with(|bytes| std::str::from_utf8(bytes).map(str::to_owned))?
            .map_err(|_| {
                Error::invalid("the secret is not well-formed text")
                    .hint("it was given as bytes, and can only be used as bytes")
            })
    }

    /// As a secret that is text.
    pub(crate) fn secret(&self) -> Result<Secret> {
        self.text().map(Secret::from_string)
    }

    /// As a key of another system's HMAC.
    pub(crate) fn hash_key(&self) -> Result<HashKey> {
        self.with(|bytes| HashKey::from_bytes(bytes.to_vec()))
    }

    fn slot(&self) -> MutexGuard<'_, Option<SecretSlice<u8>>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Secret> for NativeSecret {
    fn from(secret: Secret) -> Self {
        Self::new(secret.reveal().as_bytes(), &secret)
    }
}
