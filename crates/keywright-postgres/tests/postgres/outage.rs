//! Servers that go down, come up, and are not what they were.

use crate::line::{Fault, cut_line};
use crate::place::Place;
use keywright_core::ids::KeyId;
use keywright_core::keys::{KeyStatus, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_testkit::postgres::{PostgresServer, wait_until};
use keywright_testkit::store_suite::trail;
use keywright_testkit::wanted;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A server that the other tests don't use.
fn own() -> &'static PostgresServer {
    Box::leak(Box::new(PostgresServer::start()))
}

#[test]
fn a_database_that_restarts_under_load_loses_nothing_and_all_go_on_by_themselves() {
    let server = own();
    let place = Place::on(server);
    let stores = [place.open(1), place.open(2)];
    let known = stores[0].issue(&wanted("known"));
    let dead = stores[0].issue(&wanted("dead"));
    let revoke = || Command::Revoke(RevocationReason::Unspecified);
    stores[0].change(dead.id(), revoke()).unwrap();
    let done = AtomicBool::new(false);
    let created: Mutex<HashSet<KeyId>> = Mutex::default();
    let revoked: Mutex<HashSet<KeyId>> = Mutex::default();
    let unavailable = |code: ErrorCode| assert_eq!(code, ErrorCode::Unavailable);
    thread::scope(|scope| {
        for store in stores.iter().cycle().take(4) {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    match store.create(&wanted("under load")) {
                        Err(error) => unavailable(error.code),
                        Ok((outcome, _)) => {
                            let keywright_core::operations::CreateOutcome::Issued(it) = outcome
                            else {
                                panic!("another outcome");
                            };
                            created.lock().unwrap().insert(it.key.id);
                            match store.change(it.key.id, revoke()) {
                                Ok(_) => drop(revoked.lock().unwrap().insert(it.key.id)),
                                Err(error) => unavailable(error.code),
                            }
                        }
                    }
                }
            });
        }
        for store in &stores {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    for (key, right) in [(&known, VerifyCode::Valid), (&dead, VerifyCode::Revoked)]
                    {
                        match store.verify(&key.secret) {
                            Ok(code) => assert_eq!(code, right),
                            Err(error) => unavailable(error.code),
                        }
                    }
                }
            });
        }
        for mode in ["fast", "immediate", "immediate"] {
            thread::sleep(Duration::from_millis(600));
            let before = created.lock().unwrap().len();
            server.stop(mode);
            thread::sleep(Duration::from_millis(300));
            server.start_again();
            wait_until("nobody goes on", || {
                created.lock().unwrap().len() > before + 10
            });
        }
        done.store(true, Ordering::SeqCst);
    });
    let store = place.open(3);
    assert!(revoked.lock().unwrap().len() > 20);
    for id in created.into_inner().unwrap() {
        let key = store.read(move |rows| rows.key(id)).unwrap();
        let key = key.unwrap_or_else(|| panic!("{id} was acknowledged and is gone"));
        if revoked.lock().unwrap().contains(&id) {
            assert_eq!(key.status(store.now()), KeyStatus::Revoked);
        }
    }
    trail::check(&store);
    for store in &stores {
        assert_eq!(store.verify(&known.secret), Ok(VerifyCode::Valid));
        assert_eq!(store.verify(&dead.secret), Ok(VerifyCode::Revoked));
    }
}

