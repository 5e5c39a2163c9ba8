//! Who can write to the database and lacks the pepper can neither plant a key nor widen one.

use crate::place::Place;
use keywright_core::keys::{KeyPatch, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::limits::credits;
use keywright_core::networks::Networks;
use keywright_core::operations::CreateKey;
use keywright_core::owner::Owner;
use keywright_core::pepper::PepperRing;
use keywright_core::scopes::Scopes;
use keywright_core::time::Timestamp;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_postgres::PostgresStore;
use keywright_testkit::{Issued, START, TestStore, wanted};
use std::sync::Arc;

/// A key with a bit of everything.
fn full(store: &TestStore) -> Issued {
    store.issue(&CreateKey {
        owner: Some(Owner::External("cust_1".to_owned())),
        scopes: Scopes::parse(Some(&["read"])).unwrap(),
        networks: Networks::parse(Some(&["10.0.0.0/8"])).unwrap(),
        limits: vec![credits(5).unwrap()],
        expires_at: Timestamp::from_unix(START + 1000),
        ..wanted("victim")
    })
}

#[test]
fn every_column_that_decides_something_is_sealed() {
    let place = Place::new();
    let store = place.open(1);
    let key = full(&store);
    let changes = [
        "keys SET row_version = row_version + 1",
        "keys SET project_id = 'proj_0123456789abcdefghijABCD'",
        "keys SET owner_id = 'cust_2'",
        "keys SET owner_kind = 'user'",
        "keys SET class = 'test'",
        "keys SET class = 'admin'",
        "keys SET brand = 'other'",
        "keys SET scopes = NULL",
        "keys SET scopes = '[\"read\",\"write\"]'",
        "keys SET networks = NULL",
        "keys SET limits = NULL",
        "keys SET limits = replace(limits, '5', '500')",
        "keys SET state = 'disabled'",
        "keys SET created_at = created_at + 1",
        "keys SET expires_at = NULL",
        "keys SET expires_at = expires_at + 1",
        "keys SET seal = decode('00', 'hex')",
        "keys SET id = 'key_0123456789abcdefghijABCD'",
        "versions SET row_version = 9",
        "versions SET number = 2",
        "versions SET digest = sha256('a')",
        "versions SET peppers = '2'",
        "versions SET digest = NULL, peppers = NULL, foreign_hash = 'sha256:00'",
        "versions SET redacted_value = 'x'",
        "versions SET created_at = 1",
        "versions SET ends_at = 1",
        "versions SET unconfirmed = NOT unconfirmed",
        "versions SET lookup = 'a'",
        "versions SET seal = decode('00', 'hex')",
    ];
    for change in changes {
        let table = change.split_once(' ').unwrap().0;
        place.sql(&format!("CREATE TABLE kept AS SELECT * FROM {table}"));
        place.sql(&format!("UPDATE {change}"));
        let verdict = store.verify(&key.secret);
        assert!(
            verdict.is_err() || verdict == Ok(VerifyCode::NotFound),
            "{change}: {verdict:?}"
        );
        put_back(&place, table);
        assert_eq!(
            store.verify(&key.secret),
            Ok(VerifyCode::IpNotAllowed),
            "{change}"
        );
    }
}

/// Takes all rows of a table back to what they were in `kept`.
fn put_back(place: &Place, table: &str) {
    let columns = place.sql(&format!(
        "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute \
         WHERE attrelid = '{table}'::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped"
    ));
    place.sql(&format!(
        "BEGIN; DELETE FROM {table}; INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE \
         SELECT {columns} FROM kept; DROP TABLE kept; COMMIT"
    ));
}

#[test]
fn what_is_not_sealed_can_be_changed_and_harms_nothing() {
    let place = Place::new();
    let store = place.open(1);
    let key = full(&store);
    place.sql("UPDATE keys SET name = 'other', metadata = '{\"a\":\"b\"}'");
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::IpNotAllowed));
}

