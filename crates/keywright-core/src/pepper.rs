//! Peppers: the keys outside the database without which its contents are worth nothing. From each
//! come a digest key (what is kept of a secret), a seal key (rows that can't be forged), an audit
//! key and a few more, each by its own label, so that no use can stand in for another.

use crate::error::{Error, ErrorCode, Result};
use crate::random::Random;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

type HmacSha256 = Hmac<Sha256>;

const DIGEST_LABEL: &[u8] = b"keywright/v1\0";
const REWRAP_LABEL: &[u8] = b"keywright/v1/rewrap\0";

/// How many bytes a pepper has.
pub const PEPPER_LEN: usize = 32;

/// What is kept of a secret: `HMAC-SHA-256(pepper, "keywright/v1\0" ‖ secret)`. Compared in
/// constant time and no other way:
///
/// ```compile_fail,E0369
/// use keywright_core::pepper::Digest;
/// let same = Digest::from_bytes([0; 32]) == Digest::from_bytes([0; 32]);
/// ```
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// A digest as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are the same, in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(\u{2026})")
    }
}

/// Which peppers made a digest: the first over the secret, the rest wrapped around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PepperChain {
    first: u32,
    wraps: Vec<u32>,
}

impl PepperChain {
    /// A digest by this pepper alone.
    #[must_use]
    pub const fn of(number: u32) -> Self {
        Self {
            first: number,
            wraps: Vec::new(),
        }
    }

    /// The chain in `text`: numbers with commas between.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(',').map(|part| part.parse().ok());
        let first = numbers.next()??;
        Some(Self {
            first,
            wraps: numbers.collect::<Option<_>>()?,
        })
    }

    /// The same, wrapped once more.
    #[must_use]
    pub fn wrapped(&self, number: u32) -> Self {
        let mut wraps = self.wraps.clone();
        wraps.push(number);
        Self {
            first: self.first,
            wraps,
        }
    }
}

impl fmt::Display for PepperChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        self.wraps
            .iter()
            .try_for_each(|number| write!(f, ",{number}"))
    }
}

/// One pepper, ready for use.
struct Pepper {
    number: u32,
    bytes: Zeroizing<[u8; PEPPER_LEN]>,
    /// HMAC under the pepper itself, keyed once.
    digest: HmacSha256,
    seal: HmacSha256,
    audit: HmacSha256,
    index: HmacSha256,
    log: HmacSha256,
}

impl Pepper {
    fn new(number: u32, bytes: &[u8; PEPPER_LEN]) -> Result<Self> {
        let digest = keyed(bytes)?;
        let derive = |label: &str| -> Result<HmacSha256> {
            let mut mac = digest.clone();
            mac.update(label.as_bytes());
            keyed(&Zeroizing::new(<[u8; 32]>::from(
                mac.finalize().into_bytes(),
            )))
        };
        Ok(Self {
            number,
            bytes: Zeroizing::new(*bytes),
            seal: derive("keywright/v1/seal\0")?,
            audit: derive("keywright/v1/audit\0")?,
            index: derive("keywright/v1/index\0")?,
            log: derive("keywright/v1/revocation-log\0")?,
            digest,
        })
    }
}

fn keyed(key: &[u8; 32]) -> Result<HmacSha256> {
    HmacSha256::new_from_slice(key)
        .map_err(|_| Error::new(ErrorCode::Internal, "HMAC refused a key of 32 bytes"))
}

fn mac(state: &HmacSha256, parts: &[&[u8]]) -> [u8; 32] {
    let mut state = state.clone();
    for part in parts {
        state.update(part);
    }
    state.finalize().into_bytes().into()
}

/// A tag over something stored, with the number of the pepper that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Which pepper made it.
    pub pepper: u32,
    /// The HMAC.
    pub mac: [u8; 32],
}

