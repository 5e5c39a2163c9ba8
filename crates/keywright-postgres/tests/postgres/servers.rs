//! Several servers on one database.

use crate::place::Place;
use keywright_core::VerifyCode;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::limits::{Cost, credits};
use keywright_core::operations::{self, CreateKey};
use keywright_core::store::ForeignScheme;
use keywright_testkit::postgres::wait_until;
use keywright_testkit::store_suite::trail;
use keywright_testkit::{TestStore, wanted};
use std::sync::Barrier;
use std::thread;

#[test]
fn what_one_server_has_answered_all_others_see_at_once() {
    let place = Place::new();
    let servers: Vec<TestStore> = (1..4).map(|seed| place.open(seed)).collect();
    for round in 0..200 {
        let [one, two, three] = [0, 1, 2].map(|it| &servers[(round + it) % 3]);
        let key = one.issue(&wanted("key"));
        for server in &servers {
            assert_eq!(server.verify(&key.secret), Ok(VerifyCode::Valid));
        }
        two.change(key.id(), Command::Disable).unwrap();
        for server in &servers {
            assert_eq!(server.verify(&key.secret), Ok(VerifyCode::Disabled));
        }
        let revoke = Command::Revoke(RevocationReason::Unspecified);
        three.change(key.id(), revoke).unwrap();
        for server in &servers {
            assert_eq!(server.verify(&key.secret), Ok(VerifyCode::Revoked));
        }
    }
    trail::check(&servers[0]);
}

#[test]
fn a_verify_beside_a_narrowing_is_old_or_new_and_never_tampered() {
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    let key = one.issue(&wanted("contested"));
    let done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..150 {
                one.change(key.id(), Command::Disable).unwrap();
                one.change(key.id(), Command::Enable).unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        for store in [&one, &other] {
            let (done, key) = (&done, &key);
            scope.spawn(move || {
                let id = key.id();
                while !done.load(std::sync::atomic::Ordering::SeqCst) {
                    let code = store.verify(&key.secret).unwrap();
                    assert!(
                        matches!(code, VerifyCode::Valid | VerifyCode::Disabled),
                        "{code:?}"
                    );
                    store.read(move |rows| rows.key_with_versions(id)).unwrap();
                }
            });
        }
    });
}

#[test]
fn no_more_is_granted_than_there_is_over_all_servers() {
    const CREDITS: u64 = 250;
    let place = Place::new();
    let servers: Vec<TestStore> = (1..4).map(|seed| place.open(seed)).collect();
    let id = servers[0]
        .issue(&CreateKey {
            limits: vec![credits(CREDITS).unwrap()],
            ..wanted("limited")
        })
        .id();
    let granted: u64 = thread::scope(|scope| {
        let charge = |server: &TestStore| {
            let charged = server
                .write(move |tx| operations::charge_key(tx, id, &Cost::default(), 1_000))
                .unwrap();
            u64::from(charged.unwrap().refused.is_none())
        };
        let work: Vec<_> = servers
            .iter()
            .cycle()
            .take(12)
            .map(|server| scope.spawn(move || (0..30).map(|_| charge(server)).sum::<u64>()))
            .collect();
        work.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(granted, CREDITS);
}

#[test]
fn the_trail_has_no_gap_whoever_writes() {
    let place = Place::new();
    let servers: Vec<TestStore> = (1..4).map(|seed| place.open(seed)).collect();
    thread::scope(|scope| {
        for server in servers.iter().cycle().take(6) {
            scope.spawn(move || {
                for _ in 0..20 {
                    let key = server.issue(&wanted("key"));
                    server.change(key.id(), Command::Disable).unwrap();
                }
            });
        }
    });
    trail::check(&servers[1]);
    let places = place.sql("SELECT count(*) = max(seq) AND max(seq) >= 240 FROM audit");
    assert_eq!(places, "t");
}

#[test]
fn ten_servers_that_start_at_once_make_one_store() {
    let place = Place::new();
    let start = Barrier::new(10);
    let ids: Vec<String> = thread::scope(|scope| {
        let work: Vec<_> = (0..10)
            .map(|seed| {
                let (place, start) = (&place, &start);
                scope.spawn(move || {
                    start.wait();
                    let store = place.open(seed);
                    store.issue(&wanted("key"));
                    store.read(|rows| Ok(rows.store_id().to_owned())).unwrap()
                })
            })
            .collect();
        work.into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]));
    let projects = place.open(11).read(|rows| rows.projects(true)).unwrap();
    assert_eq!(projects.len(), 1);
}

#[test]
fn an_imported_kind_is_known_to_other_servers_soon() {
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    let scheme = ForeignScheme {
        name: "sha256".to_owned(),
        sealed_key: None,
    };
    let note = scheme.clone();
    one.write(move |tx| tx.put_foreign_scheme(&note)).unwrap();
    let expected = [scheme];
    assert_eq!(*one.store.foreign_schemes_now(), expected);
    wait_until("it is not known yet", || {
        *other.store.foreign_schemes_now() == expected
    });
}

#[test]
fn uses_that_many_servers_note_add_up() {
    let place = Place::new();
    let servers: Vec<TestStore> = (1..4).map(|seed| place.open(seed)).collect();
    let key = servers[0].issue(&wanted("used"));
    thread::scope(|scope| {
        for server in &servers {
            let version = key.it.versions[0].id;
            scope.spawn(move || {
                for _ in 0..50 {
                    server.store.touch(version, server.now());
                    futures_executor::block_on(server.store.flush()).unwrap();
                }
            });
        }
    });
    let (id, today) = (key.id(), keywright_core::daily::Day::of(servers[0].now()));
    let uses = servers[0].read(move |rows| rows.daily_uses(id, today, today));
    assert_eq!(uses.unwrap().on(today), 150);
}

#[test]
fn a_store_that_is_closed_leaves_the_others_alone() {
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    let key = one.issue(&wanted("key"));
    drop(one);
    assert_eq!(other.verify(&key.secret), Ok(VerifyCode::Valid));
    other.change(key.id(), Command::Disable).unwrap();
    assert_eq!(place.open(3).verify(&key.secret), Ok(VerifyCode::Disabled));
    drop(other);
    assert_eq!(place.sql("SELECT count(*) FROM writers"), "0");
}

#[test]
fn a_store_takes_no_more_connections_than_it_was_given() {
    let place = Place::new();
    let name = format!("bounded_{}", place.schema);
    let url = format!("{}&pool=2&application_name={name}", place.url());
    let store = crate::place::open_at(&url, 1, None).unwrap();
    let key = store.issue(&wanted("key"));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
                    store.create(&wanted("more")).unwrap();
                }
            });
        }
    });
    let question =
        format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'");
    assert_eq!(place.sql(&question), "3");
    drop(store);
    wait_until("connections are left behind", || {
        place.sql(&question) == "0"
    });
}
