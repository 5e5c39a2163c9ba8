//! Django's `pbkdf2_sha256$<iterations>$<salt>$<base64>`: PBKDF2-HMAC-SHA-256 (RFC 8018).
//! The salt is text and used as such, not decoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::ForeignError;
use super::bounds::MAX_PBKDF2_ITERATIONS;
use super::encoding::number;

const EXPECTED: &str = "text like pbkdf2_sha256$1200000$<salt>$<44 characters of base64>";

/// Bytes of salt. Django makes 22 characters and refuses an empty one.
const SALT_LENGTH: (u32, u32) = (1, 128);

/// A PBKDF2 hash that was found to be well formed and of bearable cost.
#[derive(Clone, PartialEq, Eq)]
pub struct Pbkdf2Hash {
    iterations: u32,
    salt: String,
    hash: [u8; 32],
}

impl Pbkdf2Hash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignError> {
        let malformed = || ForeignError::malformed("django pbkdf2_sha256", EXPECTED);
        let rest = text.strip_prefix("pbkdf2_sha256$").ok_or_else(malformed)?;
        let mut parts = rest.split('$');
        let (Some(iterations), Some(salt), Some(hash), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed());
        };
        let iterations = number(iterations).ok_or_else(malformed)?;
        let hash = STANDARD.decode(hash).map_err(|_| malformed())?;
        let hash = hash.try_into().map_err(|_| malformed())?;
        let salt_length = u32::try_from(salt.len()).unwrap_or(u32::MAX);
        let (min, max) = SALT_LENGTH;
        ForeignError::bounded("the salt (in bytes) of pbkdf2", salt_length, min, max)?;
        Ok(Self {
            iterations: ForeignError::bounded(
                "the iterations of pbkdf2",
                iterations,
                1,
                MAX_PBKDF2_ITERATIONS,
            )?,
            salt: salt.to_owned(),
            hash,
        })
    }

    /// Whether this is the hash of `secret`.
    ///
    /// PBKDF2 pads the secret with NUL bytes, so that `a` and `a\0` have one hash; a secret with a
    /// NUL in it is therefore no match.
    pub(super) fn matches(&self, secret: &[u8]) -> bool {
        if secret.contains(&0) {
            return false;
        }
        let mut found = [0; 32];
        pbkdf2::pbkdf2_hmac::<Sha256>(secret, self.salt.as_bytes(), self.iterations, &mut found);
        found.ct_eq(&self.hash).into()
    }

    pub(super) fn to_text(&self) -> String {
        format!(
            "pbkdf2_sha256${}${}${}",
            self.iterations,
            self.salt,
            STANDARD.encode(self.hash)
        )
    }
}
