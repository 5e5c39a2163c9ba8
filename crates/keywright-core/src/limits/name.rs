//! Names of limits: short, printable, safe in JSON, headers and logs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::LimitError;

/// The name of a limit, unique on its key: `[a-z0-9_.:-]{1,64}`.
///
/// ```
/// use keywright_core::limits::{LimitError, LimitName};
///
/// let name: LimitName = "tokens.per-day".parse()?;
/// assert_eq!(name.as_str(), "tokens.per-day");
/// assert_eq!("Tokens per day".parse::<LimitName>(), Err(LimitError::Name));
/// # Ok::<(), LimitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LimitName(String);

impl LimitName {
    /// The longest name, in characters (which are bytes here).
    pub const MAX_LEN: usize = 64;

    /// Takes a name as it is: nothing is trimmed or folded.
    ///
    /// # Errors
    /// [`LimitError::Name`] where it is empty, too long, or has other characters.
    pub fn new(name: impl Into<String>) -> Result<Self, LimitError> {
        let name = name.into();
        let allowed =
            |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b':' | b'-');
        if (1..=Self::MAX_LEN).contains(&name.len()) && name.bytes().all(allowed) {
            Ok(Self(name))
        } else {
            Err(LimitError::Name)
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LimitName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl AsRef<str> for LimitName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for LimitName {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        Self::new(text)
    }
}

impl TryFrom<String> for LimitName {
    type Error = LimitError;

    fn try_from(text: String) -> Result<Self, LimitError> {
        Self::new(text)
    }
}

impl From<LimitName> for String {
    fn from(name: LimitName) -> Self {
        name.0
    }
}
