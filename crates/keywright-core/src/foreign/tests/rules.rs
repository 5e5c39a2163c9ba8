//! Rules that no vector can say: bounds of secrets, prefixes and keys, and what `Debug` shows.

use std::sync::Arc;

use super::super::{
    ForeignError, ForeignHash, ForeignPrefix, HmacKey, LookupSchemes, MAX_HMAC_KEYS, Scheme,
};
use super::{BCRYPT_OF_A, PBKDF2_OF_A, id_of, lookup_of, parse};
use crate::foreign::encoding::to_hex;
use sha2::{Digest as _, Sha256};

#[test]
fn a_secret_outside_1_to_512_bytes_is_neither_looked_up_nor_matched() {
    let mut schemes = LookupSchemes::new();
    schemes.insert(Scheme::Sha256).unwrap();
    for (length, looked_at) in [
        (0, false),
        (1, true),
        (512, true),
        (513, false),
        (1 << 20, false),
    ] {
        let secret = vec![b'x'; length];
        let hash = parse("sha256", &to_hex(&Sha256::digest(&secret)));
        assert_eq!(hash.matches(&secret), looked_at, "{length} bytes");
        assert_eq!(
            !schemes.lookup_values(&secret).is_empty(),
            looked_at,
            "{length} bytes"
        );
    }
}

#[test]
fn where_nothing_was_imported_there_is_nothing_to_look_for() {
    let schemes = LookupSchemes::new();
    assert!(schemes.is_empty());
    assert!(schemes.lookup_values(b"anything").is_empty());
}

#[test]
fn bcrypt_refuses_what_it_does_not_read_whole() {
    let seventy_two = "y".repeat(71) + "z";
    let vectors = include_str!("../../../../../tests/vectors/foreign_hashes.json");
    let all: serde_json::Value = serde_json::from_str(vectors).unwrap();
    let vector = all["match"]
        .as_array()
        .unwrap()
        .iter()
        .find(|vector| vector["name"] == "bcrypt 72-byte secret")
        .unwrap();
    let hash = parse("bcrypt", vector["value"].as_str().unwrap());
    assert!(hash.matches(seventy_two.as_bytes()));
    assert!(!hash.matches((seventy_two + "and more").as_bytes()));
}

#[test]
fn a_nul_byte_does_not_make_a_second_secret_for_the_same_hash() {
    let bcrypt = parse("bcrypt", BCRYPT_OF_A);
    assert!(bcrypt.matches(b"a"));
    assert!(!bcrypt.matches(b"a\0a") && !bcrypt.matches(b"a\0"));

    let pbkdf2 = parse("django", PBKDF2_OF_A);
    assert!(pbkdf2.matches(b"a"));
    assert!(!pbkdf2.matches(b"a\0"));
}

#[test]
fn the_hash_itself_is_not_accepted_as_the_secret() {
    let secret = b"old_live_something";
    let digest = Sha256::digest(secret);
    let hash = parse("sha256", &to_hex(&digest));
    assert!(hash.matches(secret));
    assert!(!hash.matches(&digest) && !hash.matches(to_hex(&digest).as_bytes()));
}

#[test]
fn the_same_bytes_under_different_algorithms_are_different_lookup_values() {
    let hex = to_hex(&[5; 32]);
    let sha = parse("sha256", &hex);
    let mac = ForeignHash::parse("hmac-sha256", &hex, Some(b"key")).unwrap();
    assert_ne!(lookup_of(&sha), lookup_of(&mac));
}

#[test]
fn the_same_digest_in_three_spellings_is_one_lookup_value() {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let digest = [0xfb; 32];
    let spellings = [
        to_hex(&digest),
        STANDARD.encode(digest),
        URL_SAFE_NO_PAD.encode(digest),
    ];
    for spelling in spellings {
        assert_eq!(
            lookup_of(&parse("sha256", &spelling)).as_bytes()[1..],
            digest
        );
    }
}

