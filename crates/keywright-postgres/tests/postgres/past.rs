//! A database that was taken back to an older state: by somebody who wants a revoked key back, by a
//! dump, by a standby that had not got everything.

use crate::place::Place;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::store::EventQuery;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_testkit::postgres::wait_until;
use keywright_testkit::{Issued, TestStore, wanted};
use std::fmt::Write;

fn revoke(store: &TestStore, key: &Issued) {
    store
        .change(key.id(), Command::Revoke(RevocationReason::Unspecified))
        .unwrap();
}

/// All tables of a store as they are now, in a schema beside.
fn dump(place: &Place) {
    place.sql(&format!("CREATE SCHEMA {}_kept", place.schema));
    each_table(place, |table, kept| {
        format!("CREATE TABLE {kept} AS SELECT * FROM {table}")
    });
}

/// Puts them back.
fn put_back(place: &Place) {
    each_table(place, |table, kept| {
        let columns = place.sql(&format!(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE \
             attrelid = '{table}'::regclass AND attnum > 0 AND attgenerated = ''"
        ));
        if columns.is_empty() {
            return String::new();
        }
        format!(
            "DELETE FROM {table}; INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE \
             SELECT {columns} FROM {kept}; "
        )
    });
}

fn each_table(place: &Place, sql: impl Fn(&str, &str) -> String) {
    let tables = place.sql(&format!(
        "SELECT tablename FROM pg_tables WHERE schemaname = '{}' AND tablename <> 'writing'",
        place.schema
    ));
    let all = tables.lines().map(|table| {
        let kept = format!("{}_kept.{table}", place.schema);
        sql(table, &kept)
    });
    // One question, so one transaction.
    let all: Vec<String> = all.filter(|sql| !sql.is_empty()).collect();
    place.sql(&all.join("; "));
}

/// A place whose servers keep a file.
fn with_file(folder: &tempfile::TempDir) -> Place {
    let mut place = Place::new();
    place.revocations = Some(folder.path().join("revocations"));
    place
}

#[test]
fn an_old_row_brings_no_revoked_key_back() {
    let place = Place::new();
    let (store, other) = (place.open(1), place.open(2));
    let key = store.issue(&wanted("key"));
    place.sql("CREATE TABLE kept AS SELECT * FROM keys");
    revoke(&store, &key);
    place.sql(
        "UPDATE keys SET (row_version, state, revoked_at, revoked_for, seal) = \
         (SELECT row_version, state, revoked_at, revoked_for, seal FROM kept)",
    );
    for store in [&store, &other, &place.open(3)] {
        let refused = store.find(&key.secret).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Tampered);
        assert!(
            refused.message.contains("older than the revocation log"),
            "{refused:?}"
        );
    }
}

#[test]
fn a_database_that_is_taken_back_under_a_running_server_is_told_again_what_was_revoked() {
    let place = Place::new();
    let store = place.open(1);
    let (key, living) = (store.issue(&wanted("key")), store.issue(&wanted("living")));
    dump(&place);
    revoke(&store, &key);
    put_back(&place);
    // At no moment is it believed.
    let mut seen = Vec::new();
    wait_until("it is not told again", || {
        let refused = store.find(&key.secret).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Tampered);
        seen.push(refused.message.clone());
        refused.message.contains("older than the revocation log")
    });
    assert!(seen[0].contains("taken back"), "{}", seen[0]);
    assert_eq!(store.verify(&living.secret), Ok(VerifyCode::Valid));
    // Nor by a server that has seen nothing of all this.
    let other = place.open(2);
    assert!(other.find(&key.secret).is_err());
    assert_eq!(other.verify(&living.secret), Ok(VerifyCode::Valid));
    assert_told(&store);
    keywright_testkit::store_suite::trail::check(&store);
    // Changes go on.
    revoke(&other, &living);
    assert_eq!(store.verify(&living.secret), Ok(VerifyCode::Revoked));
}

