//! What others do to the place while a backup is restored there.

use crate::support::{PASSPHRASE, World, back_up, close, create, verify};
use keywright::{Clock, ErrorCode, Result, SystemRandom, VerifyCode, pepper_path};
use keywright_sqlite::{RestoreReport, RestoreRequest, restore};
use secrecy::SecretString;
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Once};

/// Does something at the first look at the time, which is when the backup was checked and nothing
/// is in place yet.
struct Meanwhile<F> {
    act: F,
    once: Once,
}

impl<F: Fn() + Send + Sync + 'static> Clock for Meanwhile<F> {
    fn now_ms(&self) -> i64 {
        self.once.call_once(&self.act);
        1_800_000_000_000
    }
}

fn restore_while(
    world: &World,
    to: &str,
    act: impl Fn() + Send + Sync + 'static,
) -> Result<RestoreReport> {
    let store = world.path(to);
    restore(&RestoreRequest {
        file: world.path("a.age"),
        passphrase: SecretString::from(PASSPHRASE),
        pepper_path: pepper_path(&store),
        store,
        overwrite: false,
        actor: keywright_core::audit::Actor::default(),
        clock: Arc::new(Meanwhile {
            act,
            once: Once::new(),
        }),
        random: Arc::new(SystemRandom),
        interrupt: None,
    })
}

fn backed_up() -> (World, keywright::Created) {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    close(&keys);
    (world, one)
}

fn is_locked(path: &Path) -> bool {
    let log = File::open(path).expect("there is a log");
    matches!(log.try_lock(), Err(TryLockError::WouldBlock))
}

#[test]
fn nobody_can_make_a_store_in_an_empty_place_meanwhile() {
    let (world, one) = backed_up();
    let log = world.path("b.db.revocations");
    // Whoever opens a store or makes one waits for this lock.
    restore_while(&world, "b.db", move || assert!(is_locked(&log))).unwrap();
    assert_eq!(verify(&world.open("b.db"), &one), VerifyCode::Valid);
}

#[test]
fn whoever_waits_for_an_empty_place_finds_the_restored_store_there() {
    let (world, one) = backed_up();
    fs::copy(world.path("a.db.pepper"), world.path("b.db.pepper")).unwrap();
    let (world, one) = (Arc::new(world), Arc::new(one));
    let (begun, running) = std::sync::mpsc::channel();
    let (there, issued) = (Arc::clone(&world), Arc::clone(&one));
    restore_while(&world, "b.db", move || {
        let (there, issued) = (Arc::clone(&there), Arc::clone(&issued));
        let opener = std::thread::spawn(move || verify(&there.open("b.db"), &issued));
        begun.send(opener).unwrap();
    })
    .unwrap();
    let opener = running.recv().unwrap();
    assert_eq!(opener.join().unwrap(), VerifyCode::Valid);
    assert_eq!(verify(&world.open("b.db"), &one), VerifyCode::Valid);
}

#[test]
fn what_comes_into_an_empty_place_meanwhile_is_not_overwritten() {
    for name in ["b.db", "b.db.revocations", "b.db.pepper"] {
        let (world, _) = backed_up();
        let (path, copy) = (world.path(name), world.path("other"));
        fs::write(&copy, "theirs").unwrap();
        let come = path.clone();
        // As a file that is moved there.
        let refusal = restore_while(&world, "b.db", move || fs::rename(&copy, &come).unwrap());
        let refusal = refusal.expect_err(name);
        assert_eq!(refusal.code, ErrorCode::Unavailable, "{refusal}");
        assert!(fs::read(&path).unwrap() == b"theirs", "{name}");
        // And nothing else was left there.
        let left = world.contents().into_iter().map(|(path, _)| path);
        let beside = left.filter(|other| other.to_str().unwrap().contains("b.db"));
        assert_eq!(beside.collect::<Vec<_>>(), [path], "{name}");
    }
}

#[test]
fn a_restore_that_is_refused_leaves_an_empty_place_empty() {
    let (world, _) = backed_up();
    fs::write(
        world.path("b.db.pepper"),
        "1:".to_owned() + &"ab".repeat(32),
    )
    .unwrap();
    let before = world.contents();
    assert!(world.restore("a.age", "b.db").is_err());
    assert!(world.contents() == before);
}
