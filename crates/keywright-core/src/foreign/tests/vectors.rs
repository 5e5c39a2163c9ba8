//! Every vector of `tests/vectors/foreign_hashes.json`.

use serde_json::Value;

use super::super::{ForeignError, ForeignHash, LookupSchemes, open, seal};
use super::{id_of, stored_and_read};
use crate::foreign::encoding::to_hex;

fn vectors(list: &str) -> Vec<Value> {
    let text = include_str!("../../../../../tests/vectors/foreign_hashes.json");
    let all: Value = serde_json::from_str(text).unwrap();
    all[list].as_array().unwrap().clone()
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    let hex = text(vector, field);
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

fn parse(vector: &Value) -> Result<ForeignHash, ForeignError> {
    let key = vector.get("key_hex").map(|_| bytes(vector, "key_hex"));
    ForeignHash::parse(
        text(vector, "format"),
        text(vector, "value"),
        key.as_deref(),
    )
}

#[test]
fn the_right_secret_matches_and_others_do_not() {
    let vectors = vectors("match");
    assert!(vectors.len() >= 50);
    for vector in &vectors {
        let name = text(vector, "name");
        let hash = parse(vector).unwrap_or_else(|error| panic!("{name}: {error}"));
        let secret = text(vector, "secret").as_bytes();
        assert!(hash.matches(secret), "{name}: the right secret");

        if vector.get("heavy").is_some() {
            continue; // the same code with a higher cost; one computation is enough
        }
        let mut wrong = [
            secret.to_vec(),
            [secret, b"x"].concat(),
            secret[..secret.len() - 1].to_vec(),
            text(vector, "value").as_bytes().to_vec(),
        ];
        wrong[0][0] ^= 1;
        for (which, wrong) in wrong.iter().enumerate() {
            assert!(!hash.matches(wrong), "{name}: wrong secret {which}");
        }
    }
}

#[test]
fn each_hash_says_whether_it_is_slow_and_how_it_is_found() {
    for vector in vectors("match") {
        let name = text(&vector, "name");
        let hash = parse(&vector).unwrap();
        // Django's wrapping of a bcrypt or argon2 text is taken off, and not needed again.
        let format = match text(&vector, "name") {
            "django argon2" | "django argon2 as Django makes it" => "argon2",
            "django bcrypt" => "bcrypt",
            _ => text(&vector, "format"),
        };
        assert_eq!(hash.format(), format, "{name}");
        assert_eq!(hash.is_slow(), vector["slow"].as_bool().unwrap(), "{name}");

        let lookup = hash.lookup().map(|value| to_hex(value.as_bytes()));
        assert_eq!(lookup.as_deref(), vector["lookup_hex"].as_str(), "{name}");
        assert_eq!(hash.is_salted(), lookup.is_none(), "{name}");
        assert_eq!(hash.is_salted(), hash.scheme(id_of).is_none(), "{name}");
    }
}

#[test]
fn an_unsalted_hash_is_found_by_the_secret_among_all_imported_schemes() {
    let hashes: Vec<_> = vectors("match")
        .iter()
        .map(|vector| (parse(vector).unwrap(), text(vector, "secret").to_owned()))
        .filter(|(hash, _)| !hash.is_salted())
        .collect();
    let mut schemes = LookupSchemes::new();
    for (hash, _) in &hashes {
        schemes.insert(hash.scheme(id_of).unwrap()).unwrap();
    }
    assert_eq!(
        schemes.iter().count(),
        2 + 5,
        "SHA-256, SHA-512 and five HMAC keys"
    );
    for (hash, secret) in &hashes {
        let wanted = schemes.lookup_values(secret.as_bytes());
        let found = wanted
            .iter()
            .filter(|value| hash.lookup().as_ref() == Some(value));
        assert_eq!(found.count(), 1);
    }
}

#[test]
fn a_hash_comes_back_from_the_database_as_it_was() {
    for vector in vectors("match") {
        let name = text(&vector, "name");
        let hash = parse(&vector).unwrap();
        let back = stored_and_read(&hash);
        assert_eq!(back, hash, "{name}");
        assert_eq!(back.to_stored(id_of), hash.to_stored(id_of), "{name}");
        if vector.get("key_hex").is_some() {
            let stored = hash.to_stored(id_of);
            assert!(
                !stored.contains(text(&vector, "key_hex")),
                "{name}: the key in clear"
            );
        }
    }
}

#[test]
fn everything_malformed_or_unbearable_is_refused_with_its_own_error() {
    let vectors = vectors("refused");
    assert!(vectors.len() >= 100);
    for vector in &vectors {
        let name = text(vector, "name");
        let error = parse(vector).expect_err(name);
        let kind = match error {
            ForeignError::UnknownFormat => "unknown_format",
            ForeignError::UnsupportedAlgorithm { .. } => "unsupported",
            ForeignError::Malformed { .. } => "malformed",
            ForeignError::HashTooLong { .. } => "too_long",
            ForeignError::OutOfBounds { .. } => "out_of_bounds",
            ForeignError::HmacKeyMissing => "key_missing",
            ForeignError::HmacKeyUnexpected => "key_unexpected",
            ForeignError::HmacKeyLength { .. } => "key_length",
            ref other => panic!("{name}: {other}"),
        };
        assert_eq!(kind, text(vector, "error"), "{name}: {error}");
        let given = text(vector, "value");
        let shown = format!("{error} {error:?}");
        assert!(
            given.len() < 16 || !shown.contains(given),
            "{name}: {shown}"
        );
    }
}

#[test]
fn sealing_is_xchacha20_poly1305() {
    for vector in vectors("seal") {
        let key: [u8; 32] = bytes(&vector, "key_hex").try_into().unwrap();
        let nonce = bytes(&vector, "nonce_hex").try_into().unwrap();
        let (aad, plain) = (bytes(&vector, "aad_hex"), bytes(&vector, "plain_hex"));
        let sealed = bytes(&vector, "sealed_hex");
        assert_eq!(seal(&key, nonce, &aad, &plain).unwrap(), sealed);
        assert_eq!(*open(&key, &aad, &sealed).unwrap(), plain);
    }
}
