//! A log that is damaged: by a crash, which is put right, or by somebody, which is noticed.

use crate::log::raw;
use crate::place::Place;
use futures_executor::block_on;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::operations::{self, CreateKey};
use keywright_core::owner::Owner;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_testkit::{Issued, wanted};
use std::fs::{self, OpenOptions};
use std::io::Write;

/// A store that was used and closed, with a revoked key in it.
pub(crate) fn used() -> (Place, Issued) {
    used_from(1)
}

fn used_from(seed: u64) -> (Place, Issued) {
    let place = Place::new();
    let store = place.open(seed);
    let key = store.issue(&wanted("revoked"));
    store.change(key.id(), Command::Disable).unwrap();
    store
        .change(key.id(), Command::Revoke(RevocationReason::Unspecified))
        .unwrap();
    drop(store);
    (place, key)
}

#[test]
fn a_log_that_is_gone_cut_or_changed_is_refused_at_open() {
    for (what, damage) in [
        (
            "gone",
            &(|place: &Place| fs::remove_file(place.log()).unwrap()) as &dyn Fn(&Place),
        ),
        ("empty", &|place| fs::write(place.log(), []).unwrap()),
        ("one entry short", &|place| cut(place, 76)),
        ("a byte short", &|place| cut(place, 1)),
        ("one byte changed", &|place| {
            let mut bytes = fs::read(place.log()).unwrap();
            bytes[100] ^= 1;
            fs::write(place.log(), bytes).unwrap();
        }),
        ("another store's", &|place| {
            let (other, _) = used_from(2);
            fs::copy(other.log(), place.log()).unwrap();
        }),
        ("with its entries in another order", &|place| {
            let bytes = fs::read(place.log()).unwrap();
            let at = bytes.len() - 2 * 76;
            let turned = [&bytes[..at], &bytes[at + 76..], &bytes[at..at + 76]].concat();
            fs::write(place.log(), turned).unwrap();
        }),
        ("some other file", &|place| {
            fs::write(place.log(), [7; 300]).unwrap();
        }),
    ] {
        let (place, _) = used();
        damage(&place);
        let refused = place.refusal();
        assert_eq!(refused.code, ErrorCode::Tampered, "{what}");
        assert!(refused.hint.is_some(), "{what}");
    }
}

fn cut(place: &Place, bytes: u64) {
    let log = OpenOptions::new().write(true).open(place.log()).unwrap();
    let length = log.metadata().unwrap().len();
    log.set_len(length - bytes).unwrap();
}

