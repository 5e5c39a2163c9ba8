//! Nothing that is given makes this module panic, and what it accepts keeps its meaning.

use proptest::prelude::*;

use super::super::{ForeignHash, ForeignPrefix, LookupSchemes, Scheme, open};
use super::{BCRYPT_OF_A, PBKDF2_OF_A, id_of, parse, stored_and_read};

fn format() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("sha256".to_owned()),
        Just("sha512".to_owned()),
        Just("hmac-sha256".to_owned()),
        Just("bcrypt".to_owned()),
        Just("argon2".to_owned()),
        Just("django".to_owned()),
        any::<String>(),
    ]
}

/// Text that looks like a hash up to some point.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9a-fA-F]{60,68}",
        "[0-9a-zA-Z+/_-]{40,90}={0,3}",
        "\\$2[abxy]\\$[0-9]{1,2}\\$[./0-9a-zA-Zé]{50,54}",
        "\\$argon2(id|i|d)(\\$v=1[69])?\\$m=[0-9]{1,7},t=[0-9]{1,2},p=[0-9]\\$[0-9a-zA-Z]{0,24}\\$[0-9a-zA-Z]{20,44}",
        "(pbkdf2_sha256|sha512|argon2|bcrypt|bcrypt_sha256)\\$[0-9]{0,8}\\$[^$]{0,20}\\$[0-9a-zA-Z]{43}=",
    ]
}

proptest! {
    #[test]
    fn parsing_never_panics_and_what_parses_survives_the_database(
        format in format(),
        value in value(),
        key in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..80)),
    ) {
        if let Ok(hash) = ForeignHash::parse(&format, &value, key.as_deref()) {
            prop_assert_eq!(stored_and_read(&hash), hash);
        }
        let _ = ForeignHash::from_stored(&format!("{format}:{value}"), |_| None);
        let _ = ForeignPrefix::parse(&value);
    }

    #[test]
    fn checking_any_bytes_never_panics_and_only_the_secret_matches(
        secret in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        for hash in [parse("bcrypt", BCRYPT_OF_A), parse("django", PBKDF2_OF_A)] {
            prop_assert_eq!(hash.matches(&secret), secret == b"a");
        }
    }

    #[test]
    fn an_hmac_hash_is_found_by_its_secret_only(
        secret in proptest::collection::vec(any::<u8>(), 1..=512),
        other in proptest::collection::vec(any::<u8>(), 1..=512),
        mac in any::<[u8; 32]>(),
        key in proptest::collection::vec(any::<u8>(), 1..200),
    ) {
        let mac = crate::foreign::encoding::to_hex(&mac);
        let hash = ForeignHash::parse("hmac-sha256", &mac, Some(&key)).unwrap();
        prop_assert!(!hash.matches(&secret));
        let mut schemes = LookupSchemes::new();
        for scheme in [hash.scheme(id_of).unwrap(), Scheme::Sha256, Scheme::Sha512] {
            schemes.insert(scheme).unwrap();
        }
        let same = schemes.lookup_values(&secret) == schemes.lookup_values(&other);
        prop_assert_eq!(same, secret == other);
    }

    #[test]
    fn opening_any_bytes_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(open(&[1; 32], b"place", &bytes).is_err());
    }

    /// The promise on which "one candidate, never a scan" stands: among prefixes that don't
    /// overlap, the greatest one not above the secret is the only one that can begin it.
    #[test]
    fn among_prefixes_that_do_not_overlap_one_seek_finds_the_only_candidate(
        candidates in proptest::collection::vec("[ab]{4,8}", 1..12),
        secret in "[ab]{4,12}",
    ) {
        let mut kept: Vec<ForeignPrefix> = Vec::new();
        for candidate in candidates {
            let prefix = ForeignPrefix::parse(&candidate).unwrap();
            let at = kept.partition_point(|known| *known < prefix);
            let before = at.checked_sub(1).and_then(|index| kept.get(index));
            let clash = [before, kept.get(at)].into_iter().flatten().any(|known| known.overlaps(&prefix));
            prop_assert_eq!(clash, kept.iter().any(|known| known.overlaps(&prefix)), "two neighbours suffice");
            if !clash {
                kept.insert(at, prefix);
            }
        }
        let seek = kept.iter().rfind(|prefix| prefix.as_str() <= secret.as_str());
        let by_seek = seek.filter(|prefix| prefix.begins(secret.as_bytes()));
        let mut by_scan = kept.iter().filter(|prefix| prefix.begins(secret.as_bytes()));
        prop_assert_eq!(by_seek, by_scan.next());
        prop_assert_eq!(by_scan.next(), None);
    }
}
