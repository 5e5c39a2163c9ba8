//! The text in which a foreign hash is kept in the database: its format, a colon, its value.
//! An HMAC key is not in it, only the key's id; the key is kept once, sealed, elsewhere.

use std::sync::Arc;

use super::encoding::{hex, to_hex};
use super::{ForeignError, ForeignHash, HmacKey, HmacKeyId};

impl ForeignHash {
    /// The text for the database column. `id_of` names the HMAC key (see [`HmacKey::id`]); it is
    /// called for `hmac-sha256` only.
    ///
    /// The caller keeps, per key id, `seal(key, nonce, id, hmac_key.expose())`, and reads it
    /// back into its [`LookupSchemes`](super::LookupSchemes) at open.
    ///
    /// ```
    /// use keywright_core::foreign::{ForeignHash, LookupSchemes};
    ///
    /// let mac = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
    /// let hash = ForeignHash::parse("hmac-sha256", mac, Some(b"key"))?;
    /// let id_of = |key: &keywright_core::foreign::HmacKey| key.id(&[1; 32]);
    /// let text = hash.to_stored(id_of);
    ///
    /// let mut schemes = LookupSchemes::new();
    /// for scheme in hash.scheme(id_of) {
    ///     schemes.insert(scheme)?;
    /// }
    /// assert_eq!(ForeignHash::from_stored(&text, |id| schemes.hmac_key(id))?, hash);
    /// # Ok::<(), keywright_core::foreign::ForeignError>(())
    /// ```
    pub fn to_stored(&self, id_of: impl FnOnce(&HmacKey) -> HmacKeyId) -> String {
        let value = match self {
            Self::Sha256(digest) => to_hex(digest),
            Self::Sha512(digest) => to_hex(digest),
            Self::HmacSha256 { key, mac } => format!("{}:{}", id_of(key), to_hex(mac)),
            Self::Bcrypt(kept) => kept.to_text(),
            Self::Argon2(kept) => kept.to_text(),
            Self::DjangoPbkdf2Sha256(kept) => kept.to_text(),
            Self::DjangoBcryptSha256(kept) => format!("bcrypt_sha256${}", kept.to_text()),
            Self::DjangoSha512(digest) => format!("sha512$${}", to_hex(digest)),
        };
        format!("{}:{value}", self.format())
    }

    /// Reads what [`to_stored`](Self::to_stored) wrote; bounds are checked again. `key_of` gives
    /// the HMAC key of that name; it is called for `hmac-sha256` only.
    ///
    /// # Errors
    /// [`ForeignError::Stored`] for other text, [`ForeignError::HmacKeyUnknown`] where `key_of`
    /// has none.
    pub fn from_stored(
        text: &str,
        key_of: impl FnOnce(HmacKeyId) -> Option<Arc<HmacKey>>,
    ) -> Result<Self, ForeignError> {
        let (format, value) = text.split_once(':').ok_or(ForeignError::Stored)?;
        if format != "hmac-sha256" {
            return Self::parse(format, value, None).map_err(|_| ForeignError::Stored);
        }
        let (id, mac) = value.split_once(':').ok_or(ForeignError::Stored)?;
        let id = HmacKeyId::from_hex(id).ok_or(ForeignError::Stored)?;
        Ok(Self::HmacSha256 {
            mac: hex(mac).ok_or(ForeignError::Stored)?,
            key: key_of(id).ok_or(ForeignError::HmacKeyUnknown)?,
        })
    }
}
