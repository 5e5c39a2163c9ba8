//! An audit trail that somebody has meddled with can still be read, and the first broken link is
//! named.
#![cfg(feature = "sqlite")]

use futures_executor::block_on;
use keywright::{AuditOptions, CreateOptions, KeyManager, OpenOptions, RevocationReason};
use rusqlite::Connection;

#[test]
fn what_can_no_longer_be_read_is_the_first_broken_link_and_not_a_failure() {
    for (statement, seq) in [
        ("UPDATE audit SET mac = x'' WHERE seq = 3", 3),
        ("UPDATE audit SET mac = zeroblob(36) WHERE seq = 3", 3),
        ("UPDATE audit SET time = -5 WHERE seq = 2", 2),
        (
            "UPDATE audit SET time = 9223372036854775807 WHERE seq = 4",
            4,
        ),
        (
            "UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE seq = 1",
            1,
        ),
        ("UPDATE meta SET value = x'00' WHERE name = 'last_event'", 5),
        (
            "UPDATE meta SET value = 'none' WHERE name = 'last_event'",
            5,
        ),
        ("DELETE FROM meta WHERE name = 'last_event'", 5),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keywright.db");
        let opened = KeyManager::open(path.to_str(), OpenOptions::default());
        let keys = block_on(opened).unwrap();
        let made = block_on(keys.create("key", CreateOptions::default())).unwrap();
        block_on(keys.disable(&made.key.id)).unwrap();
        block_on(keys.revoke(&made.key.id, RevocationReason::Unspecified)).unwrap();
        assert_eq!(block_on(keys.verify_audit()).unwrap(), None);

        let raw = Connection::open(&path).unwrap();
        assert_eq!(raw.execute(statement, []).unwrap(), 1, "{statement}");
        let broken = block_on(keys.verify_audit())
            .expect(statement)
            .expect(statement);
        assert_eq!(broken.seq, seq, "{statement}: {}", broken.problem);
        // The rest of the trail is there to look into what happened.
        let events = block_on(keys.audit(AuditOptions::default()))
            .expect(statement)
            .data;
        let places: Vec<u64> = events.iter().map(|event| event.seq).collect();
        assert_eq!(places, [1, 2, 3, 4], "{statement}");
    }
}