#[test]
fn where_no_server_answers_everything_is_unavailable_and_told_soon() {
    let server = own();
    let place = Place::on(server);
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    server.stop("fast");
    let began = Instant::now();
    assert_eq!(place.refusal().code, ErrorCode::Unavailable);
    for _ in 0..50 {
        let refused = store.verify(&key.secret).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Unavailable, "{refused:?}");
        assert!(refused.hint.is_some());
        let refused = store.create(&wanted("more")).err().unwrap();
        assert_eq!(refused.code, ErrorCode::Unavailable, "{refused:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(5));
    server.start_again();
    wait_until("it does not go on", || store.verify(&key.secret).is_ok());
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
}

#[test]
fn connections_that_were_cut_are_made_again_without_anybody_noticing() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    for _ in 0..5 {
        // Those of this store alone: other tests have theirs on the same server.
        place.sql(&format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' \
             AND pid <> pg_backend_pid() AND (classid::bigint << 32 | objid::bigint) = {}",
            lock_of(&place.schema)
        ));
        store.issue(&wanted("more"));
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    }
}

/// The number of the lock that an open store holds, as PostgreSQL shows it.
fn lock_of(schema: &str) -> i64 {
    let text = format!("keywright/open/{schema}");
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::from_ne_bytes(hash.to_ne_bytes())
}

#[test]
fn a_standby_is_refused_until_it_is_the_primary() {
    let server = own();
    let place = Place::on(server);
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    server.stop("fast");
    let _ = server.give_file("standby.signal", b"");
    server.start_again();
    wait_until("it says something else", || {
        let refused = store.verify(&key.secret).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Unavailable);
        refused.message.contains("standby")
    });
    let refused = place.refusal();
    assert!(refused.message.contains("standby"), "{refused:?}");
    assert!(refused.hint.unwrap().contains("primary"));
    let promoted = server
        .program("pg_ctl")
        .args(["promote", "--silent", "--wait", "--pgdata"])
        .arg(server.data())
        .status();
    assert!(promoted.unwrap().success());
    wait_until("it does not go on", || store.verify(&key.secret).is_ok());
    store.change(key.id(), Command::Disable).unwrap();
    assert_eq!(place.open(2).verify(&key.secret), Ok(VerifyCode::Disabled));
}

#[test]
fn a_database_that_is_not_there_and_a_user_that_may_not_are_told_apart() {
    let place = Place::new();
    let opened = |url: String| {
        let mut options = place.options(1);
        options.address = keywright_postgres::Address::parse(&url).unwrap();
        futures_executor::block_on(keywright_postgres::PostgresStore::open(options)).unwrap_err()
    };
    let refused = opened(place.url().replace("/postgres?", "/hunter2?"));
    assert!(refused.message.contains("no database"), "{refused:?}");
    assert!(!format!("{refused:?}").contains("hunter2"));
    let refused = opened(place.url().replace("keywright@", "hunter2:hunter3@"));
    assert!(refused.message.contains("refused the user"), "{refused:?}");
    assert!(!format!("{refused:?}").contains("hunter"));
    let mut options = place.options(1);
    options.create = false;
    let opened = futures_executor::block_on(keywright_postgres::PostgresStore::open(options));
    let refused = opened.unwrap_err();
    assert!(refused.message.contains("there is no store"), "{refused:?}");
    assert_eq!(place.sql("SELECT to_regclass('meta')"), "");
}

#[test]
fn a_line_that_goes_dead_is_unavailable_before_long_and_used_again_once_it_works() {
    let place = Place::new();
    let dead = Arc::new(AtomicU32::new(0));
    let port = cut_line(place.server.port(), Fault::Silence, Arc::clone(&dead));
    let url = format!(
        "postgres://keywright@127.0.0.1:{port}/postgres?sslmode=disable&connect_timeout=1&schema={}",
        place.schema
    );
    let store = crate::place::open_at(&url, 1, None).unwrap();
    let key = store.issue(&wanted("key"));
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    dead.store(1, Ordering::SeqCst);
    let began = Instant::now();
    let refused = store.verify(&key.secret).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
    let began = Instant::now();
    let refused = store.verify(&key.secret).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert!(
        began.elapsed() < Duration::from_secs(6),
        "{:?}",
        began.elapsed()
    );
    dead.store(0, Ordering::SeqCst);
    wait_until("it does not go on", || store.verify(&key.secret).is_ok());
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
}
