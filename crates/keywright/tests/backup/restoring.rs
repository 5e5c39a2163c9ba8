//! Giving a backup back, and what may be in its way.

use crate::support::{World, back_up, close, create, verify};
use futures_executor::block_on;
use keywright::{AuditOptions, ErrorCode, RevocationReason, VerifyCode};

#[test]
fn everything_works_as_before_in_an_empty_folder() {
    let world = World::new();
    let keys = world.open("a.db");
    let issued: Vec<_> = (0..20)
        .map(|n| create(&keys, &format!("key {n}")))
        .collect();
    block_on(keys.revoke(&issued[3].key.id, RevocationReason::KeyCompromise)).unwrap();
    block_on(keys.disable(&issued[4].key.id)).unwrap();
    let rotated = block_on(keys.rotate(&issued[5].key.id, None)).unwrap();
    let saved = back_up(&keys, &world.path("a.age")).unwrap();
    let report = world.restore("a.age", "b.db").unwrap();
    assert_eq!((report.revoked, report.disabled, report.ended), (0, 0, 0));
    assert_eq!((report.keys, report.versions), (saved.keys, saved.versions));
    assert_eq!(report.events, saved.events + 1);
    assert_eq!(report.created_at, saved.created_at);

    let other = world.open("b.db");
    for created in issued.iter().chain([&rotated]) {
        assert_eq!(verify(&other, created), verify(&keys, created));
    }
    assert_eq!(verify(&other, &issued[0]), VerifyCode::Valid);
    assert_eq!(verify(&other, &issued[3]), VerifyCode::Compromised);
    // And it goes on: keys are issued and revoked there.
    let new = create(&other, "new");
    block_on(other.revoke(&issued[0].key.id, RevocationReason::Unspecified)).unwrap();
    assert_eq!(verify(&other, &new), VerifyCode::Valid);
    assert_eq!(verify(&other, &issued[0]), VerifyCode::Revoked);
}

#[test]
fn the_audit_trail_goes_on_with_the_restore() {
    let world = World::new();
    let keys = world.open("a.db");
    create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    world.restore("a.age", "b.db").unwrap();
    let other = world.open("b.db");
    assert_eq!(block_on(other.verify_audit()).unwrap(), None);
    let events = block_on(other.audit(AuditOptions::default())).unwrap().data;
    let last = events.iter().max_by_key(|event| event.seq).unwrap();
    assert_eq!(last.event_type, "store.restored");
    assert_eq!(last.actor, "test:restorer");
}

#[test]
fn a_store_that_is_there_is_replaced_only_where_that_is_said() {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    let later = create(&keys, "later");
    close(&keys);
    let before = world.contents();
    let refusal = world.restore("a.age", "a.db").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::AlreadyExists);
    assert!(world.contents() == before);

    world.restore_over("a.age", "a.db").unwrap();
    let keys = world.open("a.db");
    assert_eq!(verify(&keys, &one), VerifyCode::Valid);
    assert_eq!(verify(&keys, &later), VerifyCode::NotFound);
}

#[test]
fn another_store_is_never_replaced() {
    let world = World::new();
    let (keys, other) = (world.open("a.db"), world.open("b.db"));
    create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    let kept = create(&other, "kept");
    close(&other);
    // With its own pepper, and with the one from the backup.
    for same_pepper in [false, true] {
        if same_pepper {
            std::fs::copy(world.path("a.db.pepper"), world.path("b.db.pepper")).unwrap();
        }
        let pepper = std::fs::read(world.path("b.db.pepper")).unwrap();
        let refusal = world.restore_over("a.age", "b.db").unwrap_err();
        assert_eq!(refusal.code, ErrorCode::AlreadyExists, "{refusal}");
        assert_eq!(std::fs::read(world.path("b.db.pepper")).unwrap(), pepper);
    }
    drop(kept);
}

#[test]
fn a_store_that_is_in_use_is_refused() {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    let refusal = world.restore_over("a.age", "a.db").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unavailable);
    assert!(refusal.message.contains("in use"), "{refusal}");
    assert_eq!(verify(&keys, &one), VerifyCode::Valid);
    create(&keys, "two");
}

#[test]
fn another_pepper_is_replaced_only_where_that_is_said_and_never_lost() {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    let foreign = "1:".to_owned() + &"ab".repeat(32);
    std::fs::write(world.path("b.db.pepper"), &foreign).unwrap();
    let refusal = world.restore("a.age", "b.db").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Pepper);
    assert!(!world.path("b.db").exists());

    world.restore_over("a.age", "b.db").unwrap();
    assert_eq!(verify(&world.open("b.db"), &one), VerifyCode::Valid);
    let kept = world
        .contents()
        .into_iter()
        .any(|(_, bytes)| bytes == foreign.as_bytes());
    assert!(kept, "the other pepper is still somewhere");
}

