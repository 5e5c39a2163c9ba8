//! The beginning of a foreign secret, by which the record of a salted hash is found.

use std::fmt;

use super::ForeignError;
use super::bounds::{MAX_PREFIX_LENGTH, MIN_PREFIX_LENGTH};

/// How a foreign secret begins: 4 to 64 printable ASCII characters without spaces, which one record
/// only has. It is kept in the clear, so it should be the public part of the secret.
///
/// To have **one candidate and never a scan**, no prefix in a store may [overlap](Self::overlaps)
/// another one. Then the only record that can be meant is the greatest prefix that is not above the
/// secret in byte order (`WHERE prefix <= :secret ORDER BY prefix DESC LIMIT 1`, compared as
/// bytes), if it [begins](Self::begins) the secret. And a new prefix need only be compared with its
/// two neighbours in that order.
///
/// ```
/// use keywright_core::foreign::ForeignPrefix;
///
/// let prefix = ForeignPrefix::parse("Qk3vT9aB.")?;
/// assert!(prefix.begins(b"Qk3vT9aB.f00d"));
/// assert!(!prefix.begins(b"Qk3vT9aB."), "a prefix alone is no secret");
/// assert!(prefix.overlaps(&ForeignPrefix::parse("Qk3v")?));
/// # Ok::<(), keywright_core::foreign::ForeignError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ForeignPrefix(String);

impl ForeignPrefix {
    /// Reads a prefix.
    ///
    /// # Errors
    /// [`ForeignError::Prefix`] where it isn't 4 to 64 printable ASCII characters without spaces.
    pub fn parse(prefix: &str) -> Result<Self, ForeignError> {
        let long_enough = (MIN_PREFIX_LENGTH..=MAX_PREFIX_LENGTH).contains(&prefix.len());
        if long_enough && prefix.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(prefix.to_owned()))
        } else {
            Err(ForeignError::Prefix {
                min: MIN_PREFIX_LENGTH,
                max: MAX_PREFIX_LENGTH,
            })
        }
    }

    /// The prefix, for a unique column that is compared byte by byte.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `secret` begins with this prefix and goes on after it.
    #[must_use]
    pub fn begins(&self, secret: &[u8]) -> bool {
        secret.len() > self.0.len() && secret.starts_with(self.0.as_bytes())
    }

    /// Whether a secret could begin with both prefixes: one is the beginning of the other, or they
    /// are the same. Two such records can't be in one store.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }
}

/// Shows the first four characters, since a prefix that was chosen too long is most of a secret.
impl fmt::Debug for ForeignPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.get(..MIN_PREFIX_LENGTH).unwrap_or_default();
        write!(f, "ForeignPrefix({shown:?}…, {} characters)", self.0.len())
    }
}