#[test]
fn a_log_that_is_cut_while_it_is_in_use_stops_everything() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("revoked"));
    store.change(key.id(), Command::Disable).unwrap();
    cut(&place, 76);
    assert_eq!(
        store.find(&key.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
    assert_eq!(
        store.create(&wanted("more")).err().unwrap().code,
        ErrorCode::Tampered
    );
}

#[test]
fn an_entry_that_somebody_adds_stops_everything() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    OpenOptions::new()
        .append(true)
        .open(place.log())
        .unwrap()
        .write_all(&[b'x'; 76])
        .unwrap();
    assert_eq!(
        store.find(&key.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
}

#[test]
fn an_entry_behind_zeros_that_somebody_adds_stops_everything() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    OpenOptions::new()
        .append(true)
        .open(place.log())
        .unwrap()
        .write_all(&[[0; 76], [b'x'; 76]].concat())
        .unwrap();
    assert_eq!(
        store.find(&key.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
}

#[test]
fn what_a_crash_left_torn_is_passed_over_and_cut_off() {
    for torn in [vec![b'k'; 40], vec![0; 76], vec![0; 1000]] {
        let (place, key) = used();
        OpenOptions::new()
            .append(true)
            .open(place.log())
            .unwrap()
            .write_all(&torn)
            .unwrap();
        let store = place.open(3);
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Revoked));
        let other = store.issue(&wanted("other"));
        store.change(other.id(), Command::Disable).unwrap();
        drop(store);
        assert_eq!(
            place.open(4).verify(&other.secret),
            Ok(VerifyCode::Disabled)
        );
        assert_eq!((fs::metadata(place.log()).unwrap().len() - 66) % 76, 0);
    }
}

#[test]
fn zeros_in_place_of_an_entry_are_a_forgery_and_nothing_is_cut_off() {
    // Two entries: in place of the first, of the last, and of both with one more behind.
    for (zeroed, behind) in [(0..1, 0), (1..2, 0), (0..2, 76)] {
        let (place, _) = used();
        let mut bytes = fs::read(place.log()).unwrap();
        bytes[66 + zeroed.start * 76..66 + zeroed.end * 76].fill(0);
        bytes.extend(vec![b'x'; behind]);
        fs::write(place.log(), &bytes).unwrap();
        assert_eq!(place.refusal().code, ErrorCode::Tampered, "{zeroed:?}");
        assert!(fs::read(place.log()).unwrap() == bytes, "{zeroed:?}");
    }
}

/// As a crash right after a commit would leave it: two entries are in the outbox, and the disk has
/// got this far with the log. Gives the place and the whole log.
fn crashed_while_two_went_to_the_log(left: impl Fn(&mut Vec<u8>)) -> (Place, Vec<u8>) {
    let place = Place::new();
    let store = place.open(1);
    store
        .change(store.issue(&wanted("one")).id(), Command::Disable)
        .unwrap();
    block_on(store.store.flush()).unwrap();
    let owner = Owner::External("cust_42".to_owned());
    for _ in 0..2 {
        store.issue(&CreateKey {
            owner: Some(owner.clone()),
            ..wanted("key")
        });
    }
    let context = store.context();
    let all = operations::revoke_all;
    store
        .write(move |tx| all(tx, &context, &owner, RevocationReason::Unspecified))
        .unwrap()
        .unwrap();
    let crashed = Place::new();
    raw(&place)
        .execute("VACUUM INTO ?1", [crashed.path().to_str().unwrap()])
        .unwrap();
    let whole = fs::read(place.log()).unwrap();
    let mut bytes = whole.clone();
    left(&mut bytes);
    fs::write(crashed.log(), bytes).unwrap();
    (crashed, whole)
}

#[test]
fn whatever_a_power_cut_leaves_of_entries_that_are_in_the_outbox_is_put_right() {
    const FIRST: usize = 66 + 76;
    for (what, left) in [
        (
            "neither",
            &(|log: &mut Vec<u8>| log.truncate(FIRST)) as &dyn Fn(&mut Vec<u8>),
        ),
        ("half of the first", &|log| log.truncate(FIRST + 40)),
        ("the first, and half of the last", &|log| {
            log.truncate(FIRST + 76 + 40);
        }),
        ("the last only", &|log| log[FIRST..FIRST + 76].fill(0)),
        ("the last only, and half of the first", &|log| {
            log[FIRST + 40..FIRST + 76].fill(0);
        }),
        ("the first, and the last in part", &|log| {
            log[FIRST + 76 + 40..].fill(0);
        }),
        ("what was on the disk before", &|log| {
            log[FIRST..].fill(0xa5);
        }),
    ] {
        let (place, whole) = crashed_while_two_went_to_the_log(left);
        drop(place.open(2));
        assert!(fs::read(place.log()).unwrap() == whole, "{what}");
    }
}

#[test]
fn what_a_crash_kept_from_the_log_goes_there_when_the_store_is_opened() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("revoked"));
    let before = fs::metadata(place.log()).unwrap().len();
    store
        .change(key.id(), Command::Revoke(RevocationReason::Unspecified))
        .unwrap();
    // As a crash right after the commit would leave it: the outbox still has the entry.
    let crashed = Place::new();
    raw(&place)
        .execute("VACUUM INTO ?1", [crashed.path().to_str().unwrap()])
        .unwrap();
    let waiting: i64 = raw(&crashed)
        .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        waiting, 1,
        "the entry was cleared away before the copy was made"
    );
    fs::write(
        crashed.log(),
        &fs::read(place.log()).unwrap()[..usize::try_from(before).unwrap()],
    )
    .unwrap();
    let again = crashed.open(2);
    assert_eq!(
        fs::read(crashed.log()).unwrap(),
        fs::read(place.log()).unwrap()
    );
    assert_eq!(again.verify(&key.secret), Ok(VerifyCode::Revoked));
    drop(again);
    let left: i64 = raw(&crashed)
        .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
}