#[test]
fn a_damaged_database_is_replaced_and_what_it_left_behind_is_gone() {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    block_on(keys.revoke(&one.key.id, RevocationReason::Unspecified)).unwrap();
    let two = create(&keys, "two");
    close(&keys);
    std::fs::write(world.path("a.db"), vec![7; 8192]).unwrap();
    std::fs::write(world.path("a.db-wal"), vec![7; 4096]).unwrap();
    let report = world.restore_over("a.age", "a.db").unwrap();
    assert_eq!(report.revoked, 1);
    let keys = world.open("a.db");
    assert_eq!(verify(&keys, &one), VerifyCode::Revoked);
    assert_eq!(verify(&keys, &two), VerifyCode::NotFound);
}

/// Says that a key is dead; the seal is nobody's.
const FORGED_LINE: &str = "INSERT INTO outbox (id, row_version, kind, seal) \
    VALUES ('key_000000000000000000000000', 1000, 101, zeroblob(36))";

#[test]
fn whatever_was_done_to_the_old_database_it_is_replaced_and_its_log_counts() {
    for change in [
        FORGED_LINE,
        "DROP TABLE outbox",
        "DROP TABLE meta",
        "DELETE FROM meta",
        "UPDATE meta SET value = 'many' WHERE name = 'log_entries'",
        "UPDATE meta SET value = x'00' WHERE name = 'last_event'",
    ] {
        let world = World::new();
        let keys = world.open("a.db");
        let one = create(&keys, "one");
        back_up(&keys, &world.path("a.age")).unwrap();
        block_on(keys.revoke(&one.key.id, RevocationReason::Unspecified)).unwrap();
        close(&keys);
        let raw = rusqlite::Connection::open(world.path("a.db")).unwrap();
        raw.execute_batch(change).unwrap();
        drop(raw);
        world.restore_over("a.age", "a.db").expect(change);
        assert_eq!(
            verify(&world.open("a.db"), &one),
            VerifyCode::Revoked,
            "{change}"
        );
    }
}

#[test]
fn what_is_sound_in_the_old_outbox_counts_beside_what_was_forged() {
    let world = World::new();
    let keys = world.open("a.db");
    let (one, two) = (create(&keys, "one"), create(&keys, "two"));
    back_up(&keys, &world.path("a.age")).unwrap();
    for key in [&one, &two] {
        block_on(keys.revoke(&key.key.id, RevocationReason::Unspecified)).unwrap();
    }
    // As a crash leaves it: the log has not got the last.
    let raw = rusqlite::Connection::open(world.path("a.db")).unwrap();
    let crashed = world.path("b.db");
    raw.execute("VACUUM INTO ?1", [crashed.to_str().unwrap()])
        .unwrap();
    let log = std::fs::read(world.path("a.db.revocations")).unwrap();
    std::fs::write(world.path("b.db.revocations"), &log[..log.len() - 76]).unwrap();
    std::fs::copy(world.path("a.db.pepper"), world.path("b.db.pepper")).unwrap();
    let raw = rusqlite::Connection::open(crashed).unwrap();
    let waiting: i64 = raw
        .query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))
        .unwrap();
    assert_eq!(waiting, 1, "the outbox was cleared before the copy");
    raw.execute_batch(FORGED_LINE).unwrap();
    drop(raw);
    let report = world.restore_over("a.age", "b.db").unwrap();
    assert_eq!(report.revoked, 2);
    for key in [&one, &two] {
        assert_eq!(verify(&world.open("b.db"), key), VerifyCode::Revoked);
    }
}

#[test]
fn a_log_with_zeros_in_place_of_an_entry_is_refused_and_not_cut() {
    let world = World::new();
    let keys = world.open("a.db");
    let issued = [create(&keys, "one"), create(&keys, "two")];
    back_up(&keys, &world.path("a.age")).unwrap();
    for key in &issued {
        block_on(keys.revoke(&key.key.id, RevocationReason::Unspecified)).unwrap();
    }
    close(&keys);
    let log = world.path("a.db.revocations");
    let mut bytes = std::fs::read(&log).unwrap();
    let first = bytes.len() - 2 * 76;
    bytes[first..first + 76].fill(0);
    std::fs::write(&log, &bytes).unwrap();
    // Also where no database says how many entries there should be.
    for gone in [false, true] {
        if gone {
            std::fs::remove_file(world.path("a.db")).unwrap();
        }
        let refusal = world.restore_over("a.age", "a.db").unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Tampered, "{refusal}");
        assert!(refusal.hint.unwrap().contains("move it away"));
        assert!(std::fs::read(&log).unwrap() == bytes, "{gone}");
    }
}

#[test]
fn a_lost_database_comes_back_beside_its_log_without_being_told_to_overwrite() {
    let world = World::new();
    let keys = world.open("a.db");
    let (one, two) = (create(&keys, "one"), create(&keys, "two"));
    back_up(&keys, &world.path("a.age")).unwrap();
    block_on(keys.revoke(&one.key.id, RevocationReason::Unspecified)).unwrap();
    close(&keys);
    std::fs::remove_file(world.path("a.db")).unwrap();
    world.restore("a.age", "a.db").unwrap();
    let keys = world.open("a.db");
    assert_eq!(verify(&keys, &one), VerifyCode::Revoked);
    assert_eq!(verify(&keys, &two), VerifyCode::Valid);
}