#[test]
fn a_secret_cannot_be_moved_to_another_key() {
    let place = Place::new();
    let store = place.open(1);
    let (one, other) = (full(&store), store.issue(&wanted("wide")));
    place.sql("UPDATE versions SET number = number + 10 * key_n");
    place.sql("UPDATE versions SET key_n = 3 - key_n, number = 1");
    for key in [one, other] {
        assert_eq!(
            store.find(&key.secret).unwrap_err().code,
            ErrorCode::Tampered
        );
    }
}

#[test]
fn rows_of_another_store_with_the_same_pepper_are_no_good() {
    let (place, other) = (Place::new(), Place::new());
    let (store, theirs) = (place.open(1), other.open(77));
    let key = theirs.issue(&wanted("planted"));
    for table in ["keys", "versions"] {
        let columns = place.sql(&format!(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE \
             attrelid = '{table}'::regclass AND attnum > 0 AND attgenerated = ''"
        ));
        place.sql(&format!(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {}.{table}",
            other.schema
        ));
    }
    assert_eq!(
        store.find(&key.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
}

#[test]
fn a_tampered_row_is_never_sealed_anew_and_can_be_revoked_for_good() {
    let place = Place::new();
    let store = place.open(1);
    let key = full(&store);
    place.sql("CREATE TABLE kept AS SELECT * FROM keys");
    place.sql("UPDATE keys SET scopes = NULL");
    let refused = store.change(key.id(), Command::Disable).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Tampered);
    let before = key.it.key.clone();
    let patch = KeyPatch {
        scopes: Some(Scopes::All),
        ..KeyPatch::default()
    };
    let written = store.write(move |tx| tx.patch_key(&before, &patch));
    assert_eq!(written.unwrap_err().code, ErrorCode::Tampered);
    let revoke = Command::Revoke(RevocationReason::KeyCompromise);
    let told = store.change(key.id(), revoke).unwrap_err();
    assert!(told.message.contains("dead for good"), "{told:?}");
    put_back(&place, "keys");
    for store in [&store, &place.open(2)] {
        assert_eq!(
            store.find(&key.secret).unwrap_err().code,
            ErrorCode::Tampered
        );
    }
}

#[test]
fn a_damaged_trail_does_not_keep_a_key_alive() {
    let place = Place::new();
    let store = place.open(1);
    let revoke = || Command::Revoke(RevocationReason::Unspecified);
    let (one, other) = (store.issue(&wanted("one")), store.issue(&wanted("other")));
    // The next place is taken.
    place.sql(
        "INSERT INTO audit SELECT seq + 1, time, actor, address, event_type, object_id, \
               project_id, outcome, before, after, mac FROM audit ORDER BY seq DESC LIMIT 1",
    );
    let told = store.change(one.id(), revoke()).unwrap_err();
    assert!(told.message.contains("has taken effect"), "{told:?}");
    assert_eq!(store.verify(&one.secret), Ok(VerifyCode::Revoked));
    place.sql("DELETE FROM meta WHERE name = 'last_event'");
    let told = store.change(other.id(), revoke()).unwrap_err();
    assert!(told.message.contains("has taken effect"), "{told:?}");
    assert_eq!(store.verify(&other.secret), Ok(VerifyCode::Revoked));
    assert_eq!(
        store.create(&wanted("more")).err().unwrap().code,
        ErrorCode::Tampered
    );
}

#[test]
fn whose_store_it_is_cannot_be_changed() {
    for change in [
        "UPDATE meta SET value = 'acme' WHERE name = 'brand'",
        "UPDATE meta SET value = 'store_00000000000000000000000000000000' WHERE name = 'store_id'",
        "DELETE FROM meta WHERE name = 'identity'",
    ] {
        let place = Place::new();
        drop(place.open(1));
        place.sql(change);
        assert_eq!(place.refusal().code, ErrorCode::Tampered, "{change}");
    }
}

#[test]
fn a_newer_schema_and_another_brand_are_refused_and_left_alone() {
    let place = Place::new();
    drop(place.open(1));
    let mut options = place.options(2);
    options.brand = Some(keywright_core::secret::Brand::parse("acme").unwrap());
    let refused = futures_executor::block_on(PostgresStore::open(options)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidArgument);
    place.sql("UPDATE meta SET value = '2' WHERE name = 'schema'");
    let refused = place.refusal();
    assert_eq!(refused.code, ErrorCode::SchemaVersion);
    assert!(refused.message.contains("newer"), "{refused:?}");
}

/// A ring of the pepper of all stores here and, where that is wanted, one more.
fn open_with(place: &Place, ring: PepperRing) -> keywright_core::Result<PostgresStore> {
    let mut options = place.options(3);
    options.peppers = Arc::new(ring);
    futures_executor::block_on(PostgresStore::open(options))
}

#[test]
fn another_pepper_is_a_clear_error_and_a_further_one_waits_until_nobody_is_left_behind() {
    let place = Place::new();
    let store = place.open(1);
    let other = PepperRing::generate(&keywright_core::random::SeededRandom::new(99)).unwrap();
    assert_eq!(
        open_with(&place, other).unwrap_err().code,
        ErrorCode::Pepper
    );
    let further = || {
        let text = crate::place::peppers().to_text();
        PepperRing::parse(&format!("{}2:{}", *text, "5".repeat(64))).unwrap()
    };
    let beside = open_with(&place, further()).unwrap();
    assert_eq!(beside.peppers().current_number(), 1);
    drop((beside, store));
    let alone = open_with(&place, further()).unwrap();
    assert_eq!(alone.peppers().current_number(), 2);
    drop(alone);
    assert_eq!(place.refusal().code, ErrorCode::Pepper);
}

#[test]
fn no_message_repeats_what_somebody_wrote_into_a_row() {
    let place = Place::new();
    let store = place.open(1);
    let key = full(&store);
    let secret = key.secret.reveal().to_owned();
    place.sql(&format!("UPDATE keys SET id = '{secret}'"));
    let told = store.find(&key.secret).unwrap_err();
    let tail = &secret[secret.len() - 20..];
    assert!(!format!("{told:?}").contains(tail), "{told:?}");
}

#[test]
fn triggers_bring_nothing_to_life() {
    let place = Place::new();
    let store = place.open(1);
    let (one, other) = (store.issue(&wanted("one")), store.issue(&wanted("other")));
    let revoke = || Command::Revoke(RevocationReason::Unspecified);
    place.sql(
        "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         UPDATE keys SET (state, revoked_at, revoked_for, row_version, seal) = \
         (old.state, old.revoked_at, old.revoked_for, old.row_version, old.seal) WHERE n = old.n; \
         RETURN NULL; END $$; \
         CREATE TRIGGER undo AFTER UPDATE ON keys FOR EACH ROW WHEN (pg_trigger_depth() = 0) \
         EXECUTE FUNCTION undo()",
    );
    let _ = store.change(one.id(), revoke());
    for store in [&store, &place.open(2)] {
        assert_eq!(
            store.find(&one.secret).unwrap_err().code,
            ErrorCode::Tampered
        );
    }
    place.sql(
        "DROP TRIGGER undo ON keys; \
         CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; \
         CREATE TRIGGER forget BEFORE INSERT ON revocations FOR EACH ROW EXECUTE FUNCTION forget()",
    );
    // Told, and not believed to be done.
    let told = store.change(other.id(), revoke()).unwrap_err();
    assert_eq!(told.code, ErrorCode::Tampered);
    assert!(told.message.contains("revocation log"), "{told:?}");
    place.sql("DROP TRIGGER forget ON revocations");
    store.change(other.id(), revoke()).unwrap();
    assert_eq!(store.verify(&other.secret), Ok(VerifyCode::Revoked));
}
