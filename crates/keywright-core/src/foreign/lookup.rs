//! Finding the record of an unsalted hash: the value it is indexed by, and the values to look for
//! when a secret is presented.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256, Sha512};

use super::bounds::{MAX_HMAC_KEYS, secret_in_bounds};
use super::encoding::to_hex;
use super::{ForeignError, ForeignHash, HmacKey, HmacKeyId};

/// The exact value that an unsalted hash is indexed by: one byte that names the algorithm, then the
/// digest (33 bytes for SHA-256 and HMAC-SHA-256, 65 for SHA-512).
///
/// It is as public as the imported hash itself. It doesn't say under which HMAC key it was made,
/// since two different keys giving one MAC is as unlikely as any collision; and finding a record
/// by it proves nothing before [`ForeignHash::matches`] has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lookup(Vec<u8>);

impl Lookup {
    fn new(algorithm: u8, digest: &[u8]) -> Self {
        let mut value = Vec::with_capacity(1 + digest.len());
        value.push(algorithm);
        value.extend_from_slice(digest);
        Self(value)
    }

    fn sha256(digest: &[u8]) -> Self {
        Self::new(1, digest)
    }

    fn sha512(digest: &[u8]) -> Self {
        Self::new(2, digest)
    }

    fn hmac_sha256(mac: &[u8]) -> Self {
        Self::new(3, mac)
    }

    /// The value for an indexed database column.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup(redacted)")
    }
}

impl ForeignHash {
    /// The value that this record is found by, or nothing where the hash is salted.
    #[must_use]
    pub fn lookup(&self) -> Option<Lookup> {
        match self {
            Self::Sha256(digest) => Some(Lookup::sha256(digest)),
            Self::Sha512(digest) | Self::DjangoSha512(digest) => Some(Lookup::sha512(digest)),
            Self::HmacSha256 { mac, .. } => Some(Lookup::hmac_sha256(mac)),
            Self::Bcrypt(_)
            | Self::Argon2(_)
            | Self::DjangoPbkdf2Sha256(_)
            | Self::DjangoBcryptSha256(_) => None,
        }
    }

    /// What must be added to the store's [`LookupSchemes`] when this hash is imported, so that it
    /// is found; nothing where the hash is salted. `id_of` names the HMAC key.
    pub fn scheme(&self, id_of: impl FnOnce(&HmacKey) -> HmacKeyId) -> Option<Scheme> {
        match self {
            Self::Sha256(_) => Some(Scheme::Sha256),
            Self::Sha512(_) | Self::DjangoSha512(_) => Some(Scheme::Sha512),
            Self::HmacSha256 { key, .. } => Some(Scheme::HmacSha256 {
                id: id_of(key),
                key: Arc::clone(key),
            }),
            Self::Bcrypt(_)
            | Self::Argon2(_)
            | Self::DjangoPbkdf2Sha256(_)
            | Self::DjangoBcryptSha256(_) => None,
        }
    }
}

/// A way of getting from a presented secret to one lookup value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// `sha256` hashes have been imported.
    Sha256,
    /// `sha512` hashes or Django's `sha512$$` have been imported.
    Sha512,
    /// `hmac-sha256` hashes under this key have been imported.
    HmacSha256 {
        /// The key's name.
        id: HmacKeyId,
        /// The key.
        key: Arc<HmacKey>,
    },
}

impl Scheme {
    /// The scheme's name, without its key: `sha256`, `sha512` or `hmac-sha256:` and the key's id.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Sha256 => "sha256".to_owned(),
            Self::Sha512 => "sha512".to_owned(),
            Self::HmacSha256 { id, .. } => format!("hmac-sha256:{}", to_hex(id.as_bytes())),
        }
    }

    fn lookup(&self, secret: &[u8]) -> Lookup {
        match self {
            Self::Sha256 => Lookup::sha256(&Sha256::digest(secret)),
            Self::Sha512 => Lookup::sha512(&Sha512::digest(secret)),
            Self::HmacSha256 { key, .. } => Lookup::hmac_sha256(&key.mac(secret)),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sha256, Self::Sha256) | (Self::Sha512, Self::Sha512) => true,
            (Self::HmacSha256 { id, .. }, Self::HmacSha256 { id: other, .. }) => id == other,
            _ => false,
        }
    }
}

/// Every scheme that a store has ever imported unsalted hashes under: at most SHA-256, SHA-512 and
/// 16 HMAC keys. Empty where nothing was imported, and then a foreign secret is no work at all.
#[derive(Debug, Clone, Default)]
pub struct LookupSchemes(Vec<Scheme>);

impl LookupSchemes {
    /// No schemes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a scheme; `false` if it is there already (for an HMAC key: one of the same id).
    ///
    /// # Errors
    /// [`ForeignError::TooManyHmacKeys`] for the 17th HMAC key.
    pub fn insert(&mut self, scheme: Scheme) -> Result<bool, ForeignError> {
        if self.0.iter().any(|known| known.same(&scheme)) {
            return Ok(false);
        }
        let is_hmac = |scheme: &Scheme| matches!(scheme, Scheme::HmacSha256 { .. });
        if is_hmac(&scheme) && self.0.iter().filter(|known| is_hmac(known)).count() >= MAX_HMAC_KEYS
        {
            return Err(ForeignError::TooManyHmacKeys { max: MAX_HMAC_KEYS });
        }
        self.0.push(scheme);
        Ok(true)
    }

    /// Whether no unsalted hash was ever imported.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The schemes, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Scheme> {
        self.0.iter()
    }

    /// The HMAC key of that name, for [`ForeignHash::from_stored`].
    #[must_use]
    pub fn hmac_key(&self, id: HmacKeyId) -> Option<Arc<HmacKey>> {
        self.0.iter().find_map(|scheme| match scheme {
            Scheme::HmacSha256 { id: known, key } if *known == id => Some(Arc::clone(key)),
            _ => None,
        })
    }

    /// What to look for when `secret` is presented: one exact value per scheme, in the order of
    /// [`iter`](Self::iter). Nothing for a secret that isn't 1 to 512 bytes long.
    #[must_use]
    pub fn lookup_values(&self, secret: &[u8]) -> Vec<Lookup> {
        if !secret_in_bounds(secret) {
            return Vec::new();
        }
        self.0.iter().map(|scheme| scheme.lookup(secret)).collect()
    }
}
