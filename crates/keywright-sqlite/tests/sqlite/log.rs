//! The revocation log: what was taken away can't be brought back from a copy, and the log itself
//! can't be cut, changed or exchanged unnoticed.

use crate::log_damage::used;
use crate::place::Place;
use keywright_core::accounts::AccountId;
use keywright_core::ids::{UserId, VersionId};
use keywright_core::keys::{KeyPatch, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::operations::{self, CreateKey, IdempotencyKey};
use keywright_core::owner::Owner;
use keywright_core::scopes::Scopes;
use keywright_core::secret::Class;
use keywright_core::time::Timestamp;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_testkit::{Issued, START, TestStore, wanted};
use rusqlite::Connection;
use std::fs;
use std::time::Duration;

pub(crate) fn raw(place: &Place) -> Connection {
    let connection = Connection::open(place.path()).unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection
}

fn idempotent() -> CreateKey {
    CreateKey {
        idempotency: Some(IdempotencyKey {
            key_hash: [1; 32],
            fingerprint: [1; 32],
        }),
        expires_at: Timestamp::from_unix(START + 1000),
        ..wanted("victim")
    }
}

type Narrow = Box<dyn Fn(&TestStore, &Issued)>;

/// Every way of taking something away.
fn narrowings() -> Vec<(&'static str, Narrow)> {
    fn change(command: Command) -> Narrow {
        Box::new(move |store, key| {
            store.change(key.id(), command.clone()).unwrap();
        })
    }
    let update = |patch: KeyPatch| change(Command::Update(patch));
    vec![
        ("disable", change(Command::Disable)),
        (
            "revoke",
            change(Command::Revoke(RevocationReason::KeyCompromise)),
        ),
        (
            "fewer scopes",
            update(KeyPatch {
                scopes: Some(Scopes::Only(Vec::new())),
                ..KeyPatch::default()
            }),
        ),
        (
            "an earlier expiry",
            update(KeyPatch {
                expires_at: Some(Timestamp::from_unix(START + 1)),
                ..KeyPatch::default()
            }),
        ),
        (
            "the end of a rotation",
            Box::new(|store, key| {
                let command = Command::Rotate {
                    version: VersionId::generate(store.random.as_ref()).unwrap(),
                    secret: store.secret(Class::Live).1,
                    overlap: Duration::ZERO,
                };
                store.change(key.id(), command).unwrap();
            }),
        ),
        (
            "a fresh secret in place of an undelivered one",
            Box::new(|store, _| {
                store.issue(&idempotent());
            }),
        ),
        (
            "a first use",
            Box::new(|store, key| {
                let version = key.it.versions[0].clone();
                store
                    .write(move |tx| operations::confirm_first_use(tx, &version))
                    .unwrap();
            }),
        ),
    ]
}

/// Keeps the rows of all keys as they are, outside the database.
fn keep(raw: &Connection, place: &Place) {
    let copy = place.folder.path().join("kept");
    raw.execute_batch(&format!(
        "ATTACH '{}' AS kept; CREATE TABLE kept.k AS SELECT * FROM main.keys; \
         CREATE TABLE kept.v AS SELECT * FROM main.versions;",
        copy.display()
    ))
    .unwrap();
}

/// Puts the kept rows back, each with exactly what it had.
fn put_back(raw: &Connection) {
    raw.execute_batch(
        "BEGIN IMMEDIATE; \
         UPDATE keys SET (row_version, scopes, networks, limits, state, revoked_at, revoked_for, \
           expires_at, seal) = (SELECT row_version, scopes, networks, limits, state, revoked_at, \
           revoked_for, expires_at, seal FROM kept.k WHERE k.id = keys.id); \
         DELETE FROM versions WHERE id NOT IN (SELECT id FROM kept.v); \
         UPDATE versions SET (row_version, locator, digest, peppers, redacted_value, ends_at, \
           unconfirmed, seal) = (SELECT row_version, locator, digest, peppers, redacted_value, \
           ends_at, unconfirmed, seal FROM kept.v WHERE v.id = versions.id); \
         COMMIT;",
    )
    .unwrap();
}

#[test]
fn an_old_row_that_is_put_back_is_refused() {
    for (what, narrow) in narrowings() {
        let place = Place::new();
        let store = place.open(1);
        let key = store.issue(&idempotent());
        let raw = raw(&place);
        keep(&raw, &place);
        put_back(&raw);
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid), "{what}");
        narrow(&store, &key);
        put_back(&raw);
        let refused = store.find(&key.secret).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Tampered, "{what}");
        assert!(
            refused.message.contains("older than the revocation log"),
            "{what}"
        );
        // Nor is it good for anything else, nor after the store was opened again.
        let id = key.id();
        assert!(
            store.read(move |rows| rows.key_with_versions(id)).is_err(),
            "{what}"
        );
        assert!(store.change(id, Command::Enable).is_err(), "{what}");
        drop(store);
        let again = place.open(2);
        assert_eq!(
            again.find(&key.secret).unwrap_err().code,
            ErrorCode::Tampered,
            "{what}"
        );
    }
}

