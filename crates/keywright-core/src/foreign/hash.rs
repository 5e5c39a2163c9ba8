//! The hash that another system kept of a secret: parsing what is imported, and checking a
//! presented secret against it.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256, Sha512};
use subtle::ConstantTimeEq as _;

use super::bounds::{MAX_HASH_LENGTH, secret_in_bounds};
use super::encoding::digest;
use super::{Argon2Hash, BcryptHash, ForeignError, HmacKey, Pbkdf2Hash};

const EXPECTED_32: &str =
    "32 bytes as 64 hex digits, or 43 or 44 characters of base64 or base64url";
const EXPECTED_64: &str =
    "64 bytes as 128 hex digits, or 86 or 88 characters of base64 or base64url";

/// The hash that another system kept of one of its secrets.
///
/// Only [`parse`](Self::parse) and [`from_stored`](Self::from_stored) make the kinds whose cost
/// can be chosen, so a value of this type is always within the bounds. `Debug` names the kind and
/// shows nothing of the hash or the key.
#[derive(Clone, PartialEq, Eq)]
pub enum ForeignHash {
    /// SHA-256 (FIPS 180-4) of the secret.
    Sha256([u8; 32]),
    /// SHA-512 (FIPS 180-4) of the secret.
    Sha512([u8; 64]),
    /// HMAC-SHA-256 (RFC 2104) of the secret under the other system's key.
    HmacSha256 {
        /// The other system's key.
        key: Arc<HmacKey>,
        /// The MAC.
        mac: [u8; 32],
    },
    /// bcrypt. No secret over 72 bytes, and none with a NUL byte, ever matches: the algorithm
    /// doesn't read such a secret whole. Import those secrets themselves, or issue new keys.
    Bcrypt(BcryptHash),
    /// Argon2 (RFC 9106).
    Argon2(Argon2Hash),
    /// Django's default password hash: PBKDF2-HMAC-SHA-256 with a textual salt.
    DjangoPbkdf2Sha256(Pbkdf2Hash),
    /// Django's `bcrypt_sha256`: bcrypt of the hex SHA-256 of the secret.
    DjangoBcryptSha256(BcryptHash),
    /// What `djangorestframework-api-key` keeps from version 3 on: `sha512$$` and the hex SHA-512
    /// of the whole key (`prefix.secret`).
    DjangoSha512([u8; 64]),
}

impl ForeignHash {
    /// Reads a hash as another system kept it.
    ///
    /// | `format` | `value` |
    /// |---|---|
    /// | `sha256`, `sha512` | the digest as hex, base64 or base64url, padded or not |
    /// | `hmac-sha256` | the MAC, as above; `key` is the key it was made with |
    /// | `bcrypt` | `$2a$`, `$2b$` or `$2y$`, cost 4 to 15 |
    /// | `argon2` | a PHC string of `argon2id`, `argon2i` or `argon2d`: `m` up to 262144 (256 MiB), `t` up to 10, `p` up to 8 |
    /// | `django` | `pbkdf2_sha256$…` (up to 2,000,000 iterations), `sha512$$…`, `argon2$…`, `bcrypt$…`, `bcrypt_sha256$…` |
    ///
    /// MD5, SHA-1, scrypt, `bcrypt $2x$` and salted SHA-512 are not supported and say so.
    ///
    /// # Errors
    /// [`ForeignError`] tells what is wrong; it never contains `value` or `key`.
    ///
    /// ```
    /// use keywright_core::foreign::{ForeignError, ForeignHash};
    ///
    /// let hash = ForeignHash::parse(
    ///     "bcrypt",
    ///     "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.",
    ///     None,
    /// )?;
    /// assert!(hash.is_slow() && hash.is_salted());
    /// assert_eq!(ForeignHash::parse("hmac-sha256", &"0".repeat(64), None),
    ///            Err(ForeignError::HmacKeyMissing));
    /// # Ok::<(), ForeignError>(())
    /// ```
    pub fn parse(format: &str, value: &str, key: Option<&[u8]>) -> Result<Self, ForeignError> {
        if value.len() > MAX_HASH_LENGTH {
            return Err(ForeignError::HashTooLong {
                max: MAX_HASH_LENGTH,
            });
        }
        if format == "hmac-sha256" {
            let key = key.ok_or(ForeignError::HmacKeyMissing)?;
            return Ok(Self::HmacSha256 {
                key: Arc::new(HmacKey::new(key)?),
                mac: digest(value).ok_or(ForeignError::malformed("hmac-sha256", EXPECTED_32))?,
            });
        }
        let hash = match format {
            "sha256" => digest(value)
                .map(Self::Sha256)
                .ok_or(ForeignError::malformed("sha256", EXPECTED_32)),
            "sha512" => digest(value)
                .map(Self::Sha512)
                .ok_or(ForeignError::malformed("sha512", EXPECTED_64)),
            "bcrypt" => BcryptHash::parse(value).map(Self::Bcrypt),
            "argon2" => Argon2Hash::parse(value).map(Self::Argon2),
            "django" => parse_django(value),
            "md5" => Err(ForeignError::UnsupportedAlgorithm { algorithm: "md5" }),
            "sha1" => Err(ForeignError::UnsupportedAlgorithm { algorithm: "sha1" }),
            "scrypt" => Err(ForeignError::UnsupportedAlgorithm {
                algorithm: "scrypt",
            }),
            _ => Err(ForeignError::UnknownFormat),
        }?;
        match key {
            Some(_) => Err(ForeignError::HmacKeyUnexpected),
            None => Ok(hash),
        }
    }

