//! Peppers: what their text may look like, what comes of each, and that nothing of one use or one
//! pepper can stand in for another.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

mod support;

use keywright_core::ErrorCode;
use keywright_core::pepper::{Digest, PepperChain, PepperRing, Tag, TagUse};
use proptest::prelude::*;
use support::peppers;

const ONE: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const TWO: &str = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";

fn ring(text: &str) -> PepperRing {
    PepperRing::parse(text).unwrap()
}

fn both() -> PepperRing {
    ring(&format!("1:{ONE},2:{TWO}"))
}

#[test]
fn a_pepper_is_64_hexadecimal_digits_or_several_of_them_with_numbers() {
    let plain = ring(ONE);
    assert_eq!(plain.numbers().collect::<Vec<_>>(), [1]);
    for same in [
        format!("1:{ONE}"),
        format!("{ONE}\n"),
        format!("  {ONE}\r\n"),
        format!("# the pepper of production\n\n1:{ONE}\n  # and nothing else\n"),
        ONE.to_uppercase(),
        format!(",1:{ONE},"),
    ] {
        assert_eq!(*ring(&same).to_text(), *plain.to_text(), "{same}");
    }
    for two in [
        format!("2:{TWO}\n1:{ONE}"),
        format!("1:{ONE},2:{TWO}"),
        format!("{ONE},2:{TWO}"),
    ] {
        assert_eq!(ring(&two).numbers().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(ring(&two).current_number(), 2);
    }
}

#[test]
fn anything_else_is_no_pepper_and_is_not_repeated() {
    let bad = [
        String::new(),
        "\n\n# only a comment\n".to_owned(),
        ONE[1..].to_owned(),
        format!("{ONE}0"),
        ONE.replace('0', "g"),
        ONE.replace("00", "\u{e9}"),
        format!("0x{ONE}"),
        format!("x:{ONE}"),
        format!("-1:{ONE}"),
        format!("4294967296:{ONE}"),
        format!("1:1:{ONE}"),
        format!("1:{ONE},1:{TWO}"),
        format!("{ONE}\n{TWO}"),
        format!("{ONE} {TWO}"),
        "hunter2".to_owned(),
    ];
    for text in bad {
        let error = PepperRing::parse(&text).unwrap_err();
        assert_eq!(error.code, ErrorCode::Pepper, "{text}");
        let told = format!("{error:?}");
        let part = text.trim().get(..8).unwrap_or("hunter2");
        assert!(part.is_empty() || !told.contains(part), "{told}");
    }
    assert_eq!(
        PepperRing::new(Vec::new()).unwrap_err().code,
        ErrorCode::Pepper
    );
}

#[test]
fn the_text_of_a_ring_reads_back_as_it() {
    let text = both().to_text();
    assert_eq!(*text, format!("1:{ONE}\n2:{TWO}\n"));
    assert_eq!(*ring(&text).to_text(), *text);
}

#[test]
fn a_ring_shows_numbers_and_nothing_else() {
    assert_eq!(format!("{:?}", both()), "PepperRing([1, 2])");
    let (digest, _) = both().digest(b"secret");
    assert_eq!(format!("{digest:?}"), "Digest(\u{2026})");
}

#[test]
fn what_an_old_pepper_made_is_known_as_long_as_it_is_there() {
    let (old, both) = (ring(ONE), both());
    let (digest, chain) = old.digest(b"secret");
    assert!(both.digest_by(&chain, b"secret").unwrap().matches(&digest));
    assert!(!both.digest_by(&chain, b"Secret").unwrap().matches(&digest));
    let tag = old.tag(TagUse::Seal, &[b"row"]);
    assert!(both.check_tag(TagUse::Seal, &[b"row"], &tag));
    // Without it there is no answer, and never a wrong one.
    let new = ring(&format!("2:{TWO}"));
    assert!(new.digest_by(&chain, b"secret").is_none());
    assert!(new.digest_by(&chain.wrapped(2), b"secret").is_none());
    assert!(!new.check_tag(TagUse::Seal, &[b"row"], &tag));
    assert!(
        new.rewrap(1, &digest).is_none()
            && new.check_value(1).is_none()
            && new.sealing_key(1).is_none()
    );
}

#[test]
fn the_number_of_a_pepper_does_not_stand_in_for_its_bytes() {
    let (ours, theirs) = (ring(&format!("1:{ONE}")), ring(&format!("1:{TWO}")));
    let (digest, chain) = ours.digest(b"secret");
    assert!(
        !theirs
            .digest_by(&chain, b"secret")
            .unwrap()
            .matches(&digest)
    );
    assert!(!theirs.check_tag(TagUse::Audit, &[b"x"], &ours.tag(TagUse::Audit, &[b"x"])));
    assert_ne!(ours.check_value(1), theirs.check_value(1));
}

#[test]
fn rewrapping_wraps_and_can_be_done_again() {
    let ring = ring(&format!("1:{ONE},2:{TWO},3:{ONE}"));
    let first = PepperChain::of(1);
    let inner = ring.digest_by(&first, b"secret").unwrap();
    let outer = ring.rewrap(2, &inner).unwrap();
    let outest = ring.rewrap(3, &outer).unwrap();
    let chain = first.wrapped(2).wrapped(3);
    assert!(ring.digest_by(&chain, b"secret").unwrap().matches(&outest));
    // A wrapped digest is not a digest of a digest under the same label.
    let plain = ring
        .digest_by(&PepperChain::of(3), outer.as_bytes())
        .unwrap();
    assert!(!plain.matches(&outest));
}

#[test]
fn a_chain_of_peppers_reads_back_as_itself() {
    for chain in [
        PepperChain::of(1),
        PepperChain::of(7).wrapped(2).wrapped(4_294_967_295),
    ] {
        assert_eq!(PepperChain::parse(&chain.to_string()), Some(chain));
    }
    for bad in [
        "",
        ",",
        "1,",
        ",1",
        "1,,2",
        "x",
        "1;2",
        " 1",
        "1, 2",
        "-1",
        "4294967296",
        "1\n",
    ] {
        assert_eq!(PepperChain::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_tag_for_one_use_is_worth_nothing_for_another() {
    let ring = ring(ONE);
    let uses = [TagUse::Seal, TagUse::Audit, TagUse::RevocationLog];
    for made in uses {
        let tag = ring.tag(made, &[b"part"]);
        for checked in uses {
            assert_eq!(ring.check_tag(checked, &[b"part"], &tag), made == checked);
        }
        assert!(!ring.check_tag(made, &[b"Part"], &tag) && !ring.check_tag(made, &[], &tag));
    }
}

#[test]
fn every_use_of_a_pepper_has_a_key_of_its_own() {
    let ring = ring(ONE);
    let (digest, _) = ring.digest(b"");
    let mut made = vec![
        *digest.as_bytes(),
        ring.tag(TagUse::Seal, &[]).mac,
        ring.tag(TagUse::Audit, &[]).mac,
        ring.tag(TagUse::RevocationLog, &[]).mac,
        ring.index("", &[]),
        ring.check_value(1).unwrap(),
        *ring.sealing_key(1).unwrap(),
    ];
    made.sort_unstable();
    made.dedup();
    assert_eq!(made.len(), 7);
}

#[test]
fn an_index_value_stays_when_a_pepper_is_added_and_keeps_its_parts_apart() {
    let (old, both) = (ring(ONE), both());
    assert_eq!(
        old.index("label", &[b"a", b"b"]),
        both.index("label", &[b"a", b"b"])
    );
    let values = [
        old.index("label", &[b"a", b"b"]),
        old.index("label", &[b"ab"]),
        old.index("label", &[b"ab", b""]),
        old.index("label", &[b"", b"ab"]),
        old.index("labela", &[b"b"]),
        old.index("label", &[b"b", b"a"]),
    ];
    for (place, value) in values.iter().enumerate() {
        assert!(!values[..place].contains(value), "{place}");
    }
}

#[test]
fn a_generated_pepper_is_number_one_and_follows_from_the_random_source() {
    assert_eq!(*peppers(5).to_text(), *peppers(5).to_text());
    assert_ne!(*peppers(5).to_text(), *peppers(6).to_text());
    assert_eq!(peppers(5).current_number(), 1);
}

proptest! {
    #[test]
    fn any_text_is_safe_to_read(text in ".{0,200}") {
        if let Ok(ring) = PepperRing::parse(&text) {
            prop_assert_eq!(&*PepperRing::parse(&ring.to_text()).unwrap().to_text(), &*ring.to_text());
        }
    }

    #[test]
    fn digests_match_if_they_are_the_same(one: [u8; 32], other: [u8; 32]) {
        let (a, b) = (Digest::from_bytes(one), Digest::from_bytes(other));
        prop_assert!(a.matches(&a));
        prop_assert_eq!(a.matches(&b), one == other);
    }

    #[test]
    fn a_tag_reads_back_from_its_bytes(pepper: u32, mac: [u8; 32], other in proptest::collection::vec(any::<u8>(), 0..50)) {
        let tag = Tag { pepper, mac };
        prop_assert_eq!(Tag::from_bytes(&tag.to_bytes()), Some(tag));
        prop_assert_eq!(Tag::from_bytes(&other).is_some(), other.len() == 36);
    }
}