#[test]
fn a_whole_database_that_is_put_back_revives_nothing() {
    let place = Place::new();
    let store = place.open(1);
    let (revoked, other) = (
        store.issue(&wanted("revoked")),
        store.issue(&wanted("other")),
    );
    drop(store);
    let copy = fs::read(place.path()).unwrap();
    let store = place.open(2);
    store
        .change(revoked.id(), Command::Revoke(RevocationReason::Unspecified))
        .unwrap();
    drop(store);
    fs::write(place.path(), copy).unwrap();
    let store = place.open(3);
    assert_eq!(
        store.find(&revoked.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
    assert_eq!(store.verify(&other.secret), Ok(VerifyCode::Valid));
}

#[test]
fn an_archived_project_and_a_deleted_account_stay_so() {
    let place = Place::new();
    let store = place.open(1);
    let anna = AccountId::User(UserId::generate(store.random.as_ref()).unwrap());
    let (context, name) = (
        store.context(),
        keywright_core::names::Name::parse("anna").unwrap(),
    );
    store
        .write(move |tx| operations::create_account(tx, &context, anna, &name, None))
        .unwrap()
        .unwrap();
    let raw = raw(&place);
    let kept: Vec<u8> = raw
        .query_row(
            "SELECT seal FROM accounts WHERE id = ?1",
            [anna.to_string()],
            |row| row.get(0),
        )
        .unwrap();
    let context = store.context();
    store
        .write(move |tx| operations::delete_account(tx, &context, anna))
        .unwrap()
        .unwrap();
    let undo = "UPDATE accounts SET deleted_at = NULL, row_version = 1, seal = ?2 WHERE id = ?1";
    raw.execute(undo, (anna.to_string(), kept)).unwrap();
    assert_eq!(
        store.read(move |rows| rows.account(anna)).unwrap_err().code,
        ErrorCode::Tampered
    );
}

#[test]
fn nobody_can_add_to_the_outbox() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("victim"));
    drop(store);
    raw(&place)
        .execute(
            "INSERT INTO outbox (id, row_version, kind, seal) VALUES (?1, 1000, 101, zeroblob(36))",
            [key.id().to_string()],
        )
        .unwrap();
    assert_eq!(place.refusal().code, ErrorCode::Tampered);
}

#[test]
fn a_log_without_its_database_is_not_overwritten_by_a_new_store() {
    let (place, _) = used();
    fs::remove_file(place.path()).unwrap();
    let before = fs::read(place.log()).unwrap();
    let refused = place.refusal();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert_eq!(fs::read(place.log()).unwrap(), before);
    assert!(!place.path().exists());
}

#[test]
fn many_revocations_in_one_transaction_all_reach_the_log() {
    let place = Place::new();
    let store = place.open(1);
    let owner = Owner::External("cust_42".to_owned());
    for _ in 0..50 {
        store.issue(&CreateKey {
            owner: Some(owner.clone()),
            ..wanted("key")
        });
    }
    let before = fs::metadata(place.log()).unwrap().len();
    let context = store.context();
    let revoked = store
        .write(move |tx| {
            operations::revoke_all(tx, &context, &owner, RevocationReason::Unspecified)
        })
        .unwrap();
    assert_eq!(revoked, Ok(50));
    assert_eq!(fs::metadata(place.log()).unwrap().len() - before, 50 * 76);
}
