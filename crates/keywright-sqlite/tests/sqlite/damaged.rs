//! Somebody damages the database so that a key can't be revoked: whatever they damage, after
//! `revoke` the key is dead, also once they have put everything back.

use crate::place::Place;
use keywright_core::accounts::{AccountId, Project};
use keywright_core::ids::{KeyId, ProjectId, ServiceAccountId, UserId};
use keywright_core::keys::{RevocationReason, State};
use keywright_core::lifecycle::Command;
use keywright_core::names::Name;
use keywright_core::operations::{self, CreateKey};
use keywright_core::owner::Owner;
use keywright_core::{ErrorCode, Secret, VerifyCode};
use keywright_testkit::{Issued, TestStore, wanted};
use rusqlite::Connection;
use std::time::Duration;

const REVOKE: Command = Command::Revoke(RevocationReason::KeyCompromise);

fn meddle(place: &Place, sql: &str) {
    let raw = Connection::open(place.path()).unwrap();
    raw.busy_timeout(Duration::from_secs(10)).unwrap();
    raw.execute_batch(sql).unwrap();
}

/// A key that was rotated once, and its secret now.
fn rotated(store: &TestStore) -> (KeyId, Secret) {
    let key = store.issue(&wanted("key"));
    let (secret, new) = store.new_secret(key.it.key.class);
    let rotation = Command::Rotate {
        version: new.version,
        secret: new.kept,
        overlap: Duration::ZERO,
    };
    store.change(key.id(), rotation).unwrap();
    (key.id(), secret)
}

fn of_owner(store: &TestStore, owner: &Owner) -> Issued {
    store.issue(&CreateKey {
        owner: Some(owner.clone()),
        ..wanted("key")
    })
}

#[test]
fn an_old_version_that_is_damaged_or_gone_keeps_no_key_alive() {
    for damage in [
        "UPDATE versions SET digest = x'00' WHERE number = 1",
        "DELETE FROM versions WHERE number = 1",
        "UPDATE versions SET key_n = 77 WHERE number = 1",
    ] {
        let place = Place::new();
        let store = place.open(1);
        let (id, secret) = rotated(&store);
        meddle(&place, damage);
        assert_eq!(store.verify(&secret), Ok(VerifyCode::Valid), "{damage}");
        let disabled = store.change(id, Command::Disable).unwrap();
        assert_eq!(disabled.key.state, State::Disabled);
        assert_eq!(store.verify(&secret), Ok(VerifyCode::Disabled));
        assert!(store.change(id, Command::Enable).is_err(), "{damage}");
        store.change(id, REVOKE).unwrap();
        store.change(id, REVOKE).unwrap();
        assert_eq!(store.verify(&secret), Ok(VerifyCode::Compromised));
    }
}

#[test]
fn a_damaged_trail_keeps_no_key_alive_and_is_told_of() {
    for damage in [
        "INSERT INTO audit SELECT seq + 1, time, actor, address, event_type, object_id, project_id, \
         outcome, before, after, mac FROM audit ORDER BY seq DESC LIMIT 1",
        "DELETE FROM meta WHERE name = 'last_event'",
    ] {
        let place = Place::new();
        let (store, other) = (place.open(1), place.open(2));
        let (revoked, disabled) = (store.issue(&wanted("a")), store.issue(&wanted("b")));
        meddle(&place, damage);
        for (key, command, code) in [
            (&revoked, REVOKE, VerifyCode::Compromised),
            (&disabled, Command::Disable, VerifyCode::Disabled),
        ] {
            let told = store.change(key.id(), command).unwrap_err();
            assert_eq!(told.code, ErrorCode::Tampered);
            assert!(told.message.contains("has taken effect"), "{told}");
            assert_eq!(told.key_id, Some(key.id().to_string()));
            assert_eq!(store.verify(&key.secret), Ok(code));
            assert_eq!(other.verify(&key.secret), Ok(code));
        }
        // What widens is refused where the trail can't tell of it.
        assert!(store.change(disabled.id(), Command::Enable).is_err());
        assert_eq!(store.verify(&disabled.secret), Ok(VerifyCode::Disabled));
    }
}