impl Tag {
    /// 36 bytes to store: the number, big-endian, and the MAC.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 36] {
        let mut out = [0; 36];
        out[..4].copy_from_slice(&self.pepper.to_be_bytes());
        out[4..].copy_from_slice(&self.mac);
        out
    }

    /// The tag in those 36 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (number, mac) = bytes.split_first_chunk::<4>()?;
        Some(Self {
            pepper: u32::from_be_bytes(*number),
            mac: mac.try_into().ok()?,
        })
    }
}

/// What a tag is for; a tag for one use is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagUse {
    /// A row's seal.
    Seal,
    /// An audit event's MAC.
    Audit,
    /// An entry of the revocation log.
    RevocationLog,
}

/// The peppers of a deployment, by number. The highest is the current one: it makes what is new.
pub struct PepperRing {
    /// Ascending by number; never empty.
    peppers: Vec<Pepper>,
}

impl PepperRing {
    /// A ring of these numbered peppers: at least one, each number once.
    pub fn new(peppers: Vec<(u32, [u8; PEPPER_LEN])>) -> Result<Self> {
        let mut peppers = Zeroizing::new(peppers);
        peppers.sort_by_key(|(number, _)| *number);
        let unique = peppers.windows(2).all(|pair| pair[0].0 != pair[1].0);
        if peppers.is_empty() || !unique {
            return Err(Error::new(
                ErrorCode::Pepper,
                "a pepper needs at least one key, and each number only once",
            ));
        }
        let ring: Result<_> = peppers
            .iter()
            .map(|(number, bytes)| Pepper::new(*number, bytes))
            .collect();
        Ok(Self { peppers: ring? })
    }

    /// A ring of one new pepper with number 1.
    pub fn generate(random: &dyn Random) -> Result<Self> {
        let mut bytes = Zeroizing::new([0; PEPPER_LEN]);
        random.fill(bytes.as_mut_slice())?;
        Self::new(vec![(1, *bytes)])
    }

    /// Reads `64 hex digits` (number 1), or `NUMBER:64 hex digits` separated by commas or lines.
    /// Lines that begin with `#` are comments.
    pub fn parse(text: &str) -> Result<Self> {
        let refuse = || {
            Error::new(ErrorCode::Pepper, "the pepper has not the right form")
                .hint("it is 64 hexadecimal digits, or NUMBER:DIGITS, one to a line")
        };
        // Wiped if a later line is refused, and never moved: each pepper takes 64 digits.
        let room = text.len() / (2 * PEPPER_LEN);
        let mut peppers = Zeroizing::new(Vec::with_capacity(room));
        let entries = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        for entry in entries
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .filter(|e| !e.is_empty())
        {
            let (number, digits) = entry.split_once(':').unwrap_or(("1", entry));
            let number = number.parse().map_err(|_| refuse())?;
            peppers.push((number, *parse_hex(digits).ok_or_else(refuse)?));
        }
        Self::new(std::mem::take(&mut *peppers))
    }

    /// The text that [`PepperRing::parse`] reads, one pepper to a line.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(self.peppers.len() * 80));
        for pepper in &self.peppers {
            out.push_str(&pepper.number.to_string());
            out.push(':');
            for byte in pepper.bytes.iter() {
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
            out.push('\n');
        }
        out
    }

    fn current(&self) -> &Pepper {
        // Never empty: `new` refuses that.
        &self.peppers[self.peppers.len() - 1]
    }

    fn numbered(&self, number: u32) -> Option<&Pepper> {
        self.peppers.iter().find(|pepper| pepper.number == number)
    }

