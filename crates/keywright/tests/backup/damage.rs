//! Backups that are not as they were written, and passphrases that aren't theirs.

use crate::support::{World, back_up, close, create};
use keywright::ErrorCode;

fn backed_up() -> (World, Vec<u8>) {
    let world = World::new();
    let keys = world.open("a.db");
    create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    close(&keys);
    let bytes = std::fs::read(world.path("a.age")).unwrap();
    (world, bytes)
}

/// Restores these bytes in place of the store; nothing may change.
fn refused(world: &World, bytes: &[u8], what: &str) -> ErrorCode {
    std::fs::write(world.path("bad.age"), bytes).unwrap();
    let before = world.contents();
    for to in ["a.db", "new.db"] {
        let refusal = world.restore_over("bad.age", to).expect_err(what);
        assert!(refusal.hint.is_some(), "{what}: {refusal}");
    }
    assert!(world.contents() == before, "{what} changed something");
    world.restore_over("bad.age", "a.db").unwrap_err().code
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let (world, bytes) = backed_up();
    for place in (0..bytes.len()).step_by(1024).chain([bytes.len() - 1]) {
        let mut bad = bytes.clone();
        bad[place] ^= 1;
        refused(&world, &bad, &format!("byte {place}"));
    }
}

#[test]
fn a_changed_byte_in_the_header_is_refused() {
    let (world, bytes) = backed_up();
    for place in (0..200).step_by(3) {
        let mut bad = bytes.clone();
        bad[place] ^= 1;
        refused(&world, &bad, &format!("byte {place}"));
    }
}

#[test]
fn a_backup_that_was_cut_or_grew_is_refused() {
    let (world, bytes) = backed_up();
    for length in [1, 21, 100, 1000, 70_000, bytes.len() - 1] {
        refused(&world, &bytes[..length], &format!("{length} bytes"));
    }
    let longer: Vec<u8> = bytes.iter().chain(b"x").copied().collect();
    assert_eq!(
        refused(&world, &longer, "one more byte"),
        ErrorCode::Tampered
    );
}

#[test]
fn what_is_no_backup_is_refused() {
    let (world, _) = backed_up();
    let garbage: Vec<u8> = (0..100_000u32)
        .flat_map(|n| n.wrapping_mul(7919).to_be_bytes())
        .collect();
    for (bytes, what) in [
        (&b""[..], "nothing"),
        (&garbage, "garbage"),
        (b"SQLite format 3\0", "SQLite"),
    ] {
        let code = refused(&world, bytes, what);
        assert!(
            matches!(code, ErrorCode::InvalidArgument | ErrorCode::Tampered),
            "{what}"
        );
    }
    let refusal = world.restore("nothing.age", "new.db").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unavailable);
}

#[test]
fn a_wrong_passphrase_is_refused_and_changes_nothing() {
    let (world, _) = backed_up();
    let before = world.contents();
    for wrong in ["", "wrong", "correct horse battery staple "] {
        let refusal = world
            .restore_with("a.age", "a.db", wrong, true)
            .unwrap_err();
        assert_eq!(refusal.code, ErrorCode::InvalidArgument, "{refusal}");
        assert!(refusal.message.contains("passphrase"));
    }
    assert!(world.contents() == before);
}