#[test]
fn a_key_whose_row_was_damaged_when_it_was_revoked_never_comes_back() {
    for damage in [
        "UPDATE keys SET expires_at = 1",
        "UPDATE keys SET row_version = 0",
        "UPDATE keys SET state = 'revoked'",
        "UPDATE keys SET class = 'admin'",
    ] {
        let place = Place::new();
        let (store, other) = (place.open(1), place.open(2));
        let key = store.issue(&wanted("key"));
        meddle(&place, "CREATE TABLE kept AS SELECT * FROM keys");
        meddle(&place, damage);
        let told = store.change(key.id(), REVOKE).unwrap_err();
        assert_eq!(told.code, ErrorCode::Tampered);
        assert!(told.message.contains("dead for good"), "{told}");
        let columns = "row_version, state, expires_at, class, seal";
        meddle(
            &place,
            &format!("UPDATE keys SET ({columns}) = (SELECT {columns} FROM kept)"),
        );
        for store in [&store, &other, &place.open(3)] {
            let answer = store.verify(&key.secret).unwrap_err();
            assert_eq!(answer.code, ErrorCode::Tampered, "{damage}");
        }
    }
}

#[test]
fn one_damaged_key_of_an_owner_keeps_none_of_the_others_alive() {
    let place = Place::new();
    let store = place.open(1);
    let owner = Owner::External("cust_42".to_owned());
    let keys: Vec<_> = (0..5).map(|_| of_owner(&store, &owner)).collect();
    let damaged = keys[2].id();
    meddle(
        &place,
        &format!("UPDATE keys SET expires_at = 1 WHERE id = '{damaged}'"),
    );
    let context = store.context();
    let told = store
        .write(move |tx| {
            operations::revoke_all(tx, &context, &owner, RevocationReason::KeyCompromise)
        })
        .unwrap()
        .unwrap_err();
    assert_eq!(told.code, ErrorCode::Tampered);
    assert_eq!(told.key_id, Some(damaged.to_string()));
    assert!(told.message.contains("4 keys were revoked"), "{told}");
    meddle(&place, "UPDATE keys SET expires_at = NULL");
    for key in &keys {
        let wanted = (key.id() != damaged).then_some(VerifyCode::Compromised);
        assert_eq!(store.verify(&key.secret).ok(), wanted);
    }
}

#[test]
fn deleting_an_account_goes_on_past_a_damaged_key() {
    let place = Place::new();
    let store = place.open(1);
    let user = AccountId::User(UserId::generate(store.random.as_ref()).unwrap());
    let (context, name) = (store.context(), Name::parse("anna").unwrap());
    store
        .write(move |tx| operations::create_account(tx, &context, user, &name, None))
        .unwrap()
        .unwrap();
    let keys: Vec<_> = (0..2).map(|_| of_owner(&store, &user.as_owner())).collect();
    meddle(
        &place,
        &format!(
            "UPDATE keys SET expires_at = 1 WHERE id = '{}'",
            keys[0].id()
        ),
    );
    let context = store.context();
    let told = store
        .write(move |tx| operations::delete_account(tx, &context, user))
        .unwrap()
        .unwrap_err();
    assert_eq!(told.code, ErrorCode::Tampered);
    assert_eq!(store.verify(&keys[1].secret), Ok(VerifyCode::Revoked));
    let gone = store.read(move |rows| rows.account(user)).unwrap().unwrap();
    assert!(gone.deleted_at.is_some());
}

#[test]
fn archiving_a_project_goes_on_past_a_damaged_key() {
    let place = Place::new();
    let store = place.open(1);
    let project = Project {
        id: ProjectId::generate(store.random.as_ref()).unwrap(),
        row_version: 1,
        name: Name::parse("other").unwrap(),
        default_account: ServiceAccountId::generate(store.random.as_ref()).unwrap(),
        default_lifetime: None,
        max_lifetime: None,
        created_at: store.now(),
        archived_at: None,
    };
    let (context, made) = (store.context(), project.clone());
    store
        .write(move |tx| operations::create_project(tx, &context, &made))
        .unwrap()
        .unwrap();
    let within = CreateKey {
        project: Some("other".to_owned()),
        ..wanted("key")
    };
    let keys: Vec<_> = (0..2).map(|_| store.issue(&within)).collect();
    meddle(
        &place,
        &format!(
            "UPDATE keys SET expires_at = 1 WHERE id = '{}'",
            keys[1].id()
        ),
    );
    let context = store.context();
    let told = store
        .write(move |tx| operations::archive_project(tx, &context, "other"))
        .unwrap()
        .unwrap_err();
    assert_eq!(told.key_id, Some(keys[1].id().to_string()));
    assert_eq!(store.verify(&keys[0].secret), Ok(VerifyCode::Revoked));
    assert!(store.verify(&keys[1].secret).is_err());
    let archived = store.read(move |rows| rows.project(project.id)).unwrap();
    assert!(archived.unwrap().archived_at.is_some());
}
