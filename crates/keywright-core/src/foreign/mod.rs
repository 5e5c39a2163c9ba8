//! Recognising secrets that another system issued, by the hash that it kept of them (import).
//! Parses and bounds those hashes, finds and checks a presented secret, and keeps HMAC keys sealed.
//!
//! How a record is found when a secret is presented that isn't in Keywright's own format:
//!
//! * **unsalted** hashes (`sha256`, `sha512`, `hmac-sha256`, Django's `sha512$$…`): by an exact
//!   [`Lookup`] value. [`LookupSchemes::lookup_values`] gives one per scheme that was ever imported.
//! * **salted** hashes (`bcrypt`, `argon2`, Django's password hashes): by a [`ForeignPrefix`] that
//!   belongs to one record only, so that there is one candidate and never a scan.
//!
//! In both cases the record that was found decides by [`ForeignHash::matches`].
//!
//! ```
//! use keywright_core::foreign::{ForeignHash, LookupSchemes, Scheme};
//!
//! let kept = "c32c96b3f2b4d9a3e1b3e6ba9a0b55e0a0cbb7dc2f4f9aa7ea5bb2ba7d2f7d38";
//! let hash = ForeignHash::parse("sha256", kept, None)?;
//! assert!(!hash.is_salted() && !hash.is_slow());
//! assert!(!hash.matches(b"some other secret"));
//!
//! // The presented secret is looked up under each scheme that was imported, then checked.
//! let mut schemes = LookupSchemes::new();
//! schemes.insert(Scheme::Sha256)?;
//! let wanted = schemes.lookup_values(b"some other secret");
//! assert_eq!(wanted.len(), 1);
//! assert_ne!(hash.lookup().as_ref(), wanted.first());
//! # Ok::<(), keywright_core::foreign::ForeignError>(())
//! ```

mod argon2;
mod bcrypt;
mod bounds;
mod encoding;
mod error;
mod hash;
mod hmac_key;
mod lookup;
mod pbkdf2;
mod prefix;
mod seal;
mod stored;

#[cfg(test)]
mod tests;

pub use self::argon2::Argon2Hash;
pub use self::bcrypt::BcryptHash;
pub use self::bounds::{
    MAX_ARGON2_ITERATIONS, MAX_ARGON2_LANES, MAX_ARGON2_MEMORY_KIB, MAX_BCRYPT_COST,
    MAX_HASH_LENGTH, MAX_HMAC_KEY_LENGTH, MAX_HMAC_KEYS, MAX_PBKDF2_ITERATIONS, MAX_PREFIX_LENGTH,
    MAX_SECRET_LENGTH, MIN_PREFIX_LENGTH, secret_in_bounds,
};
pub use self::error::ForeignError;
pub use self::hash::ForeignHash;
pub use self::hmac_key::{HmacKey, HmacKeyId};
pub use self::lookup::{Lookup, LookupSchemes, Scheme};
pub use self::pbkdf2::Pbkdf2Hash;
pub use self::prefix::ForeignPrefix;
pub use self::seal::{SealError, open, seal};