/// That the trail says what happened.
fn assert_told(store: &TestStore) {
    let query = EventQuery {
        event_types: vec!["store.restored".to_owned()],
        limit: 10,
        ..EventQuery::default()
    };
    let events = store.read(move |rows| rows.events(&query)).unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].after, r#"{"revoked_again":1}"#);
}

#[test]
fn a_write_notices_that_the_database_was_taken_back_and_puts_it_right_first() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    dump(&place);
    revoke(&store, &key);
    put_back(&place);
    store.issue(&wanted("another"));
    let refused = store.find(&key.secret).unwrap_err();
    assert!(
        refused.message.contains("older than the revocation log"),
        "{refused:?}"
    );
}

#[test]
fn a_database_that_went_on_from_an_older_state_is_told_too() {
    let place = Place::new();
    let store = place.open(1);
    let (key, later) = (store.issue(&wanted("key")), store.issue(&wanted("later")));
    dump(&place);
    revoke(&store, &key);
    put_back(&place);
    // This one starts now, and knows of nothing. The log is as long as before, and another.
    let other = place.open(2);
    revoke(&other, &later);
    for store in [&store, &other] {
        wait_until("it is not told again", || {
            let told = store.find(&key.secret);
            told.is_err_and(|error| error.message.contains("older than the revocation log"))
        });
        assert_eq!(store.verify(&later.secret), Ok(VerifyCode::Revoked));
    }
}

#[test]
fn a_dump_that_is_put_back_while_no_server_runs_brings_nothing_back_where_there_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = with_file(&folder);
    let store = place.open(1);
    let (key, living) = (store.issue(&wanted("key")), store.issue(&wanted("living")));
    dump(&place);
    revoke(&store, &key);
    drop(store);
    put_back(&place);
    let store = place.open(2);
    assert_eq!(
        store.find(&key.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
    assert_eq!(store.verify(&living.secret), Ok(VerifyCode::Valid));
    assert_told(&store);
    // The database has it again, also for servers without a file.
    let elsewhere = Place {
        revocations: None,
        schema: place.schema.clone(),
        ..Place::new()
    };
    assert!(elsewhere.open(3).find(&key.secret).is_err());
    drop(store);
    drop(place.open(4));
}

#[test]
fn without_a_file_a_server_that_starts_believes_the_database() {
    // That is the limit of what can be kept without one, and it is written down.
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    dump(&place);
    revoke(&store, &key);
    drop(store);
    put_back(&place);
    assert_eq!(place.open(2).verify(&key.secret), Ok(VerifyCode::Valid));
}

#[test]
fn what_others_revoke_gets_into_this_servers_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let place = with_file(&folder);
    let store = place.open(1);
    let other = Place {
        revocations: None,
        schema: place.schema.clone(),
        ..Place::new()
    };
    let other = other.open(2);
    let key = other.issue(&wanted("key"));
    dump(&place);
    let path = place.revocations.clone().unwrap();
    let before = std::fs::metadata(&path).map_or(0, |it| it.len());
    revoke(&other, &key);
    wait_until("it is not in the file", || {
        std::fs::metadata(&path).is_ok_and(|it| it.len() > before)
    });
    drop((store, other));
    put_back(&place);
    assert!(place.open(3).find(&key.secret).is_err());
}

#[test]
fn processes_that_share_a_file_write_the_same_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let place = with_file(&folder);
    let stores = [place.open(1), place.open(2)];
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(|| {
                for _ in 0..30 {
                    let key = store.issue(&wanted("key"));
                    revoke(store, &key);
                }
            });
        }
    });
    drop(stores);
    let path = place.revocations.clone().unwrap();
    let length = std::fs::metadata(&path).unwrap().len();
    let entries: u64 = place
        .sql("SELECT count(*) FROM revocations")
        .parse()
        .unwrap();
    assert_eq!(entries, 60);
    assert_eq!((length - 66) / 76, 60);
    drop(place.open(3));
}

