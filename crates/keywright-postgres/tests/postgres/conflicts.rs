//! Other transactions in the way, and commits that no answer comes to.

use crate::line::{Fault, cut_line};
use crate::place::Place;
use keywright_core::ErrorCode;
use keywright_core::VerifyCode;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_testkit::store_suite::trail;
use keywright_testkit::{TestStore, wanted};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Lets the next so many changes of keys fail with this SQLSTATE.
fn let_fail(place: &Place, times: u32, state: &str) {
    place.sql(&format!(
        "CREATE SEQUENCE failures; \
         CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('failures') <= {times} THEN RAISE EXCEPTION USING ERRCODE = '{state}'; END IF; \
         RETURN new; END $$; \
         CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON keys FOR EACH ROW EXECUTE FUNCTION fail()"
    ));
}

#[test]
fn what_others_were_in_the_way_of_is_run_again() {
    for state in ["40001", "40P01"] {
        let place = Place::new();
        let store = place.open(1);
        let_fail(&place, 5, state);
        let ran = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&ran);
        let (_, new) = store.new_secret(keywright_core::secret::Class::Live);
        let (context, wanted) = (store.context(), wanted("again"));
        let id = new.key;
        store
            .write(move |tx| {
                count.fetch_add(1, Ordering::SeqCst);
                keywright_core::operations::create_key(tx, &context, &wanted, &new)
            })
            .unwrap()
            .unwrap();
        assert_eq!(ran.load(Ordering::SeqCst), 6);
        assert!(store.read(move |rows| rows.key(id)).unwrap().is_some());
        trail::check(&store);
    }
}

#[test]
fn what_others_are_always_in_the_way_of_is_given_up() {
    let place = Place::new();
    let store = place.open(1);
    let_fail(&place, 1_000, "40001");
    let refused = store.create(&wanted("never")).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert!(
        refused.message.contains("nothing was changed"),
        "{refused:?}"
    );
    assert_eq!(place.sql("SELECT count(*) FROM keys"), "0");
}

#[test]
fn somebody_who_writes_by_hand_in_the_same_rows_loses_or_wins_but_nothing_is_torn() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..20 {
                // Renaming is not sealed: anybody may. It fails where the store was faster.
                let sql = format!(
                    "BEGIN ISOLATION LEVEL SERIALIZABLE; UPDATE {}.keys SET name = 'by hand'; COMMIT",
                    place.schema
                );
                let mut psql = place.server.client("psql");
                let _ = psql.args(["--quiet", "--command", &sql]).output().unwrap();
            }
        });
        for _ in 0..40 {
            store.change(key.id(), Command::Disable).unwrap();
            store.change(key.id(), Command::Enable).unwrap();
        }
    });
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    trail::check(&store);
}

#[test]
fn a_transaction_that_hangs_holds_nobody_up_for_long() {
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    let (release, held) = std::sync::mpsc::channel::<()>();
    thread::scope(|scope| {
        let hanging = scope.spawn(|| {
            one.write(move |_| {
                let _ = held.recv();
                Ok(())
            })
        });
        thread::sleep(Duration::from_millis(300));
        let refused = other.create(&wanted("waits")).err().unwrap();
        assert_eq!(refused.code, ErrorCode::Unavailable);
        assert!(refused.message.contains("held the store"), "{refused:?}");
        // Before long the server ends the session that hangs, and the others go on.
        let began = Instant::now();
        while let Err(error) = other.create(&wanted("goes on")) {
            assert!(began.elapsed() < Duration::from_secs(20), "{error:?}");
        }
        drop(release);
        // It is run again on a new connection.
        assert_eq!(hanging.join().unwrap(), Ok(()));
    });
    one.issue(&wanted("goes on, too"));
}

fn open_through(place: &Place, port: u16) -> TestStore {
    let url = format!(
        "postgres://keywright@127.0.0.1:{port}/postgres?sslmode=disable&schema={}",
        place.schema
    );
    crate::place::open_at(&url, 5, None).unwrap()
}

#[test]
fn a_commit_whose_answer_is_lost_is_found_to_have_taken_place() {
    let place = Place::new();
    let armed = Arc::new(AtomicU32::new(0));
    let port = cut_line(place.server.port(), Fault::Answer, Arc::clone(&armed));
    let store = open_through(&place, port);
    let other = place.open(2);
    for _ in 0..10 {
        armed.store(1, Ordering::SeqCst);
        let key = store.issue(&wanted("key"));
        assert_eq!(armed.load(Ordering::SeqCst), 0, "nothing was cut");
        assert_eq!(other.verify(&key.secret), Ok(VerifyCode::Valid));
        armed.store(1, Ordering::SeqCst);
        let revoke = Command::Revoke(RevocationReason::Unspecified);
        store.change(key.id(), revoke).unwrap();
        assert_eq!(other.verify(&key.secret), Ok(VerifyCode::Revoked));
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Revoked));
    }
    trail::check(&store);
}

#[test]
fn a_commit_that_did_not_arrive_is_found_to_have_changed_nothing() {
    let place = Place::new();
    let armed = Arc::new(AtomicU32::new(0));
    let port = cut_line(place.server.port(), Fault::Question, Arc::clone(&armed));
    let store = open_through(&place, port);
    let key = store.issue(&wanted("key"));
    for _ in 0..10 {
        armed.store(1, Ordering::SeqCst);
        let refused = store.change(key.id(), Command::Disable).unwrap_err();
        assert_eq!(armed.load(Ordering::SeqCst), 0, "nothing was cut");
        assert_eq!(refused.code, ErrorCode::Unavailable);
        assert!(
            refused.message.contains("nothing was changed"),
            "{refused:?}"
        );
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    }
    trail::check(&store);
}
