//! That operations which wait together share a transaction, and what happens when one fails as a
//! whole.

use crate::{SqliteOptions, SqliteStore};
use futures_executor::block_on;
use keywright_core::ErrorCode;
use keywright_core::accounts::{Account, AccountId};
use keywright_core::ids::UserId;
use keywright_core::names::Name;
use keywright_core::pepper::PepperRing;
use keywright_core::random::SeededRandom;
use keywright_core::store::{Store, WriteOperation};
use keywright_core::time::{Clock, ManualClock};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use tempfile::TempDir;

pub(crate) fn options(folder: &TempDir) -> SqliteOptions {
    let random = Arc::new(SeededRandom::new(1));
    SqliteOptions {
        path: folder.path().join("keywright.db"),
        peppers: Arc::new(PepperRing::generate(random.as_ref()).unwrap()),
        clock: Arc::new(ManualClock::at(0)),
        random,
        brand: None,
        create: true,
    }
}

/// Makes the store in this folder, or opens it once more.
pub(crate) fn store(folder: &TempDir) -> SqliteStore {
    SqliteStore::open(options(folder)).unwrap()
}

pub(super) fn add_user(seed: u64) -> WriteOperation {
    let account = Account {
        id: AccountId::User(UserId::generate(&SeededRandom::new(seed)).unwrap()),
        row_version: 1,
        name: Name::parse("anna").unwrap(),
        project: None,
        created_at: ManualClock::at(0).now(),
        deleted_at: None,
    };
    Box::new(move |tx| tx.insert_account(&account))
}

#[test]
fn operations_that_wait_together_are_committed_together() {
    const THREADS: u64 = 8;
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let (begun, running) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let before = store.shared.transactions.load(Ordering::SeqCst);
    std::thread::scope(|scope| {
        let store = &store;
        scope.spawn(move || {
            block_on(store.write(Box::new(move |_| {
                begun.send(()).unwrap();
                held.recv().unwrap();
                Ok(())
            })))
        });
        running.recv().unwrap();
        // All of these come while the first holds the writer.
        let mut waiting: Vec<_> = (0..THREADS)
            .map(|seed| Box::pin(store.write(add_user(seed))))
            .collect();
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        for future in &mut waiting {
            assert!(future.as_mut().poll(&mut context).is_pending());
        }
        release.send(()).unwrap();
        for future in waiting {
            block_on(future).unwrap();
        }
    });
    assert_eq!(store.shared.transactions.load(Ordering::SeqCst) - before, 2);
}

#[test]
fn a_store_that_is_full_refuses_writes_still_reads_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    store.shared.most_pages.store(1, Ordering::SeqCst);
    let mut seed = 0;
    let refused = loop {
        seed += 1;
        if let Err(error) = block_on(store.write(add_user(seed))) {
            break error;
        }
        assert!(seed < 10_000, "it is never full");
    };
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert!(
        refused.message.contains("disk is full"),
        "{}",
        refused.message
    );
    let there = |seed: u64| {
        let (told, answer) = mpsc::channel();
        let id = AccountId::User(UserId::generate(&SeededRandom::new(seed)).unwrap());
        block_on(store.read(Box::new(move |rows| {
            told.send(rows.account(id)?.is_some()).unwrap();
            Ok(())
        })))
        .unwrap();
        answer.recv().unwrap()
    };
    assert!((1..seed).all(there), "what was acknowledged is there");
    assert!(!there(seed), "what was refused is not");
    store
        .shared
        .most_pages
        .store(i64::from(u32::MAX) - 1, Ordering::SeqCst);
    block_on(store.write(add_user(seed))).unwrap();
    assert!(there(seed));
}
