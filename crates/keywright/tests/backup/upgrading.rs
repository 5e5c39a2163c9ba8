//! Upgrading, as far as there is one schema. The steps themselves are tested where they are.

use crate::support::{World, close, create, verify};
use keywright::{ErrorCode, KeyManager, VerifyCode};

#[test]
fn a_store_of_this_version_stays_as_it_is() {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    let report = KeyManager::upgrade(world.path("a.db").to_str()).unwrap();
    assert_eq!((report.from, report.to, report.changed), (1, 1, false));
    assert_eq!(verify(&keys, &one), VerifyCode::Valid);
}

#[test]
fn a_store_of_a_newer_program_is_refused_and_left_untouched() {
    let world = World::new();
    close(&world.open("a.db"));
    let database = rusqlite::Connection::open(world.path("a.db")).unwrap();
    database.execute_batch("PRAGMA user_version = 99").unwrap();
    database.close().unwrap();
    let before = world.contents();
    let refusal = KeyManager::upgrade(world.path("a.db").to_str()).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::SchemaVersion);
    assert!(world.contents() == before);
}

#[test]
fn what_is_no_store_is_refused() {
    let world = World::new();
    std::fs::write(
        world.path("notes.txt"),
        "not a database, but long enough to be read",
    )
    .unwrap();
    for name in ["nothing.db", "notes.txt"] {
        let refusal = KeyManager::upgrade(world.path(name).to_str()).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Unavailable, "{name}: {refusal}");
    }
    let refusal = KeyManager::upgrade(Some("memory:")).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unsupported);
}
