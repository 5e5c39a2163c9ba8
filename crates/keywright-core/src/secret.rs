//! The secret: the whole string that a holder presents. Its form (version 1 of the format), its
//! making and its parsing. Normative vectors: `tests/vectors/key_format.json`.
//!
//! ```text
//! secret  = brand "_" class "_" "kw1" locator "_" random check
//! brand   = [a-z][a-z0-9]{1,9}      class = live | test | temp | admin
//! locator = 16 base62 (public)      random = 43 base62 (256 bit)
//! check   = 6 base62 of CRC-32/ISO-HDLC over everything before it
//! ```

use crate::base62;
use crate::error::{Error, Result};
use crate::random::Random;
use crate::text_enum::text_enum;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// The marker of format version 1. It can never change: scanners everywhere look for it.
pub const MARKER: &str = "kw1";
/// The shortest secret, in bytes.
pub const MIN_LEN: usize = 77;
/// The longest secret, in bytes.
pub const MAX_LEN: usize = 86;

const LOCATOR_LEN: usize = 16;
const RANDOM_LEN: usize = 43;
const CHECK_LEN: usize = 6;
/// Marker, locator, `_`, random and check: the part whose length never varies.
const TAIL_LEN: usize = MARKER.len() + LOCATOR_LEN + 1 + RANDOM_LEN + CHECK_LEN;

/// The issuer's own mark, `[a-z][a-z0-9]{1,9}`; fixed when a store is made.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Brand(Box<str>);

impl Brand {
    /// The brand of a store that was given none.
    pub const DEFAULT: &'static str = "kw";

    /// The brand in `text`.
    pub fn parse(text: &str) -> Result<Self> {
        if is_brand(text.as_bytes()) {
            Ok(Self(text.into()))
        } else {
            Err(Error::invalid("that is not a brand")
                .hint("a brand has 2 to 10 of a-z and 0-9 and begins with a letter"))
        }
    }

    /// The brand as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Brand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Default for Brand {
    fn default() -> Self {
        Self(Self::DEFAULT.into())
    }
}

fn is_brand(bytes: &[u8]) -> bool {
    (2..=10).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

text_enum! {
    /// What a secret is for. An opened store says which it accepts.
    Class, "a class", "use live, test, temp or admin";
    /// For real use.
    Live = "live";
    /// For trying things out.
    Test = "test";
    /// Lives an hour at most.
    Temp = "temp";
    /// Manages keys, and is never accepted as a data key.
    Admin = "admin";
}

/// The public part of a secret that finds its version.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locator([u8; LOCATOR_LEN]);

impl Locator {
    /// A new locator (95 random bits).
    pub fn generate(random: &dyn Random) -> Result<Self> {
        let mut bytes = [0; LOCATOR_LEN];
        base62::fill_random(&mut bytes, random)?;
        Ok(Self(bytes))
    }

    /// The locator in `text`, if it is 16 base62 characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; LOCATOR_LEN] = text.as_bytes().try_into().ok()?;
        base62::is_base62(&bytes).then_some(Self(bytes))
    }

    /// The 16 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII by construction; the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A string of the right form. Whether such a key was ever issued, only the store knows.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    bytes: &'a [u8],
    brand_len: usize,
    /// Its class, as it claims.
    pub class: Class,
    /// What to look it up by.
    pub locator: Locator,
}

impl<'a> Presented<'a> {
    /// Reads a presented string; `None` unless it is exactly of this format: length, then bytes,
    /// then checksum. Nothing is trimmed, folded or normalised. Takes time that depends on the
    /// length alone for strings of an accepted length, and touches no store.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        if !(MIN_LEN..=MAX_LEN).contains(&bytes.len()) {
            return None;
        }
        let (head, tail) = bytes.split_at(bytes.len() - TAIL_LEN);
        let (marker, rest) = tail.split_at(MARKER.len());
        let (locator, rest) = rest.split_at(LOCATOR_LEN);
        let (separator, rest) = rest.split_at(1);
        let (brand, class) = split_head(head)?;
        let shaped = marker == MARKER.as_bytes()
            && separator == b"_"
            && base62::is_base62(locator)
            && base62::is_base62(rest)
            && is_brand(brand);
        if !shaped {
            return None;
        }
        let (body, check) = bytes.split_at(bytes.len() - CHECK_LEN);
        if base62::encode_u32(crc32fast::hash(body)) != check {
            return None;
        }
        let class = Class::ALL
            .iter()
            .copied()
            .find(|known| known.as_str().as_bytes() == class)?;
        Some(Self {
            bytes,
            brand_len: brand.len(),
            class,
            locator: Locator(locator.try_into().ok()?),
        })
    }

    /// The bytes that are digested: the whole string.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The brand that it carries. Any brand parses; the stored row decides.
    #[must_use]
    pub fn brand(&self) -> &'a str {
        std::str::from_utf8(&self.bytes[..self.brand_len]).unwrap_or_default()
    }

    /// What may be shown of it.
    #[must_use]
    pub fn redacted(&self) -> String {
        redacted_value(self.brand(), self.class, &self.locator)
    }
}

