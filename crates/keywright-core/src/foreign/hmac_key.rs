//! The key of another system's `hmac-sha256` hashes: wiped after use, never shown, named by an id.
//! It is kept sealed (see [`seal`](super::seal())) and apart from the hashes made with it.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretSlice};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::ForeignError;
use super::bounds::MAX_HMAC_KEY_LENGTH;
use super::encoding;

/// Keeps the id of a key apart from every other MAC under the same key.
const ID_CONTEXT: &[u8] = b"keywright/v1/foreign-hmac-key-id\0";

/// The block size of SHA-256, in bytes.
const BLOCK: usize = 64;

/// The key of another system's HMAC, 1 to 1024 bytes; wiped when dropped, redacted in `Debug`.
pub struct HmacKey(SecretSlice<u8>);

impl HmacKey {
    /// Takes a copy of the key.
    ///
    /// # Errors
    /// [`ForeignError::HmacKeyLength`] for an empty key or one of more than 1024 bytes.
    pub fn new(key: &[u8]) -> Result<Self, ForeignError> {
        if key.is_empty() || key.len() > MAX_HMAC_KEY_LENGTH {
            return Err(ForeignError::HmacKeyLength {
                max: MAX_HMAC_KEY_LENGTH,
            });
        }
        // `to_vec` allocates exactly, so that no second copy is left behind.
        Ok(Self(key.to_vec().into()))
    }

    /// The key itself, to be sealed.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// The id of this key: the same for the same key and `id_key`.
    ///
    /// `id_key` is derived from the pepper by the caller. Without it an id says nothing about the
    /// key and can't be used to try out weak ones. Once stored, an id is only a name: it stays what
    /// it is when the pepper is replaced.
    #[must_use]
    pub fn id(&self, id_key: &[u8; 32]) -> HmacKeyId {
        let mac = hmac_sha256(id_key, &[ID_CONTEXT, self.expose()]);
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(mac) {
            *to = from;
        }
        HmacKeyId(id)
    }

    pub(super) fn mac(&self, secret: &[u8]) -> [u8; 32] {
        hmac_sha256(self.expose(), &[secret])
    }
}

/// Compared in constant time.
impl PartialEq for HmacKey {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for HmacKey {}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(redacted)")
    }
}

/// HMAC-SHA-256 (RFC 2104) over the parts, one after the other. The key is brought to one block
/// here, as the RFC says, so that nothing can fail.
fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = Zeroizing::new([0; BLOCK]);
    let digest;
    let key = if key.len() > BLOCK {
        digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(key)));
        digest.as_slice()
    } else {
        key
    };
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Names an [`HmacKey`] in stored hashes: 16 bytes, written as 32 hex digits. Not secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HmacKeyId([u8; 16]);

impl HmacKeyId {
    /// The id's bytes, for a database column or as associated data of [`seal`](super::seal()).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The id from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(super) fn from_hex(text: &str) -> Option<Self> {
        encoding::hex(text).map(Self)
    }
}

impl fmt::Display for HmacKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoding::to_hex(&self.0))
    }
}
