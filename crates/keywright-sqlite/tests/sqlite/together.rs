//! Several at once: operations in one transaction, stores on one file, processes that are killed.

use crate::log::raw;
use crate::place::Place;
use futures_executor::block_on;
use keywright_core::ids::KeyId;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::store::{ForeignScheme, WriteOperation};
use keywright_core::{Error, ErrorCode, VerifyCode};
use keywright_testkit::{Issued, TestStore, wanted};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn what_one_store_has_answered_another_on_the_same_file_sees_at_once() {
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    for round in 0..100 {
        let key = one.issue(&wanted("key"));
        assert_eq!(
            other.verify(&key.secret),
            Ok(VerifyCode::Valid),
            "round {round}"
        );
        other
            .change(key.id(), Command::Revoke(RevocationReason::Unspecified))
            .unwrap();
        assert_eq!(
            one.verify(&key.secret),
            Ok(VerifyCode::Revoked),
            "round {round}"
        );
    }
    let (a, b) = (
        one.read(|rows| rows.last_event()),
        other.read(|rows| rows.last_event()),
    );
    assert_eq!(a.unwrap(), b.unwrap());
}

#[test]
fn a_verify_beside_a_narrowing_is_old_or_new_and_never_tampered() {
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    let key = one.issue(&wanted("contested"));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..150 {
                one.change(key.id(), Command::Disable).unwrap();
                one.change(key.id(), Command::Enable).unwrap();
            }
            done.store(true, Ordering::SeqCst);
        });
        for store in [&one, &other] {
            let (done, key) = (&done, &key);
            scope.spawn(move || {
                let id = key.id();
                while !done.load(Ordering::SeqCst) {
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
fn many_stores_may_be_opened_for_the_first_time_at_once() {
    let place = Place::new();
    let start = Barrier::new(8);
    let ids: Vec<String> = thread::scope(|scope| {
        let work: Vec<_> = (0..8)
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
    assert_eq!(
        place
            .open(9)
            .read(|rows| rows.projects(true))
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn an_imported_kind_is_known_to_other_stores_within_a_second() {
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
    let begun = Instant::now();
    while *other.store.foreign_schemes_now() != expected {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "it is not known yet"
        );
        thread::yield_now();
    }
    assert_eq!(*place.open(3).store.foreign_schemes_now(), expected);
}

fn wait_until_used(store: &TestStore, key: &Issued) {
    let is_used = || {
        let found = store.find(&key.secret).unwrap().unwrap();
        found.version.last_used_at.is_some()
    };
    let begun = Instant::now();
    while !is_used() {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "it is not written yet"
        );
        thread::yield_now();
    }
}

#[test]
fn a_use_is_written_also_where_something_else_can_not_be_looked_after() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("used"));
    let forged = "INSERT INTO outbox (id, row_version, kind, seal) VALUES ('x', 1, 101, x'00')";
    raw(&place).execute_batch(forged).unwrap();
    store.store.touch(key.it.versions[0].id, store.now());
    wait_until_used(&store, &key);
}

#[test]
fn a_use_is_written_without_being_asked_for() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("used"));
    store.store.touch(key.it.versions[0].id, store.now());
    wait_until_used(&store, &key);
    drop(store);
    let store = place.open(2);
    store.store.touch(
        key.it.versions[0].id,
        store.now().after(Duration::from_secs(5)).unwrap(),
    );
    // Closing writes what is held back.
    let expected = store.now().after(Duration::from_secs(5));
    drop(store);
    let found = place.open(3).find(&key.secret).unwrap().unwrap();
    assert_eq!(found.version.last_used_at, expected);
}

#[test]
fn operations_of_one_transaction_fail_alone() {
    let place = Place::new();
    let store = place.open(1);
    let it = store.issue(&wanted("pattern")).it;
    let copies = || {
        let (mut key, mut version) = (it.key.clone(), it.versions[0].clone());
        key.id = KeyId::generate(store.random.as_ref()).unwrap();
        version.key = key.id;
        let (_, new) = store.new_secret(key.class);
        version.id = new.version;
        version.locator = new.kept.locator;
        (key, version)
    };
    let (good, bad, panicking, last) = (copies(), copies(), copies(), copies());
    let ids = [good.0.id, bad.0.id, panicking.0.id, last.0.id];
    // The first operation holds the writer until all the others wait behind it.
    let (release, held) = mpsc::channel::<()>();
    let (begun, running) = mpsc::channel::<()>();
    let mut operations: Vec<WriteOperation> = vec![
        Box::new(move |tx| {
            let _ = begun.send(());
            let _ = held.recv();
            tx.insert_key(&good.0, &good.1)
        }),
        Box::new(move |tx| {
            tx.insert_key(&bad.0, &bad.1)?;
            Err(Error::new(ErrorCode::Cancelled, "no"))
        }),
        Box::new(move |tx| {
            tx.insert_key(&panicking.0, &panicking.1)?;
            panic!("this operation panics on purpose");
        }),
        Box::new(move |tx| {
            // It sees the first one's key, and nothing of those that failed.
            assert!(
                tx.key(ids[0])?.is_some() && tx.key(ids[1])?.is_none() && tx.key(ids[2])?.is_none()
            );
            tx.insert_key(&last.0, &last.1)
        }),
    ];
    let outcomes: Vec<Option<ErrorCode>> = thread::scope(|scope| {
        let first = operations.remove(0);
        let first = scope.spawn(|| block_on(store.store.write(first)));
        running.recv().unwrap();
        let rest = operations
            .into_iter()
            .map(|operation| store.store.write(operation));
        // Joining polls all of them, in order, so each is handed over before the first is let go.
        let rest = futures(rest.collect(), &release);
        let first = first.join().unwrap();
        std::iter::once(first)
            .chain(rest)
            .map(|outcome| outcome.err().map(|error| error.code))
            .collect()
    });
    assert_eq!(
        outcomes,
        [
            None,
            Some(ErrorCode::Cancelled),
            Some(ErrorCode::Internal),
            None
        ]
    );
    let there: Vec<bool> = ids
        .map(|id| store.read(move |rows| rows.key(id)).unwrap().is_some())
        .into();
    assert_eq!(there, [true, false, false, true]);
}

/// Polls all of them once, lets the writer go, then waits for each.
fn futures<F: Future<Output = Result<(), Error>> + Send>(
    waiting: Vec<F>,
    release: &mpsc::Sender<()>,
) -> Vec<Result<(), Error>> {
    let mut waiting: Vec<_> = waiting.into_iter().map(Box::pin).collect();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for future in &mut waiting {
        assert!(future.as_mut().poll(&mut context).is_pending());
    }
    release.send(()).unwrap();
    waiting.into_iter().map(block_on).collect()
}

#[cfg(unix)]
#[test]
fn a_database_that_is_exchanged_or_removed_is_noticed() {
    for exchange in [true, false] {
        let place = Place::new();
        let store = place.open(1);
        let key = store.issue(&wanted("key"));
        let moved = place.folder.path().join("moved");
        std::fs::rename(place.path(), &moved).unwrap();
        if exchange {
            std::fs::copy(&moved, place.path()).unwrap();
        }
        let begun = Instant::now();
        let refused = loop {
            match store.verify(&key.secret) {
                Err(error) => break error,
                Ok(_) => assert!(
                    begun.elapsed() < Duration::from_secs(10),
                    "it is not noticed yet"
                ),
            }
            thread::yield_now();
        };
        assert_eq!(refused.code, ErrorCode::Unavailable);
        let refused = store.create(&wanted("more")).err().unwrap();
        assert!(
            refused
                .message
                .contains(if exchange { "replaced" } else { "removed" })
        );
    }
}

#[test]
fn a_write_waits_for_another_process_that_writes() {
    let place = Place::new();
    let store = place.open(1);
    let other = rusqlite::Connection::open(place.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    thread::scope(|scope| {
        let (begun, waiting) = mpsc::channel();
        let (store, key) = (
            &store,
            scope.spawn({
                let store = &store;
                move || {
                    begun.send(()).unwrap();
                    store.issue(&wanted("patient"))
                }
            }),
        );
        waiting.recv().unwrap();
        // Reading goes on meanwhile.
        assert_eq!(store.read(|rows| rows.projects(false)).unwrap().len(), 1);
        other.execute_batch("COMMIT").unwrap();
        let key = key.join().unwrap();
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    });
}

#[test]
fn a_store_that_is_closed_leaves_others_on_its_file_alone() {
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    let key = one.issue(&wanted("key"));
    drop(one);
    assert_eq!(other.verify(&key.secret), Ok(VerifyCode::Valid));
    other.change(key.id(), Command::Disable).unwrap();
    assert_eq!(place.open(3).verify(&key.secret), Ok(VerifyCode::Disabled));
}

#[test]
fn whatever_is_asked_while_a_store_is_closed_is_done_or_told_that_it_is_closed() {
    for round in 0..100 {
        let place = Place::new();
        let store = place.open(round);
        let (start, closed) = (Barrier::new(5), AtomicBool::new(false));
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    start.wait();
                    while !closed.load(Ordering::SeqCst) {
                        if let Err(error) = block_on(store.store.flush()) {
                            assert_eq!(error.code, ErrorCode::Closed, "{error:?}");
                        }
                    }
                });
            }
            for _ in 0..2 {
                scope.spawn(|| {
                    start.wait();
                    assert_eq!(block_on(store.store.close()), Ok(()));
                    closed.store(true, Ordering::SeqCst);
                });
            }
        });
    }
}
