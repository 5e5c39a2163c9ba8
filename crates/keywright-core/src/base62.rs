//! Base62 with the alphabet `0-9A-Za-z`: random characters without bias, and the fixed-width
//! form of a 32-bit checksum.

use crate::error::Error;
use crate::random::Random;
use zeroize::Zeroizing;

/// The 62 characters, in the order of their values.
pub(crate) const ALPHABET: &[u8; 62] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The largest multiple of 62 that fits a byte: bytes from here on are drawn anew, so that every
/// character is equally likely.
const UNBIASED: u8 = 248;

/// Whether every byte is one of the 62 characters.
pub(crate) fn is_base62(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_alphanumeric)
}

/// Fills `out` with characters that are uniform and independent (rejection sampling).
pub(crate) fn fill_random(out: &mut [u8], random: &dyn Random) -> Result<(), Error> {
    let mut pool = Zeroizing::new([0u8; 64]);
    let mut filled = 0;
    while filled < out.len() {
        random.fill(pool.as_mut_slice())?;
        for byte in pool.iter().copied().filter(|byte| *byte < UNBIASED) {
            let Some(slot) = out.get_mut(filled) else {
                break;
            };
            *slot = ALPHABET[usize::from(byte % 62)];
            filled += 1;
        }
    }
    Ok(())
}

/// Six characters of a 32-bit number, most significant first, left-padded with `0`.
pub(crate) fn encode_u32(mut value: u32) -> [u8; 6] {
    let mut out = [b'0'; 6];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET[(value % 62) as usize];
        value /= 62;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn a_checksum_has_six_characters_and_keeps_its_leading_zeros() {
        assert_eq!(&encode_u32(0), b"000000");
        assert_eq!(&encode_u32(61), b"00000z");
        assert_eq!(&encode_u32(u32::MAX), b"4gfFC3");
    }

    #[test]
    fn random_characters_are_all_of_the_alphabet_and_evenly_spread() {
        let mut text = vec![0; 62 * 2_000];
        fill_random(&mut text, &SeededRandom::new(7)).unwrap();
        assert!(is_base62(&text));
        for wanted in ALPHABET {
            let count: usize = text.iter().map(|c| usize::from(c == wanted)).sum();
            assert!(
                (1_700..2_300).contains(&count),
                "{}: {count}",
                char::from(*wanted)
            );
        }
    }
}
