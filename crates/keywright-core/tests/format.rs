//! The format of secrets: every vector of `tests/vectors/key_format.json`, and that nothing but
//! exact strings is ever accepted.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use keywright_core::Secret;
use keywright_core::pepper::{Digest, PepperChain, PepperRing};
use keywright_core::random::SeededRandom;
use keywright_core::secret::{Brand, Class, Locator, MAX_LEN, MIN_LEN, Presented};
use proptest::prelude::*;
use serde_json::Value;
use std::fmt::Write;
use std::sync::LazyLock;

static VECTORS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../tests/vectors/key_format.json")).unwrap()
});

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap()
}

fn vectors(group: &str) -> &'static [Value] {
    VECTORS[group].as_array().unwrap()
}

fn hex(digest: &Digest) -> String {
    digest
        .as_bytes()
        .iter()
        .fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

/// The pepper of the vectors as number 1, the next one as number 2.
fn peppers() -> PepperRing {
    let lines = format!(
        "1:{}\n2:{}",
        text(&VECTORS, "pepper_hex"),
        text(&VECTORS, "next_pepper_hex")
    );
    PepperRing::parse(&lines).unwrap()
}

#[test]
fn valid_vectors_parse_into_their_parts() {
    assert_eq!(vectors("valid").len(), 6);
    for vector in vectors("valid") {
        let token = text(vector, "token");
        let presented = Presented::parse(token.as_bytes()).unwrap();
        assert_eq!(presented.brand(), text(vector, "brand"));
        assert_eq!(presented.class.as_str(), text(vector, "class"));
        assert_eq!(presented.locator.as_str(), text(vector, "locator"));
        assert!(token.ends_with(text(vector, "check")));
        assert_eq!(presented.redacted(), text(vector, "redacted_value"));
        assert_eq!(presented.bytes(), token.as_bytes());
    }
}

#[test]
fn valid_vectors_have_their_digest_and_their_rewrapped_one() {
    let peppers = peppers();
    for vector in vectors("valid") {
        let token = text(vector, "token").as_bytes();
        let first = PepperChain::of(1);
        let digest = peppers.digest_by(&first, token).unwrap();
        assert_eq!(hex(&digest), text(vector, "digest"));
        assert_eq!(
            hex(&peppers.rewrap(2, &digest).unwrap()),
            text(vector, "rewrapped")
        );
        let wrapped = peppers.digest_by(&first.wrapped(2), token).unwrap();
        assert_eq!(hex(&wrapped), text(vector, "rewrapped"));
    }
}

#[test]
fn the_current_pepper_makes_what_is_new() {
    let only_first = PepperRing::parse(text(&VECTORS, "pepper_hex")).unwrap();
    for vector in vectors("valid") {
        let (digest, chain) = only_first.digest(text(vector, "token").as_bytes());
        assert_eq!(
            (hex(&digest).as_str(), chain),
            (text(vector, "digest"), PepperChain::of(1))
        );
        let (_, chain) = peppers().digest(text(vector, "token").as_bytes());
        assert_eq!(chain, PepperChain::of(2));
    }
}

#[test]
fn malformed_vectors_do_not_parse() {
    assert_eq!(vectors("malformed").len(), 23);
    for vector in vectors("malformed") {
        assert!(
            Presented::parse(text(vector, "token").as_bytes()).is_none(),
            "{}",
            text(vector, "name")
        );
    }
}

#[test]
fn spliced_vectors_parse_and_have_another_digest() {
    let peppers = peppers();
    assert_eq!(vectors("spliced").len(), 3);
    for vector in vectors("spliced") {
        let (token, of) = (
            text(vector, "token").as_bytes(),
            text(vector, "of").as_bytes(),
        );
        assert!(
            Presented::parse(token).is_some(),
            "{}",
            text(vector, "name")
        );
        let (digest, issued) = (peppers.digest(token).0, peppers.digest(of).0);
        assert!(!digest.matches(&issued), "{}", text(vector, "name"));
    }
}

#[test]
fn nothing_shows_a_secret_but_reveal() {
    for vector in vectors("valid") {
        let (token, redacted) = (text(vector, "token"), text(vector, "redacted_value"));
        let secret = Secret::from_string(token.to_owned());
        assert_eq!(secret.reveal(), token);
        assert_eq!(secret.redacted_value(), redacted);
        assert_eq!(
            format!("{secret:?}"),
            format!("<Secret {redacted}  use .reveal()>")
        );
        let presented = Presented::parse(token.as_bytes()).unwrap();
        assert_eq!(format!("{presented:?}"), redacted);
    }
}

/// CRC-32/ISO-HDLC, bit by bit, as the catalogue of CRCs defines it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

fn base62(mut value: u32) -> String {
    let alphabet: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let mut out = ['0'; 6];
    for place in out.iter_mut().rev() {
        *place = alphabet[(value % 62) as usize];
        value /= 62;
    }
    out.iter().collect()
}

/// The format read once more, in another way: from the left, as text, part by part.
fn by_the_book(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let parts: Vec<&str> = text.split('_').collect();
    let &[brand, class, middle, tail] = parts.as_slice() else {
        return false;
    };
    let is_base62 = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric());
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (2..=10).contains(&brand.len())
        && brand.starts_with(|c: char| c.is_ascii_lowercase())
        && brand.chars().all(lower)
        && ["live", "test", "temp", "admin"].contains(&class)
        && middle
            .strip_prefix("kw1")
            .is_some_and(|locator| locator.len() == 16 && is_base62(locator))
        && tail.len() == 49
        && is_base62(tail)
        && text[text.len() - 6..] == base62(crc32(&bytes[..bytes.len() - 6]))
}