#[test]
fn a_file_that_was_torn_is_mended_and_one_that_was_forged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let place = with_file(&folder);
    let store = place.open(1);
    let keys: Vec<Issued> = (0..3).map(|_| store.issue(&wanted("key"))).collect();
    for key in &keys {
        revoke(&store, key);
    }
    drop(store);
    let path = place.revocations.clone().unwrap();
    let whole = std::fs::read(&path).unwrap();
    for torn in [
        &whole[..whole.len() - 30],
        &whole[..whole.len() - 76],
        &whole[..66],
        &whole[..40],
        &[],
    ] {
        std::fs::write(&path, torn).unwrap();
        let store = place.open(2);
        drop(store);
        assert_eq!(std::fs::read(&path).unwrap(), whole, "{} bytes", torn.len());
    }
    let mut zeros = whole[..whole.len() - 76].to_vec();
    zeros.extend([0; 100]);
    std::fs::write(&path, zeros).unwrap();
    drop(place.open(2));
    assert_eq!(&std::fs::read(&path).unwrap()[..whole.len()], whole);
    let mut forged = whole.clone();
    forged[66 + 76 + 40] ^= 1;
    std::fs::write(&path, &forged).unwrap();
    assert_eq!(place.refusal().code, ErrorCode::Tampered);
    assert_eq!(std::fs::read(&path).unwrap(), forged);
    std::fs::write(
        &path,
        b"something else, and long enough for a header, that nobody wrote here",
    )
    .unwrap();
    let refused = place.refusal();
    assert!(
        refused
            .message
            .contains("not the revocation log of this store"),
        "{refused:?}"
    );
    // A file that is cut while the store is open is written anew.
    std::fs::write(&path, &whole).unwrap();
    let store = place.open(4);
    std::fs::write(&path, &whole[..66]).unwrap();
    revoke(&store, &store.issue(&wanted("key")));
    assert_eq!(std::fs::read(&path).unwrap()[..whole.len()], whole);
}

#[test]
fn a_file_whose_past_is_another_than_the_databases_is_merged_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let place = with_file(&folder);
    let store = place.open(1);
    let (one, two) = (store.issue(&wanted("one")), store.issue(&wanted("two")));
    dump(&place);
    revoke(&store, &one);
    revoke(&store, &two);
    drop(store);
    put_back(&place);
    // The same two, the other way round, by a server without a file.
    let elsewhere = Place {
        revocations: None,
        schema: place.schema.clone(),
        ..Place::new()
    };
    let other = elsewhere.open(2);
    revoke(&other, &two);
    revoke(&other, &one);
    for seed in 3..6 {
        let store = place.open(seed);
        let key = store.issue(&wanted("key"));
        revoke(&store, &key);
        for key in [&one, &two, &key] {
            assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Revoked));
        }
    }
    let file = std::fs::read(place.revocations.clone().unwrap()).unwrap();
    let log =
        place.sql("SELECT encode(string_agg(entry, '' ORDER BY seq), 'hex') FROM revocations");
    let mut hex = String::new();
    for byte in &file[66..] {
        write!(hex, "{byte:02x}").unwrap();
    }
    assert_eq!(hex, log);
}

#[test]
fn a_forged_log_is_refused_by_all() {
    let place = Place::new();
    let store = place.open(1);
    let (key, living) = (store.issue(&wanted("key")), store.issue(&wanted("living")));
    revoke(&store, &key);
    place.sql("UPDATE revocations SET entry = overlay(entry placing '\\x00' from 10)");
    assert_eq!(
        store.find(&living.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
    assert_eq!(place.refusal().code, ErrorCode::Tampered);
    place.sql("DELETE FROM revocations");
    // Now it is only taken back, and is told again.
    wait_until("it is not told again", || {
        store.verify(&living.secret).is_ok()
    });
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Revoked));
    assert_eq!(place.open(2).verify(&key.secret), Ok(VerifyCode::Revoked));
}
