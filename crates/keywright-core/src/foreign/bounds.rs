//! What a foreign hash and a foreign secret may cost at most. An imported hash decides how much
//! work a stranger's request causes, so these are limits against denial of service.

/// Longest foreign secret that is looked at, in bytes. A longer one, or an empty one, causes no work.
pub const MAX_SECRET_LENGTH: usize = 512;

/// Longest text of a foreign hash that is parsed, in bytes.
pub const MAX_HASH_LENGTH: usize = 512;

/// Longest key of an `hmac-sha256` hash, in bytes. The shortest is one byte.
pub const MAX_HMAC_KEY_LENGTH: usize = 1024;

/// How many different HMAC keys a store may have imported hashes under: each is one more HMAC for
/// every foreign secret that is presented.
pub const MAX_HMAC_KEYS: usize = 16;

/// Shortest [`ForeignPrefix`](super::ForeignPrefix), in bytes.
pub const MIN_PREFIX_LENGTH: usize = 4;

/// Longest [`ForeignPrefix`](super::ForeignPrefix), in bytes.
pub const MAX_PREFIX_LENGTH: usize = 64;

/// Highest bcrypt cost: 2^15 rounds, two to four seconds of one core.
pub const MAX_BCRYPT_COST: u32 = 15;

/// Lowest bcrypt cost that the algorithm knows.
pub(super) const MIN_BCRYPT_COST: u32 = 4;

/// Most memory of an Argon2 hash, in KiB (256 MiB; with the most passes, about four seconds).
pub const MAX_ARGON2_MEMORY_KIB: u32 = 256 * 1024;

/// Most passes (`t`) of an Argon2 hash.
pub const MAX_ARGON2_ITERATIONS: u32 = 10;

/// Most lanes (`p`) of an Argon2 hash.
pub const MAX_ARGON2_LANES: u32 = 8;

/// Most iterations of a PBKDF2 hash: half a second to two seconds. Django 6 uses 1,200,000.
pub const MAX_PBKDF2_ITERATIONS: u32 = 2_000_000;

/// Whether a presented secret is worth any work: 1 to 512 bytes.
///
/// ```
/// use keywright_core::foreign::secret_in_bounds;
/// assert!(secret_in_bounds(b"x"));
/// assert!(!secret_in_bounds(b"") && !secret_in_bounds(&[b'x'; 513]));
/// ```
#[must_use]
pub fn secret_in_bounds(secret: &[u8]) -> bool {
    (1..=MAX_SECRET_LENGTH).contains(&secret.len())
}
