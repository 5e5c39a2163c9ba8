//! What a limit counts, and how that is written: `requests`, `credits`, `micro_usd`.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::LimitError;

/// What a limit counts.
///
/// ```
/// use keywright_core::limits::Unit;
///
/// let unit: Unit = "micro_usd".parse()?;
/// assert_eq!(unit, Unit::Money { currency: *b"USD" });
/// assert_eq!(unit.to_text().as_deref(), Some("micro_usd"));
/// # Ok::<(), keywright_core::limits::LimitError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Uses: each one takes exactly 1.
    Requests,
    /// Usage credits: each use takes as many as its cost says.
    Credits,
    /// Money in whole micro-units (millionths) of a currency.
    Money {
        /// Three capital letters as in ISO 4217. The form is checked, not whether the currency
        /// exists: that list changes more often than this library.
        currency: [u8; 3],
    },
}

const MONEY_PREFIX: &str = "micro_";

impl Unit {
    /// The unit as it is written in JSON, or nothing for a currency that isn't three capital
    /// letters (only possible in a value put together by hand).
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Requests => Some("requests".to_owned()),
            Self::Credits => Some("credits".to_owned()),
            Self::Money { currency } => currency
                .iter()
                .all(u8::is_ascii_uppercase)
                .then(|| {
                    currency
                        .iter()
                        .map(|&letter| char::from(letter.to_ascii_lowercase()))
                })
                .map(|letters| MONEY_PREFIX.chars().chain(letters).collect()),
        }
    }

    /// Refuses a currency that couldn't be written.
    pub(super) fn check(self) -> Result<(), LimitError> {
        match self {
            Self::Money { currency } if !currency.iter().all(u8::is_ascii_uppercase) => {
                Err(LimitError::Unit)
            }
            _ => Ok(()),
        }
    }
}

impl FromStr for Unit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        match text {
            "requests" => Ok(Self::Requests),
            "credits" => Ok(Self::Credits),
            _ => match text.strip_prefix(MONEY_PREFIX).map(str::as_bytes) {
                Some(&[a, b, c]) if [a, b, c].iter().all(u8::is_ascii_lowercase) => {
                    Ok(Self::Money {
                        currency: [a, b, c].map(|letter| letter.to_ascii_uppercase()),
                    })
                }
                _ => Err(LimitError::Unit),
            },
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self
            .to_text()
            .ok_or_else(|| ser::Error::custom(LimitError::Unit))?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}
