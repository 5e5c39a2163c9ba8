//! Argon2 hashes (RFC 9106) in the PHC string format: `$argon2id$v=19$m=65536,t=3,p=4$salt$hash`.
//! All three kinds and both versions; no `keyid` and no `data`.

use argon2::{Algorithm, Argon2, Error, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;

use super::ForeignError;
use super::bounds::{MAX_ARGON2_ITERATIONS, MAX_ARGON2_LANES, MAX_ARGON2_MEMORY_KIB};
use super::encoding::number;

const EXPECTED: &str = "text like $argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>";

/// Bytes of salt: what RFC 9106 asks for at least, and more than anyone uses.
const SALT_LENGTH: (u32, u32) = (8, 64);

/// Bytes of hash. The algorithm would allow 4, which can be hit by trying.
const HASH_LENGTH: (u32, u32) = (16, 64);

/// An Argon2 hash that was found to be well formed and of bearable cost.
#[derive(Clone, PartialEq, Eq)]
pub struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Argon2Hash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignError> {
        Self::parse_parts(text)
            .ok_or(ForeignError::malformed("argon2", EXPECTED))?
            .bounded()
    }

    fn parse_parts(text: &str) -> Option<Self> {
        let (kind, rest) = text.strip_prefix('$')?.split_once('$')?;
        let algorithm = match kind {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        // Before version 1.3 of Argon2 the text named no version.
        let (version, rest) = match rest.strip_prefix("v=") {
            None => (Version::V0x10, rest),
            Some(versioned) => match versioned.split_once('$')? {
                ("16", rest) => (Version::V0x10, rest),
                ("19", rest) => (Version::V0x13, rest),
                _ => return None,
            },
        };
        let mut parts = rest.split('$');
        let mut costs = parts.next()?.split(',');
        let (salt, hash) = (parts.next()?, parts.next()?);
        let mut cost = |name| number(costs.next()?.strip_prefix(name)?);
        let (memory_kib, iterations, lanes) = (cost("m=")?, cost("t=")?, cost("p=")?);
        if costs.next().is_some() || parts.next().is_some() {
            return None;
        }
        Some(Self {
            algorithm,
            version,
            memory_kib,
            iterations,
            lanes,
            salt: STANDARD_NO_PAD.decode(salt).ok()?,
            hash: STANDARD_NO_PAD.decode(hash).ok()?,
        })
    }

    fn bounded(self) -> Result<Self, ForeignError> {
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        ForeignError::bounded("p (lanes) of argon2", self.lanes, 1, MAX_ARGON2_LANES)?;
        ForeignError::bounded(
            "t (passes) of argon2",
            self.iterations,
            1,
            MAX_ARGON2_ITERATIONS,
        )?;
        ForeignError::bounded(
            "m (memory in KiB) of argon2",
            self.memory_kib,
            8 * self.lanes,
            MAX_ARGON2_MEMORY_KIB,
        )?;
        let (min, max) = SALT_LENGTH;
        ForeignError::bounded(
            "the salt (in bytes) of argon2",
            length(&self.salt),
            min,
            max,
        )?;
        let (min, max) = HASH_LENGTH;
        ForeignError::bounded(
            "the hash (in bytes) of argon2",
            length(&self.hash),
            min,
            max,
        )?;
        Ok(self)
    }

    /// Whether this is the hash of `secret`; an error only where memory is short.
    pub(super) fn check(&self, secret: &[u8]) -> Result<bool, ForeignError> {
        let params = Params::new(
            self.memory_kib,
            self.iterations,
            self.lanes,
            Some(self.hash.len()),
        );
        // Bounds were checked by `parse`, so only memory can still be missing.
        let Ok(params) = params else {
            return Ok(false);
        };
        let mut found = vec![0; self.hash.len()];
        match Argon2::new(self.algorithm, self.version, params)
            .hash_password_into(secret, &self.salt, &mut found)
        {
            Ok(()) => Ok(found.ct_eq(&self.hash).into()),
            Err(Error::OutOfMemory) => Err(ForeignError::OutOfMemory),
            Err(_) => Ok(false),
        }
    }

    pub(super) fn to_text(&self) -> String {
        let kind = match self.algorithm {
            Algorithm::Argon2id => "argon2id",
            Algorithm::Argon2i => "argon2i",
            Algorithm::Argon2d => "argon2d",
        };
        let version = match self.version {
            Version::V0x10 => 16,
            Version::V0x13 => 19,
        };
        format!(
            "${kind}$v={version}$m={},t={},p={}${}${}",
            self.memory_kib,
            self.iterations,
            self.lanes,
            STANDARD_NO_PAD.encode(&self.salt),
            STANDARD_NO_PAD.encode(&self.hash)
        )
    }
}
