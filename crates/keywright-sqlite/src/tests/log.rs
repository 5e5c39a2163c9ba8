//! What happens where the disk that the revocation log is on fails.

use super::group::{add_user, store as open};
use crate::{SqliteStore, log, meta};
use futures_executor::block_on;
use keywright_core::accounts::AccountId;
use keywright_core::ids::{UserId, VersionId};
use keywright_core::lifecycle::Command;
use keywright_core::random::SeededRandom;
use keywright_core::secret::Class;
use keywright_core::store::{Store, WriteOperation};
use keywright_core::{Error, ErrorCode, Result, VerifyCode};
use keywright_testkit::{TestStore, wanted};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tempfile::TempDir;

const ENTRY: u64 = 76;

fn user(seed: u64) -> AccountId {
    AccountId::User(UserId::generate(&SeededRandom::new(seed)).unwrap())
}

/// A narrowing change: its entry has to go into the log.
fn delete_user(seed: u64) -> WriteOperation {
    Box::new(move |tx| {
        let account = tx
            .account(user(seed))?
            .unwrap_or_else(|| panic!("it was added"));
        tx.delete_account(&account, account.created_at).map(drop)
    })
}

fn write(store: &SqliteStore, operation: WriteOperation) -> Result<()> {
    block_on(store.write(operation))
}

fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("keywright.db")
}

fn log_len(folder: &TempDir) -> u64 {
    log::path_beside(&database(folder))
        .metadata()
        .unwrap()
        .len()
}

/// What the database says: how many entries the log must have, and how many wait for it.
fn known_and_waiting(folder: &TempDir) -> (u64, i64) {
    let raw = Connection::open(database(folder)).unwrap();
    let waiting = raw.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0));
    (meta::log_entries(&raw).unwrap(), waiting.unwrap())
}

/// Whether the store refuses everything since the disk lost something.
fn is_given_up(outcome: Result<()>) -> bool {
    let lost = |error: Error| {
        error.code == ErrorCode::Unavailable && error.message.contains("did not confirm")
    };
    outcome.is_err_and(lost)
}

#[test]
fn a_change_that_the_log_could_not_take_says_so_and_gets_there_later() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    write(&store, add_user(1)).unwrap();
    let before = log_len(&folder);
    store.shared.base.log.refuses.store(true, Ordering::SeqCst);
    let told = write(&store, delete_user(1)).unwrap_err();
    assert_eq!(told.code, ErrorCode::Unavailable);
    assert!(
        told.message.contains("has taken effect"),
        "{}",
        told.message
    );
    // Nothing else is held up by it.
    write(&store, add_user(2)).unwrap();
    assert!(log_len(&folder) < before + ENTRY);
    store.shared.base.log.refuses.store(false, Ordering::SeqCst);
    block_on(store.close()).unwrap();
    assert_eq!(log_len(&folder), before + ENTRY);
}

#[test]
fn a_new_secret_is_handed_out_also_where_the_log_could_not_take_the_end_of_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let (peppers, clock, random) = TestStore::parts(1);
    let sqlite = Arc::new(open(&folder));
    let store = TestStore {
        store: sqlite.clone(),
        peppers,
        clock,
        random,
        keep: None,
    };
    let leaked = store.issue(&wanted("leaked"));
    let before = log_len(&folder);
    let (secret, kept) = store.secret(Class::Live);
    let rotate = Command::Rotate {
        version: VersionId::generate(store.random.as_ref()).unwrap(),
        secret: kept,
        overlap: Duration::ZERO,
    };
    sqlite.shared.base.log.refuses.store(true, Ordering::SeqCst);
    store.change(leaked.id(), rotate).unwrap();
    assert_eq!(store.verify(&leaked.secret), Ok(VerifyCode::Revoked));
    assert_eq!(store.verify(&secret), Ok(VerifyCode::Valid));
    // Where nothing but the log's knowledge was asked for, its lack is told.
    assert!(store.change(leaked.id(), Command::Disable).is_err());
    sqlite
        .shared
        .base
        .log
        .refuses
        .store(false, Ordering::SeqCst);
    block_on(sqlite.close()).unwrap();
    assert_eq!(log_len(&folder), before + 2 * ENTRY);
}

#[test]
fn a_log_that_the_disk_did_not_confirm_is_not_believed_when_it_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    write(&store, add_user(1)).unwrap();
    store.shared.base.log.loses.store(true, Ordering::SeqCst);
    let told = write(&store, delete_user(1)).unwrap_err();
    assert!(
        told.message.contains("has taken effect"),
        "{}",
        told.message
    );
    // The system would say now that all is well: it has told of the failure.
    store.shared.base.log.loses.store(false, Ordering::SeqCst);
    assert!(is_given_up(write(&store, add_user(2))));
    assert!(is_given_up(block_on(store.read(Box::new(|_| Ok(()))))));
    drop(store);
    assert_eq!(known_and_waiting(&folder), (0, 1));
    // Whoever opens it brings the entry to the disk.
    drop(open(&folder));
    assert_eq!(known_and_waiting(&folder), (1, 0));
}

#[test]
fn what_another_process_has_not_brought_to_the_disk_is_not_counted_as_being_there() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (open(&folder), open(&folder));
    for seed in [1, 2] {
        write(&one, add_user(seed)).unwrap();
    }
    write(&one, delete_user(1)).unwrap();
    other.shared.base.log.loses.store(true, Ordering::SeqCst);
    assert!(write(&other, delete_user(2)).is_err());
    // Its entry can be read, and may be gone after a power cut.
    block_on(one.read(Box::new(|rows| rows.account(user(2)).map(drop)))).unwrap();
    assert_eq!(one.shared.base.log.entries(), 2);
    block_on(one.flush()).unwrap();
    // So it stays in the outbox for as long as it isn't counted.
    let (known, waiting) = known_and_waiting(&folder);
    assert_eq!(i64::try_from(known).unwrap() + waiting, 2);
}
