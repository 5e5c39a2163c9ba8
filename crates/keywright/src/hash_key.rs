//! The key of another system's HMAC: any bytes, unlike a secret, which is text.

use keywright_core::{Error, Result, Secret};
use secrecy::{ExposeSecret as _, SecretSlice};
use std::fmt;
use zeroize::Zeroizing;

/// The key of another system's HMAC; wiped when dropped, redacted in `Debug`.
pub struct HashKey(SecretSlice<u8>);

impl HashKey {
    /// Takes bytes over as a key. The caller's own copies stay the caller's.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// The key itself. Whatever is done with the answer is no longer protected.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(redacted)")
    }
}

/// The bytes of the key that a record gives in one way or the other, if it gives one.
pub(crate) fn given(
    key: Option<&HashKey>,
    hex: Option<&Secret>,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match (key, hex) {
        (None, None) => Ok(None),
        (Some(key), None) => Ok(Some(Zeroizing::new(key.reveal().to_vec()))),
        (None, Some(hex)) => decode(hex.reveal()).map(Some).ok_or_else(|| {
            Error::invalid("hash_key_hex is not made of pairs of hexadecimal digits")
                .hint("give a key that is text as hash_key")
        }),
        (Some(_), Some(_)) => Err(Error::invalid("a record has one key of its hash")
            .hint("give hash_key for text, hash_key_hex for bytes")),
    }
}

fn decode(hex: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(hex.len() / 2));
    let mut digits = hex.chars().map(|c| c.to_digit(16));
    while let Some(high) = digits.next() {
        let byte = high? << 4 | digits.next()??;
        bytes.push(u8::try_from(byte).ok()?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_pairs_of_digits() {
        assert_eq!(**decode("00fFa0").unwrap(), [0x00, 0xff, 0xa0]);
        assert_eq!(decode("").unwrap().len(), 0);
        for text in ["0", "000", "0g", "+f", " 00", "0x00", "\u{661}0"] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