/// Strings near the format: right parts and slightly wrong ones, with a check that fits.
fn near() -> impl Strategy<Value = Vec<u8>> {
    let brand = prop_oneof!["[a-z][a-z0-9]{1,9}", "[a-z0-9A-Z]{0,12}"];
    let class = prop_oneof!["live|test|temp|admin", "[a-z]{3,6}"];
    let marker = prop_oneof![4 => "kw1", 1 => "kw[0-9]"];
    let locator = prop_oneof![4 => "[0-9A-Za-z]{16}", 1 => "[0-9A-Za-z_-]{15,17}"];
    let random = prop_oneof![4 => "[0-9A-Za-z]{43}", 1 => "[0-9A-Za-z_-]{42,44}"];
    (brand, class, marker, locator, random, any::<bool>()).prop_map(
        |(brand, class, marker, locator, random, fits)| {
            let body = format!("{brand}_{class}_{marker}{locator}_{random}");
            let check = base62(crc32(body.as_bytes()).wrapping_add(u32::from(!fits)));
            (body + &check).into_bytes()
        },
    )
}

fn generated(seed: u64, brand: &str, class: Class) -> Secret {
    let random = SeededRandom::new(seed);
    let locator = Locator::generate(&random).unwrap();
    Secret::generate(&Brand::parse(brand).unwrap(), class, &locator, &random).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_generated_parses(seed: u64, brand in "[a-z][a-z0-9]{1,9}", class in 0usize..4) {
        let class = Class::ALL[class];
        let secret = generated(seed, &brand, class);
        let bytes = secret.reveal().as_bytes();
        prop_assert!((MIN_LEN..=MAX_LEN).contains(&bytes.len()));
        prop_assert!(by_the_book(bytes));
        let presented = Presented::parse(bytes).unwrap();
        prop_assert_eq!(presented.brand(), brand);
        prop_assert_eq!(presented.class, class);
        prop_assert_eq!(presented.redacted(), secret.redacted_value());
    }

    #[test]
    fn any_bytes_are_safe_and_read_by_the_book(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        prop_assert_eq!(Presented::parse(&bytes).is_some(), by_the_book(&bytes));
    }

    #[test]
    fn what_is_near_the_format_is_read_by_the_book(bytes in near()) {
        prop_assert_eq!(Presented::parse(&bytes).is_some(), by_the_book(&bytes));
    }

    #[test]
    fn one_byte_changed_is_another_string(seed: u64, place: prop::sample::Index, to: u8) {
        let secret = generated(seed, "acme", Class::Live);
        let mut bytes = secret.reveal().as_bytes().to_vec();
        let place = place.index(bytes.len());
        prop_assume!(bytes[place] != to);
        bytes[place] = to;
        prop_assert!(Presented::parse(&bytes).is_none());
    }

    #[test]
    fn what_stands_around_a_secret_is_not_trimmed(seed: u64, around in "[ \t\r\n\"'a-z0-9]{1,3}", before: bool) {
        let secret = generated(seed, "kw", Class::Test);
        let text = if before { format!("{around}{}", secret.reveal()) } else { format!("{}{around}", secret.reveal()) };
        prop_assert!(Presented::parse(text.as_bytes()).is_none());
    }

    #[test]
    fn no_two_seeds_give_the_same_secret(one: u64, other: u64) {
        prop_assume!(one != other);
        let (one, other) = (generated(one, "kw", Class::Live), generated(other, "kw", Class::Live));
        prop_assert_ne!(one.reveal(), other.reveal());
    }
}
