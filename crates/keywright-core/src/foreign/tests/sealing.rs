//! What keeps an HMAC key at rest: only the same key and place open it, and any change is noticed.

use super::super::{SealError, open, seal};

const KEY: [u8; 32] = [1; 32];

#[test]
fn what_was_sealed_opens_and_does_not_show_the_plain_text() {
    let sealed = seal(&KEY, [2; 24], b"place", b"the hmac key").unwrap();
    assert_eq!(sealed.len(), 12 + 41);
    assert!(!sealed.windows(4).any(|window| window == b"hmac"));
    assert_eq!(*open(&KEY, b"place", &sealed).unwrap(), b"the hmac key");
}

#[test]
fn another_key_or_place_does_not_open_it() {
    let sealed = seal(&KEY, [2; 24], b"place", b"plain").unwrap();
    assert_eq!(open(&[3; 32], b"place", &sealed), Err(SealError::Refused));
    assert_eq!(open(&KEY, b"another", &sealed), Err(SealError::Refused));
}

#[test]
fn every_changed_bit_and_every_missing_byte_is_noticed() {
    let sealed = seal(&KEY, [2; 24], b"place", b"plain").unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let wanted = if bit < 8 {
            SealError::Layout
        } else {
            SealError::Refused
        };
        assert_eq!(open(&KEY, b"place", &changed), Err(wanted), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(
            open(&KEY, b"place", &sealed[..length]).is_err(),
            "{length} bytes"
        );
    }
}

#[test]
fn another_nonce_gives_another_sealed_value() {
    let first = seal(&KEY, [2; 24], b"", b"plain").unwrap();
    let second = seal(&KEY, [3; 24], b"", b"plain").unwrap();
    assert_ne!(first[25..], second[25..]);
}
