//! What people write on things: names, and metadata as pairs of strings. Both are bounded and
//! hold no control characters; neither is sealed.

use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// The longest name, in characters.
pub const MAX_NAME: usize = 128;
/// How many pairs metadata can hold.
pub const MAX_METADATA_PAIRS: usize = 32;
/// The longest metadata key, in characters.
pub const MAX_METADATA_KEY: usize = 64;
/// The longest metadata value, in characters.
pub const MAX_METADATA_VALUE: usize = 512;

/// A name for people: 1 to 128 characters, none of them a control character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The name in `text`, exactly as it is.
    pub fn parse(text: &str) -> Result<Self> {
        check(text, MAX_NAME, "the name")?;
        if text.trim().is_empty() {
            return Err(Error::invalid("the name is empty")
                .hint("say what the key is for, for example 'billing service'"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Pairs of strings that the application keeps with a key.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// At most 32 pairs; keys of 1 to 64 characters, values of up to 512.
    pub fn parse(pairs: BTreeMap<String, String>) -> Result<Self> {
        if pairs.len() > MAX_METADATA_PAIRS {
            return Err(Error::invalid(format!(
                "metadata holds at most {MAX_METADATA_PAIRS} pairs"
            )));
        }
        for (key, value) in &pairs {
            if key.is_empty() {
                return Err(Error::invalid("a metadata key is empty"));
            }
            check(key, MAX_METADATA_KEY, "a metadata key")?;
            check(value, MAX_METADATA_VALUE, "a metadata value")?;
        }
        Ok(Self(pairs))
    }

    /// The pairs, sorted by key.
    #[must_use]
    pub const fn pairs(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

/// Refuses what is too long or holds a control character; never says what it was.
pub(crate) fn check(text: &str, max: usize, what: &str) -> Result<()> {
    // Bytes first: a megabyte is refused without being walked.
    if text.len() > max * 4 || text.chars().count() > max {
        return Err(
            Error::invalid(format!("{what} is too long")).hint(format!("at most {max} characters"))
        );
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("{what} holds a control character"))
            .hint("take out line ends, tabs and NUL"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_something_and_is_bounded() {
        assert!(Name::parse("billing \u{1f511}").is_ok());
        assert!(Name::parse(&"\u{e9}".repeat(128)).is_ok());
        for bad in [
            "",
            "   ",
            "a\nb",
            "a\0b",
            &"x".repeat(129),
            &"x".repeat(1 << 20),
        ] {
            assert!(Name::parse(bad).is_err());
        }
    }

    #[test]
    fn metadata_is_bounded() {
        let pairs = |n: usize| (0..n).map(|i| (i.to_string(), String::new())).collect();
        assert!(Metadata::parse(pairs(32)).is_ok());
        assert!(Metadata::parse(pairs(33)).is_err());
        assert!(Metadata::parse([(String::new(), "x".to_owned())].into()).is_err());
        assert!(Metadata::parse([("k".to_owned(), "x".repeat(513))].into()).is_err());
    }
}
