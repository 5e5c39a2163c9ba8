//! The revocation index: what it says of a row follows from the narrowings that it took in, in
//! whatever order and number they came, and what it wrote reads back as the same.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

mod support;

use keywright_core::keys::{End, KeyPatch, RevocationReason, State, VersionPatch};
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::revocation::{ENTRY_LEN, Entry, Narrowing, RevocationIndex};
use keywright_core::scopes::Scopes;
use proptest::prelude::*;
use std::collections::HashMap;
use support::{at, kept, peppers};

const STORE: &str = "store_1";

fn entry(id: &str, row_version: u64, kind: Narrowing) -> Entry {
    Entry {
        id: id.to_owned(),
        row_version,
        kind,
    }
}

#[test]
fn a_row_that_was_never_narrowed_is_believed() {
    let index = RevocationIndex::default();
    assert!(index.allows("key_a", 0) && index.allows("", 1) && index.floor("key_a").is_none());
    assert_eq!((index.entries(), index.floors().count()), (0, 0));
}

#[test]
fn a_floor_only_rises() {
    let (peppers, mut index) = (peppers(1), RevocationIndex::default());
    for row_version in [3, 2, 3, 1] {
        let _ = index
            .append(
                &peppers,
                STORE,
                &entry("key_a", row_version, Narrowing::Narrowed),
            )
            .unwrap();
    }
    assert_eq!(index.entries(), 4);
    assert!(!index.allows("key_a", 2) && index.allows("key_a", 3) && index.allows("key_a", 4));
    assert_eq!(index.floor("key_a").unwrap().entry, 1);
}

#[test]
fn what_is_appended_goes_on_where_reading_stopped() {
    let peppers = peppers(1);
    let mut writer = RevocationIndex::default();
    let lines: Vec<_> = (2..6)
        .map(|row_version| {
            writer
                .append(
                    &peppers,
                    STORE,
                    &entry("key_a", row_version, Narrowing::Ended),
                )
                .unwrap()
        })
        .collect();
    let mut reader = RevocationIndex::default();
    for line in &lines[..2] {
        reader.read(&peppers, STORE, line).unwrap();
    }
    // Another writer, who has read the same, writes the very same bytes.
    let third = reader
        .append(&peppers, STORE, &entry("key_a", 4, Narrowing::Ended))
        .unwrap();
    assert_eq!(third, lines[2]);
    assert!(reader.read(&peppers, STORE, &lines[3]).is_some());
}

#[test]
fn a_line_that_is_no_line_leaves_the_index_as_it_was() {
    let (peppers, mut index) = (peppers(1), RevocationIndex::default());
    let line = index
        .append(&peppers, STORE, &entry("key_a", 2, Narrowing::Ended))
        .unwrap();
    for bad in [[0; ENTRY_LEN], [0xff; ENTRY_LEN], line] {
        assert!(index.read(&peppers, STORE, &bad).is_none());
    }
    assert_eq!(index.entries(), 1);
    assert!(
        index
            .append(&peppers, STORE, &entry("", 9, Narrowing::Ended))
            .is_none()
    );
    assert!(
        index
            .append(&peppers, STORE, &entry("a\0b", 9, Narrowing::Ended))
            .is_none()
    );
    assert_eq!(index.entries(), 1);
}

#[test]
fn without_the_pepper_nothing_can_be_written() {
    let mut theirs = RevocationIndex::default();
    let forged = theirs
        .append(&peppers(2), STORE, &entry("key_a", 9, Narrowing::Ended))
        .unwrap();
    assert!(
        RevocationIndex::default()
            .read(&peppers(1), STORE, &forged)
            .is_none()
    );
}

#[test]
fn a_narrowing_has_a_number_of_its_own() {
    for kind in [Narrowing::Narrowed, Narrowing::Ended] {
        assert_eq!(Narrowing::from_number(kind.number()), Some(kind));
    }
    assert_ne!(Narrowing::Narrowed.number(), Narrowing::Ended.number());
    for bad in [0, 1, -1, 255, i64::MIN, i64::MAX] {
        assert_eq!(Narrowing::from_number(bad), None);
    }
}

