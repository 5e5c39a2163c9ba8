//! Several at once: operations in one transaction, stores on one file, processes that are killed.

use crate::place::Place;
use futures_executor::block_on;
use keywright_core::ids::KeyId;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::names::Name;
use keywright_core::store::{ForeignScheme, WriteOperation};
use keywright_core::{Error, ErrorCode, VerifyCode};
use keywright_testkit::wanted;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, mpsc};
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

#[test]
fn a_use_is_written_without_being_asked_for() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("used"));
    store.store.touch(key.it.versions[0].id, store.now());
    let begun = Instant::now();
    while store
        .find(&key.secret)
        .unwrap()
        .unwrap()
        .version
        .last_used_at
        .is_none()
    {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "it is not written yet"
        );
        thread::yield_now();
    }
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

/// Set where this test program is run again as a process that writes until it is killed.
const WRITE_IN: &str = "KEYWRIGHT_TEST_WRITE_IN";

/// Not a test by itself: what the test below runs as another process.
#[test]
fn a_process_that_writes_until_it_is_killed() {
    let Some(path) = std::env::var_os(WRITE_IN) else {
        return;
    };
    let seed = std::process::id().into();
    let store = Arc::new(Place::open_at(path.as_ref(), seed));
    let (acknowledge, acknowledged) = mpsc::channel::<String>();
    for _ in 0..4 {
        let (store, acknowledge) = (Arc::clone(&store), acknowledge.clone());
        thread::spawn(move || {
            loop {
                let key = store.issue(&wanted("written"));
                let _ = acknowledge.send(format!("created {}", key.id()));
                let renamed = keywright_core::keys::KeyPatch {
                    name: Some(Name::parse("renamed").unwrap()),
                    ..Default::default()
                };
                store.change(key.id(), Command::Update(renamed)).unwrap();
                store
                    .change(key.id(), Command::Revoke(RevocationReason::Superseded))
                    .unwrap();
                let _ = acknowledge.send(format!("revoked {}", key.id()));
            }
        });
    }
    for line in acknowledged {
        println!("\n{line}");
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_a_process_is_killed() {
    const ROUNDS: usize = 12;
    let place = Place::new();
    drop(place.open(1));
    let mut lines = Vec::new();
    for round in 0..ROUNDS {
        let child = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "together::a_process_that_writes_until_it_is_killed",
                "--nocapture",
            ])
            .env(WRITE_IN, place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut child = Killed(child);
        let mut output = BufReader::new(child.0.stdout.take().unwrap());
        // It is killed in the middle of its work, each time after another number of answers.
        let mut line = String::new();
        let mut wanted = 5 + round * 7;
        while wanted > 0 && output.read_line(&mut line).unwrap() > 0 {
            wanted -= usize::from(line.starts_with("created ") || line.starts_with("revoked "));
            lines.push(std::mem::take(&mut line));
        }
        assert_eq!(wanted, 0, "the process ended by itself");
        child.0.kill().unwrap();
        child.0.wait().unwrap();
        while output.read_line(&mut line).unwrap() > 0 {
            lines.push(std::mem::take(&mut line));
        }
        let store = place.open(2);
        let (mut created, mut revoked) = (0, 0);
        for line in &lines {
            let Some((what, id)) = line.trim_end().split_once(' ') else {
                continue;
            };
            let Some(id) = KeyId::parse(id) else { continue };
            let key = store.read(move |rows| rows.key_with_versions(id)).unwrap();
            let key = key.unwrap_or_else(|| panic!("{what} {id} is gone"));
            if what == "revoked" {
                revoked += 1;
                let status = key.key.status(store.now());
                assert_eq!(status, keywright_core::keys::KeyStatus::Revoked);
            } else {
                created += 1;
            }
        }
        assert!(created > 0 && revoked > 0);
        keywright_testkit::store_suite::trail::check(&store);
    }
    let store = place.open(3);
    let raw = rusqlite::Connection::open(place.path()).unwrap();
    let sound: String = raw
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    drop(raw);
    drop(store);
    assert_eq!(place.files(), ["keywright.db", "keywright.db.revocations"]);
}

/// Not a test by itself: what the test below runs as another process.
#[test]
fn a_process_that_writes_until_its_files_may_not_grow() {
    const FULL: &str = "KEYWRIGHT_TEST_FILL";
    let Some(path) = std::env::var_os(FULL) else {
        return;
    };
    let store = Place::open_at(path.as_ref(), 5);
    let refused = loop {
        let (secret, new) = store.new_secret(keywright_core::secret::Class::Live);
        let (context, wanted, id) = (store.context(), wanted("filling"), new.key);
        let create = keywright_core::operations::create_key;
        match store.write(move |tx| create(tx, &context, &wanted, &new)) {
            Ok(outcome) => {
                outcome.unwrap();
                assert_eq!(store.verify(&secret), Ok(VerifyCode::Valid));
                println!("\ncreated {id}");
            }
            Err(error) => break (id, error),
        }
    };
    println!("\nrefused {} {}", refused.0, refused.1.message);
    assert_eq!(refused.1.code, ErrorCode::Unavailable);
    // It can still be read.
    assert!(store.read(|rows| rows.projects(false)).is_ok());
}

#[cfg(unix)]
#[test]
fn a_write_that_the_disk_refuses_is_not_acknowledged_and_nothing_else_is_lost() {
    let place = Place::new();
    drop(place.open(1));
    let output = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1200; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "together::a_process_that_writes_until_its_files_may_not_grow",
            "--nocapture",
        ])
        .env("KEYWRIGHT_TEST_FILL", place.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    let store = place.open(2);
    let exists = |id: &str| {
        let id = KeyId::parse(id).unwrap();
        store.read(move |rows| rows.key(id)).unwrap().is_some()
    };
    let created: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("created "))
        .collect();
    assert!(created.len() > 5 && created.iter().all(|id| exists(id)));
    let refused = text
        .lines()
        .find_map(|line| line.strip_prefix("refused "))
        .unwrap();
    let (id, message) = refused.split_once(' ').unwrap();
    if message.contains("nothing was changed") {
        assert!(!exists(id));
    } else {
        assert!(message.contains("not known") || !exists(id), "{message}");
    }
    store.issue(&wanted("there is room again"));
    keywright_testkit::store_suite::trail::check(&store);
}