    /// The numbers of all peppers, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.peppers.iter().map(|pepper| pepper.number)
    }

    /// The number of the pepper that makes what is new.
    #[must_use]
    pub fn current_number(&self) -> u32 {
        self.current().number
    }

    /// The digest of a secret under the current pepper.
    #[must_use]
    pub fn digest(&self, secret: &[u8]) -> (Digest, PepperChain) {
        let pepper = self.current();
        (
            Digest(mac(&pepper.digest, &[DIGEST_LABEL, secret])),
            PepperChain::of(pepper.number),
        )
    }

    /// The digest of a secret under the peppers of `chain`; `None` if one of them isn't here.
    #[must_use]
    pub fn digest_by(&self, chain: &PepperChain, secret: &[u8]) -> Option<Digest> {
        let first = Digest(mac(
            &self.numbered(chain.first)?.digest,
            &[DIGEST_LABEL, secret],
        ));
        chain
            .wraps
            .iter()
            .try_fold(first, |inner, number| self.rewrap(*number, &inner))
    }

    /// Wraps a digest in one more pepper: `HMAC(new, "keywright/v1/rewrap\0" ‖ old digest)`.
    #[must_use]
    pub fn rewrap(&self, number: u32, digest: &Digest) -> Option<Digest> {
        Some(Digest(mac(
            &self.numbered(number)?.digest,
            &[REWRAP_LABEL, &digest.0],
        )))
    }

    /// A tag over `parts` (the caller makes them unambiguous) under the current pepper.
    #[must_use]
    pub fn tag(&self, tag_use: TagUse, parts: &[&[u8]]) -> Tag {
        let pepper = self.current();
        Tag {
            pepper: pepper.number,
            mac: mac(pepper.for_use(tag_use), parts),
        }
    }

    /// Whether `tag` was made over `parts` by the pepper that it names.
    #[must_use]
    pub fn check_tag(&self, tag_use: TagUse, parts: &[&[u8]], tag: &Tag) -> bool {
        self.numbered(tag.pepper)
            .is_some_and(|pepper| mac(pepper.for_use(tag_use), parts).ct_eq(&tag.mac).into())
    }

    /// A value to find something by without keeping it: idempotency keys, foreign secrets. Made by
    /// the oldest pepper, so that it stays the same when peppers are added.
    #[must_use]
    pub fn index(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut state = self.peppers[0].index.clone();
        for part in [label.as_bytes()].iter().chain(parts) {
            state.update(&(part.len() as u64).to_be_bytes());
            state.update(part);
        }
        state.finalize().into_bytes().into()
    }

    /// Kept in the database for each pepper: shows at open that the pepper is the right one.
    #[must_use]
    pub fn check_value(&self, number: u32) -> Option<[u8; 32]> {
        Some(mac(
            &self.numbered(number)?.digest,
            &[b"keywright/v1/check\0"],
        ))
    }

    /// A key for one purpose outside the store (the forms of a page): good while this pepper is the
    /// current one.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let parts: &[&[u8]] = &[b"keywright/v1/derive\0", purpose.as_bytes()];
        Zeroizing::new(mac(&self.current().digest, parts))
    }

    /// A key for encrypting what must be kept and read again (an imported HMAC key).
    #[must_use]
    pub fn sealing_key(&self, number: u32) -> Option<Zeroizing<[u8; 32]>> {
        Some(Zeroizing::new(mac(
            &self.numbered(number)?.digest,
            &[b"keywright/v1/encrypt\0"],
        )))
    }
}

impl Pepper {
    fn for_use(&self, tag_use: TagUse) -> &HmacSha256 {
        match tag_use {
            TagUse::Seal => &self.seal,
            TagUse::Audit => &self.audit,
            TagUse::RevocationLog => &self.log,
        }
    }
}

impl fmt::Debug for PepperRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PepperRing")
            .field(&self.numbers().collect::<Vec<_>>())
            .finish()
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn parse_hex(text: &str) -> Option<Zeroizing<[u8; PEPPER_LEN]>> {
    let digits = text.as_bytes();
    if digits.len() != PEPPER_LEN * 2 {
        return None;
    }
    let mut out = Zeroizing::new([0; PEPPER_LEN]);
    for (slot, pair) in out.iter_mut().zip(digits.chunks(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *slot = u8::try_from(high * 16 + low).ok()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::ZeroizeOnDrop;

    #[test]
    fn nothing_of_a_pepper_stays_in_memory_that_is_given_back() {
        const fn wiped<T: ZeroizeOnDrop>() {}
        // A keyed HMAC is two states of this and nothing else.
        wiped::<Sha256>();
        wiped::<Zeroizing<[u8; PEPPER_LEN]>>();
    }
}