#[test]
fn every_change_that_can_narrow_a_key_is_noted() {
    let revoked = State::Revoked {
        at: at(0),
        reason: RevocationReason::Unspecified,
    };
    let none = KeyPatch::default();
    for (patch, narrows) in [
        (none.clone(), None),
        (
            KeyPatch {
                name: Some(Name::parse("a").unwrap()),
                ..none.clone()
            },
            None,
        ),
        (
            KeyPatch {
                metadata: Some(Metadata::default()),
                ..none.clone()
            },
            None,
        ),
        (
            KeyPatch {
                state: Some(State::Active),
                ..none.clone()
            },
            None,
        ),
        (
            KeyPatch {
                scopes: Some(Scopes::All),
                ..none.clone()
            },
            Some(Narrowing::Narrowed),
        ),
        (
            KeyPatch {
                networks: Some(Networks::default()),
                ..none.clone()
            },
            Some(Narrowing::Narrowed),
        ),
        (
            KeyPatch {
                limits: Some(Vec::new()),
                ..none.clone()
            },
            Some(Narrowing::Narrowed),
        ),
        (
            KeyPatch {
                expires_at: Some(None),
                ..none.clone()
            },
            Some(Narrowing::Narrowed),
        ),
        (
            KeyPatch {
                expires_at: Some(Some(at(1))),
                ..none.clone()
            },
            Some(Narrowing::Narrowed),
        ),
        (
            KeyPatch {
                state: Some(State::Disabled),
                ..none.clone()
            },
            Some(Narrowing::Narrowed),
        ),
        (
            KeyPatch {
                state: Some(revoked),
                ..none.clone()
            },
            Some(Narrowing::Ended),
        ),
        (
            KeyPatch {
                state: Some(revoked),
                scopes: Some(Scopes::All),
                ..none
            },
            Some(Narrowing::Ended),
        ),
    ] {
        assert_eq!(patch.narrowing(), narrows, "{patch:?}");
    }
}

#[test]
fn every_change_that_can_narrow_a_version_is_noted() {
    let none = VersionPatch::default();
    for (patch, narrows) in [
        (none.clone(), None),
        (
            VersionPatch {
                end: Some(None),
                ..none.clone()
            },
            None,
        ),
        (
            VersionPatch {
                unconfirmed: Some(true),
                ..none.clone()
            },
            None,
        ),
        (
            VersionPatch {
                unconfirmed: Some(false),
                ..none.clone()
            },
            Some(Narrowing::Narrowed),
        ),
        (
            VersionPatch {
                end: Some(Some(End::At(at(1)))),
                ..none.clone()
            },
            Some(Narrowing::Ended),
        ),
        (
            VersionPatch {
                secret: Some(kept(1)),
                ..none
            },
            Some(Narrowing::Ended),
        ),
    ] {
        assert_eq!(patch.narrowing(), narrows, "{patch:?}");
    }
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = ("[ab]{1,2}", 1u64..6, any::<bool>()).prop_map(|(id, row_version, ended)| {
        let kind = if ended {
            Narrowing::Ended
        } else {
            Narrowing::Narrowed
        };
        entry(&id, row_version, kind)
    });
    proptest::collection::vec(one, 0..30)
}

proptest! {
    #[test]
    fn the_index_says_what_the_entries_say(entries in entries(), seen in 0usize..31) {
        let (peppers, mut writer, mut reader) = (peppers(1), RevocationIndex::default(), RevocationIndex::default());
        for entry in &entries {
            let line = writer.append(&peppers, STORE, entry).unwrap();
            let read = reader.read(&peppers, STORE, &line);
            prop_assert_eq!(read.as_ref(), Some(entry));
        }
        let mut highest: HashMap<&str, u64> = HashMap::new();
        for entry in &entries {
            let floor = highest.entry(&entry.id).or_default();
            *floor = entry.row_version.max(*floor);
        }
        prop_assert_eq!(reader.entries(), entries.len() as u64);
        prop_assert_eq!(reader.floors().count(), highest.len());
        for (id, floor) in highest {
            for row_version in 0..8 {
                prop_assert_eq!(reader.allows(id, row_version), row_version >= floor);
                prop_assert_eq!(writer.allows(id, row_version), row_version >= floor);
                // Who has seen only some entries is told no less than these say.
                let seen_floor = entries.iter().take(seen).filter(|entry| entry.id == id);
                let seen_floor = seen_floor.map(|entry| entry.row_version).max().unwrap_or(0);
                if row_version >= floor || seen_floor == floor {
                    prop_assert_eq!(reader.allows_at(id, row_version, seen as u64), row_version >= floor);
                }
            }
        }
    }
}
