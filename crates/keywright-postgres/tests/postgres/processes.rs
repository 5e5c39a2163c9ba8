//! Servers that are processes of their own: one is told what to do, some are killed.

use crate::place::Place;
use keywright_core::VerifyCode;
use keywright_core::ids::KeyId;
use keywright_core::keys::{KeyStatus, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_testkit::{TestStore, wanted};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;

/// How often a revocation is raced, where another number is wanted.
const ROUNDS: &str = "KEYWRIGHT_TEST_ROUNDS";
/// The URL of the store, where this test program is run again as a server.
const SERVE: &str = "KEYWRIGHT_TEST_SERVE";
/// The same for one that writes until it is killed.
const WRITE: &str = "KEYWRIGHT_TEST_WRITE";

fn open(url: &str) -> TestStore {
    crate::place::open_at(url, u64::from(std::process::id()), None).unwrap()
}

/// Not a test by itself: what the test below runs as other processes. Each line that it reads is a
/// locator's secret to verify, or a key to revoke.
#[test]
fn a_server_that_does_what_it_is_told() {
    let Ok(url) = std::env::var(SERVE) else {
        return;
    };
    let store = open(&url);
    println!("\nready");
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let answer = if let Some(id) = KeyId::parse(&line) {
            let revoke = Command::Revoke(RevocationReason::Unspecified);
            store.change(id, revoke).map(|_| VerifyCode::Revoked)
        } else {
            store.verify(&keywright_core::Secret::from_string(line))
        };
        match answer {
            Ok(code) => println!("{}", code.as_str()),
            Err(error) => println!("{error:?}"),
        }
    }
}

/// One of them.
struct Server {
    child: Killed,
    told: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Server {
    fn start(url: &str) -> Self {
        let mut child = again("processes::a_server_that_does_what_it_is_told", SERVE, url);
        let told = child.0.stdin.take().unwrap();
        let mut server = Self {
            answers: BufReader::new(child.0.stdout.take().unwrap()),
            child,
            told,
        };
        while server.line() != "ready" {}
        server
    }

    fn ask(&mut self, what: &str) -> String {
        writeln!(self.told, "{what}").unwrap();
        self.line()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let length = self.answers.read_line(&mut line).unwrap();
        assert!(
            length > 0,
            "the server ended: {:?}",
            self.child.0.try_wait()
        );
        line.trim_end().to_owned()
    }
}

fn again(test: &str, variable: &str, url: &str) -> Killed {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(variable, url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    Killed(child.unwrap())
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_one_process_has_revoked_no_other_verifies_any_more() {
    let rounds = std::env::var(ROUNDS).map_or(400, |text| text.parse().unwrap());
    let place = Place::new();
    let store = place.open(1);
    let mut servers: Vec<Server> = (0..3).map(|_| Server::start(&place.url())).collect();
    for round in 0..rounds {
        let key = store.issue(&wanted("key"));
        let secret = key.secret.reveal();
        let (revoker, one, other) = (round % 3, (round + 1) % 3, (round + 2) % 3);
        assert_eq!(servers[one].ask(secret), "valid");
        assert_eq!(servers[revoker].ask(&key.id().to_string()), "revoked");
        assert_eq!(servers[one].ask(secret), "revoked", "round {round}");
        assert_eq!(servers[other].ask(secret), "revoked", "round {round}");
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Revoked));
    }
}

/// Not a test by itself: what the test below runs as another process.
#[test]
fn a_process_that_writes_until_it_is_killed() {
    let Ok(url) = std::env::var(WRITE) else {
        return;
    };
    let store = Arc::new(open(&url));
    let (acknowledge, acknowledged) = mpsc::channel::<String>();
    for _ in 0..4 {
        let (store, acknowledge) = (Arc::clone(&store), acknowledge.clone());
        thread::spawn(move || {
            loop {
                let key = store.issue(&wanted("written"));
                let _ = acknowledge.send(format!("created {}", key.id()));
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

#[test]
fn nothing_that_was_acknowledged_is_lost_when_a_process_is_killed() {
    const ROUNDS: usize = 10;
    let place = Place::new();
    let store = place.open(1);
    let mut lines = Vec::new();
    for round in 0..ROUNDS {
        let name = "processes::a_process_that_writes_until_it_is_killed";
        let mut child = again(name, WRITE, &place.url());
        let mut output = BufReader::new(child.0.stdout.take().unwrap());
        // It is killed in the middle of its work, each time after another number of answers.
        let mut line = String::new();
        let mut wanted_lines = 5 + round * 7;
        while wanted_lines > 0 && output.read_line(&mut line).unwrap() > 0 {
            wanted_lines -=
                usize::from(line.starts_with("created ") || line.starts_with("revoked "));
            lines.push(std::mem::take(&mut line));
        }
        assert_eq!(wanted_lines, 0, "the process ended by itself");
        child.0.kill().unwrap();
        child.0.wait().unwrap();
        while output.read_line(&mut line).unwrap() > 0 {
            lines.push(std::mem::take(&mut line));
        }
        // The others go on at once.
        let key = store.issue(&wanted("goes on"));
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    }
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
            assert_eq!(key.key.status(store.now()), KeyStatus::Revoked);
        } else {
            created += 1;
        }
    }
    assert!(created > 100 && revoked > 100, "{created} {revoked}");
    keywright_testkit::store_suite::trail::check(&store);
}
