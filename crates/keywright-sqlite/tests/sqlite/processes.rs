//! Other processes: some are killed in the middle of their work, some run out of room.

use crate::place::Place;
use keywright_core::ids::KeyId;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::names::Name;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_testkit::wanted;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;

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
                "processes::a_process_that_writes_until_it_is_killed",
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
            "processes::a_process_that_writes_until_its_files_may_not_grow",
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