    /// The name under which [`parse`](Self::parse) reads this kind of hash. Django's `argon2$…` and
    /// `bcrypt$…` are plain `argon2` and `bcrypt` once they are parsed.
    #[must_use]
    pub fn format(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "sha256",
            Self::Sha512(_) => "sha512",
            Self::HmacSha256 { .. } => "hmac-sha256",
            Self::Bcrypt(_) => "bcrypt",
            Self::Argon2(_) => "argon2",
            Self::DjangoPbkdf2Sha256(_) | Self::DjangoBcryptSha256(_) | Self::DjangoSha512(_) => {
                "django"
            }
        }
    }

    /// Whether checking a secret takes milliseconds to seconds, so that it belongs on a thread
    /// that may be held up.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.is_salted()
    }

    /// Whether the same secret has a different hash each time, so that the record can't be found
    /// by [`lookup`](Self::lookup) and needs a [`ForeignPrefix`](super::ForeignPrefix).
    #[must_use]
    pub fn is_salted(&self) -> bool {
        match self {
            Self::Bcrypt(_)
            | Self::Argon2(_)
            | Self::DjangoPbkdf2Sha256(_)
            | Self::DjangoBcryptSha256(_) => true,
            Self::Sha256(_) | Self::Sha512(_) | Self::HmacSha256 { .. } | Self::DjangoSha512(_) => {
                false
            }
        }
    }

    /// Whether `secret` is the one that was hashed. Never panics; digests are compared in
    /// constant time; a secret that isn't 1 to 512 bytes long causes no work.
    ///
    /// Where memory for an Argon2 hash is short this is `false`; [`check`](Self::check) tells
    /// that apart.
    #[must_use]
    pub fn matches(&self, secret: &[u8]) -> bool {
        self.check(secret).unwrap_or(false)
    }

    /// As [`matches`](Self::matches), but "no answer could be had" isn't "no".
    ///
    /// # Errors
    /// [`ForeignError::OutOfMemory`] where the memory for an Argon2 hash couldn't be had; deny,
    /// and answer `unavailable`.
    pub fn check(&self, secret: &[u8]) -> Result<bool, ForeignError> {
        if !secret_in_bounds(secret) {
            return Ok(false);
        }
        Ok(match self {
            Self::Sha256(kept) => Sha256::digest(secret).as_slice().ct_eq(kept).into(),
            Self::Sha512(kept) | Self::DjangoSha512(kept) => {
                Sha512::digest(secret).as_slice().ct_eq(kept).into()
            }
            Self::HmacSha256 { key, mac } => key.mac(secret).ct_eq(mac).into(),
            Self::Bcrypt(kept) => kept.matches(secret),
            Self::DjangoBcryptSha256(kept) => kept.matches_sha256(secret),
            Self::DjangoPbkdf2Sha256(kept) => kept.matches(secret),
            Self::Argon2(kept) => kept.check(secret)?,
        })
    }
}

/// Django names the algorithm before the first `$`.
fn parse_django(value: &str) -> Result<ForeignHash, ForeignError> {
    const EXPECTED: &str = "text that begins with pbkdf2_sha256$, sha512$$, argon2$, bcrypt$ or \
                            bcrypt_sha256$";
    let malformed = ForeignError::malformed("django", EXPECTED);
    let unsupported = |algorithm| Err(ForeignError::UnsupportedAlgorithm { algorithm });
    let Some((algorithm, rest)) = value.split_once('$') else {
        return Err(malformed);
    };
    match algorithm {
        "pbkdf2_sha256" => Pbkdf2Hash::parse(value).map(ForeignHash::DjangoPbkdf2Sha256),
        "sha512" => match rest.strip_prefix('$') {
            Some(hex) => super::encoding::hex(hex)
                .map(ForeignHash::DjangoSha512)
                .ok_or(ForeignError::malformed(
                    "django sha512",
                    "sha512$$ and 128 hex digits",
                )),
            // `djangorestframework-api-key` refuses a salt, and Django has no such hasher.
            None => unsupported("salted sha512"),
        },
        // What follows is the library's own text, with or without its leading `$`.
        "argon2" => Argon2Hash::parse(&format!("${rest}")).map(ForeignHash::Argon2),
        "bcrypt" => BcryptHash::parse(rest).map(ForeignHash::Bcrypt),
        "bcrypt_sha256" => BcryptHash::parse(rest).map(ForeignHash::DjangoBcryptSha256),
        "pbkdf2_sha1" => unsupported("django pbkdf2_sha1"),
        "scrypt" => unsupported("django scrypt"),
        "md5" | "unsalted_md5" => unsupported("django md5"),
        "sha1" | "unsalted_sha1" => unsupported("django sha1"),
        _ => Err(malformed),
    }
}

impl fmt::Debug for ForeignHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256(_) => "Sha256",
            Self::Sha512(_) => "Sha512",
            Self::HmacSha256 { .. } => "HmacSha256",
            Self::Bcrypt(_) => "Bcrypt",
            Self::Argon2(_) => "Argon2",
            Self::DjangoPbkdf2Sha256(_) => "DjangoPbkdf2Sha256",
            Self::DjangoBcryptSha256(_) => "DjangoBcryptSha256",
            Self::DjangoSha512(_) => "DjangoSha512",
        })?;
        f.write_str("(redacted)")
    }
}