/// Whether a secret of this format stands anywhere in `text`, checksum and all. Takes time linear in
/// the length.
///
/// ```
/// use keywright_core::secret::contains_secret;
/// let secret = "acme_live_kw1FSNtYRlXbBKw4la0_pmpG6Gl3HdXa9Z8qjQq5EpWJkiecEEe5Err7m7aPspa0CS6J9";
/// assert!(contains_secret(format!("/v1/things?key={secret}&page=2").as_bytes()));
/// assert!(!contains_secret(b"/v1/things?key=acme_live_kw1FSNtYRlXbBKw4la0_"));
/// ```
#[must_use]
pub fn contains_secret(text: &[u8]) -> bool {
    let marker = MARKER.as_bytes();
    let places = text.windows(marker.len()).enumerate();
    places
        .filter(|(_, part)| *part == marker)
        .any(|(at, _)| secret_around(text, at))
}

/// Whether the marker at this place is a secret's. Any beginning is tried: what stands before a
/// brand may look like a part of it.
fn secret_around(text: &[u8], marker: usize) -> bool {
    let end = marker + TAIL_LEN;
    (end.saturating_sub(MAX_LEN)..=end.saturating_sub(MIN_LEN))
        .filter_map(|start| text.get(start..end))
        .any(|part| Presented::parse(part).is_some())
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

/// `brand "_" class "_"` taken apart.
fn split_head(head: &[u8]) -> Option<(&[u8], &[u8])> {
    let head = head.strip_suffix(b"_")?;
    let at = head.iter().position(|b| *b == b'_')?;
    Some((&head[..at], &head[at + 1..]))
}

/// What may be shown again of a secret: everything before its random part.
#[must_use]
pub fn redacted_value(brand: &str, class: Class, locator: &Locator) -> String {
    format!(
        "{brand}_{}_{MARKER}{}_\u{2026}",
        class.as_str(),
        locator.as_str()
    )
}

/// A secret, in memory that is wiped when it is dropped. It is shown by [`Secret::reveal`] alone:
/// it has no `Display`, no `Serialize`, no `Clone`, and its `Debug` is redacted.
///
/// ```
/// use keywright_core::Secret;
/// let secret = Secret::from_string("hunter2".into());
/// assert_eq!(format!("{secret:?}"), "<Secret \u{2026}  use .reveal()>");
/// assert_eq!(secret.reveal(), "hunter2");
/// ```
pub struct Secret {
    value: SecretString,
    redacted: Box<str>,
}

impl Secret {
    /// Makes a new secret of 256 random bits. It is built in place, in one allocation of its exact
    /// size, so that no copy stays behind.
    pub fn generate(
        brand: &Brand,
        class: Class,
        locator: &Locator,
        random: &dyn Random,
    ) -> Result<Self> {
        let mut part = zeroize::Zeroizing::new([0u8; RANDOM_LEN]);
        base62::fill_random(part.as_mut_slice(), random)?;
        let len = brand.as_str().len() + class.as_str().len() + 2 + TAIL_LEN;
        let mut text = String::with_capacity(len);
        for piece in [
            brand.as_str(),
            "_",
            class.as_str(),
            "_",
            MARKER,
            locator.as_str(),
            "_",
        ] {
            text.push_str(piece);
        }
        text.extend(part.iter().map(|b| char::from(*b)));
        let check = base62::encode_u32(crc32fast::hash(text.as_bytes()));
        text.extend(check.iter().map(|b| char::from(*b)));
        Ok(Self::from_string(text))
    }

    /// Takes a string over as a secret. The caller's own copies stay the caller's.
    #[must_use]
    pub fn from_string(text: String) -> Self {
        let redacted = match Presented::parse(text.as_bytes()) {
            Some(presented) => presented.redacted(),
            None => "\u{2026}".to_owned(),
        };
        Self {
            value: text.into(),
            redacted: redacted.into(),
        }
    }

    /// The secret itself. Whatever is done with the answer is no longer protected.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.value.expose_secret()
    }

    /// What may be shown of it.
    #[must_use]
    pub fn redacted_value(&self) -> &str {
        &self.redacted
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Secret {}  use .reveal()>", self.redacted)
    }
}
