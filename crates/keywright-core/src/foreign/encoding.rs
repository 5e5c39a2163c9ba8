//! Text forms of bytes in foreign hashes: digests as hex, base64 or base64url, and strict numbers.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// A digest of `N` bytes written as hex (either case), base64 or base64url (padded or not).
///
/// The length alone says which of hex and base64 it is (64 against 43/44 characters for 32 bytes,
/// 128 against 86/88 for 64), and the two base64 alphabets differ only in characters that may not
/// be mixed; so no text has two meanings.
pub(super) fn digest<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() == 2 * N {
        return hex(text);
    }
    let padded = text.ends_with('=');
    let url = text.contains(['-', '_']);
    let bytes = match (url, padded) {
        (false, false) => STANDARD_NO_PAD.decode(text),
        (false, true) => STANDARD.decode(text),
        (true, false) => URL_SAFE_NO_PAD.decode(text),
        (true, true) => URL_SAFE.decode(text),
    };
    bytes.ok()?.try_into().ok()
}

/// `N` bytes written as `2 * N` hex digits of either case.
pub(super) fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = hex_digit(*high)? << 4 | hex_digit(*low)?;
    }
    Some(bytes)
}

fn hex_digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        b'A'..=b'F' => Some(character - b'A' + 10),
        _ => None,
    }
}

/// Lower-case hex.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// A decimal number as such hashes write it: digits only, no sign, no leading zero. One that
/// doesn't fit is `u32::MAX`, so that it is refused as out of bounds and not as malformed.
pub(super) fn number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    Some(text.parse().unwrap_or(u32::MAX))
}
