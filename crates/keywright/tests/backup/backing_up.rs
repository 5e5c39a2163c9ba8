//! Making a backup.

use crate::support::{World, back_up, close, create, verify};
use futures_executor::block_on;
use keywright::{ErrorCode, KeyManager, OpenOptions, VerifyCode};
use secrecy::SecretString;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_backup_is_made_while_four_threads_create_and_holds_what_was_answered_before() {
    let world = World::new();
    let keys = world.open("a.db");
    let (issued, stop) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let (before, report) = std::thread::scope(|scope| {
        for thread in 0..4 {
            let (keys, issued, stop) = (&keys, &issued, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let created = create(keys, &format!("made by {thread}"));
                    issued.lock().unwrap().push(created);
                }
            });
        }
        while issued.lock().unwrap().len() < 40 {
            std::thread::yield_now();
        }
        let before = issued.lock().unwrap().len();
        let report = back_up(&keys, &world.path("a.age"));
        stop.store(true, Ordering::Relaxed);
        (before, report.unwrap())
    });
    let issued = issued.into_inner().unwrap();
    let saved = usize::try_from(report.keys).unwrap();
    assert!(
        before <= saved && saved <= issued.len(),
        "{before} {saved} {}",
        issued.len()
    );

    let restored = world.restore("a.age", "b.db").unwrap();
    assert_eq!(restored.keys, report.keys);
    let other = world.open("b.db");
    let valid = |it: &&_| verify(&other, it) == VerifyCode::Valid;
    assert!(issued[..before].iter().all(|it| valid(&it)));
    assert_eq!(issued.iter().filter(valid).count(), saved);
    assert_eq!(block_on(other.verify_audit()).unwrap(), None);
}

#[test]
fn nothing_but_the_backup_is_left_behind() {
    let world = World::new();
    let keys = world.open("a.db");
    create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    close(&keys);
    let names: Vec<_> = world
        .contents()
        .into_iter()
        .map(|(path, _)| path.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["a.age", "a.db", "a.db.pepper", "a.db.revocations"]);
}

#[test]
fn a_backup_holds_no_readable_pepper_and_reports_what_is_in_it() {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    block_on(keys.rotate(&one.key.id, None)).unwrap();
    block_on(keys.revoke(&one.key.id, keywright::RevocationReason::Unspecified)).unwrap();
    let report = back_up(&keys, &world.path("a.age")).unwrap();
    let file = std::fs::read(world.path("a.age")).unwrap();
    let pepper = std::fs::read_to_string(world.path("a.db.pepper")).unwrap();
    let digits = pepper.trim().rsplit(':').next().unwrap().as_bytes();
    assert!(digits.len() == 64 && !file.windows(64).any(|part| part == digits));
    assert!(file.starts_with(b"age-encryption.org/v1\n"));
    assert_eq!((report.keys, report.versions), (1, 2));
    assert!(report.log_entries >= 2);
    assert_eq!(report.bytes, file.len() as u64);
    assert_eq!(report.created_at.unix(), 1_800_000_000);
}

#[test]
fn an_existing_file_is_never_written_over() {
    let world = World::new();
    let keys = world.open("a.db");
    std::fs::write(world.path("a.age"), "something else").unwrap();
    let refusal = back_up(&keys, &world.path("a.age")).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::AlreadyExists);
    assert_eq!(
        std::fs::read(world.path("a.age")).unwrap(),
        b"something else"
    );
}

#[test]
fn an_empty_passphrase_and_a_folder_that_is_not_there_are_refused() {
    let world = World::new();
    let keys = world.open("a.db");
    let refusal = block_on(keys.backup(SecretString::from(""), &world.path("a.age"))).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::InvalidArgument);
    let refusal = back_up(&keys, &world.path("nowhere/a.age")).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unavailable);
    assert!(!world.path("a.age").exists());
}

#[test]
fn a_store_in_memory_has_no_backup() {
    let world = World::new();
    let keys = block_on(KeyManager::open(Some("memory:"), OpenOptions::default())).unwrap();
    let refusal = back_up(&keys, &world.path("a.age")).unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Unsupported);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let keys = world.open("a.db");
    create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    world.restore("a.age", "b.db").unwrap();
    for name in ["a.age", "b.db", "b.db.pepper", "b.db.revocations"] {
        let mode = world.path(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