#[test]
fn at_most_16_hmac_keys_and_each_of_them_once() {
    let mut schemes = LookupSchemes::new();
    let scheme = |number: usize| {
        let key = Arc::new(HmacKey::new(&[u8::try_from(number).unwrap(); 32]).unwrap());
        Scheme::HmacSha256 {
            id: id_of(&key),
            key,
        }
    };
    for number in 0..MAX_HMAC_KEYS {
        assert_eq!(schemes.insert(scheme(number)), Ok(true));
        assert_eq!(schemes.insert(scheme(number)), Ok(false), "known already");
    }
    let full = Err(ForeignError::TooManyHmacKeys { max: MAX_HMAC_KEYS });
    assert_eq!(schemes.insert(scheme(MAX_HMAC_KEYS)), full);
    assert_eq!(
        schemes.insert(Scheme::Sha512),
        Ok(true),
        "only HMAC keys are counted"
    );
    assert_eq!(schemes.lookup_values(b"x").len(), MAX_HMAC_KEYS + 1);
}

#[test]
fn an_hmac_key_id_depends_on_the_key_and_on_the_pepper() {
    let (one, other) = (
        HmacKey::new(b"one").unwrap(),
        HmacKey::new(b"other").unwrap(),
    );
    assert_eq!(one.id(&[1; 32]), HmacKey::new(b"one").unwrap().id(&[1; 32]));
    assert_ne!(one.id(&[1; 32]), other.id(&[1; 32]));
    assert_ne!(one.id(&[1; 32]), one.id(&[2; 32]));
    assert_ne!(one, other);
}

#[test]
fn a_stored_hash_whose_key_is_gone_or_whose_text_is_damaged_says_so() {
    let hash = ForeignHash::parse("hmac-sha256", &to_hex(&[5; 32]), Some(b"key")).unwrap();
    let stored = hash.to_stored(id_of);
    let read = |text: &str| ForeignHash::from_stored(text, |_| None);
    assert_eq!(read(&stored), Err(ForeignError::HmacKeyUnknown));
    let damaged = [
        "",
        ":",
        "sha256",
        "sha256:",
        "hmac-sha256:",
        "hmac-sha256:00:11",
        "bcrypt:$2b$16$",
        "raw:x",
        &stored[..stored.len() - 1],
        &format!("{stored}0"),
    ];
    for text in damaged {
        assert_eq!(read(text), Err(ForeignError::Stored), "{text}");
    }
}

#[test]
fn a_prefix_is_4_to_64_printable_ascii_characters() {
    let longest = "p".repeat(64);
    for good in ["abcd", "old_live_", "!~#$", longest.as_str()] {
        assert_eq!(ForeignPrefix::parse(good).unwrap().as_str(), good);
    }
    let too_long = "p".repeat(65);
    for bad in [
        "",
        "abc",
        "ab d",
        "abc\n",
        "abcd\0",
        "abcé",
        "\u{7f}abcd",
        too_long.as_str(),
    ] {
        let error = ForeignPrefix::parse(bad).expect_err(bad);
        assert_eq!(error, ForeignError::Prefix { min: 4, max: 64 });
    }
}

#[test]
fn a_prefix_begins_a_secret_that_goes_on() {
    let prefix = ForeignPrefix::parse("abcd").unwrap();
    assert!(prefix.begins(b"abcdX"));
    for no in [&b"abcd"[..], b"abc", b"", b"Xabcd", b"ABCDx"] {
        assert!(!prefix.begins(no));
    }
}

#[test]
fn debug_shows_no_hash_no_key_and_little_of_a_prefix() {
    let key = b"hunter2-hunter2-hunter2";
    let mac = to_hex(&[0xab; 32]);
    let hash = ForeignHash::parse("hmac-sha256", &mac, Some(key)).unwrap();
    let scheme = hash.scheme(id_of).unwrap();
    let mut schemes = LookupSchemes::new();
    schemes.insert(scheme.clone()).unwrap();
    let shown = format!("{hash:?} {scheme:?} {schemes:?} {:?}", hash.lookup());
    assert!(shown.contains("HmacSha256(redacted)"), "{shown}");
    let key_as_numbers = format!("{key:?}");
    for hidden in [
        "hunter2",
        &to_hex(key),
        &key_as_numbers[1..20],
        "abab",
        "171, 171",
    ] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }

    for (format, value) in [("bcrypt", BCRYPT_OF_A), ("django", PBKDF2_OF_A)] {
        let shown = format!("{:?}", parse(format, value));
        assert!(shown.ends_with("(redacted)"), "{shown}");
    }
    let prefix = ForeignPrefix::parse("old_nearly_the_whole_secret_key").unwrap();
    assert_eq!(
        format!("{prefix:?}"),
        "ForeignPrefix(\"old_\"…, 31 characters)"
    );
}
