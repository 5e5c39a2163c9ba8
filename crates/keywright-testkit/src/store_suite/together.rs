//! Many at once.

use super::trail;
use crate::{TestStore, wanted};
use keywright_core::VerifyCode;
use keywright_core::keys::{KeyPatch, KeyStatus, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::limits::{Cost, credits};
use keywright_core::names::Name;
use keywright_core::operations::{self, CreateKey};
use std::thread;

const THREADS: usize = 8;

pub fn no_more_is_granted_than_there_is(store: &TestStore) {
    const CREDITS: u64 = 50;
    let id = store
        .issue(&CreateKey {
            limits: vec![credits(CREDITS).unwrap()],
            ..wanted("limited")
        })
        .id();
    let granted: usize = thread::scope(|scope| {
        let work: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let charge = || {
                        let outcome = store.write(move |tx| {
                            operations::charge_key(tx, id, &Cost::default(), 1_000)
                        });
                        outcome.unwrap().unwrap().refused.is_none()
                    };
                    (0..10).filter(|_| charge()).count()
                })
            })
            .collect();
        work.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(granted as u64, CREDITS);
}

pub fn concurrent_changes_all_take_effect(store: &TestStore) {
    let id = store.issue(&wanted("shared")).id();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for round in 0..5 {
                    let key = store.issue(&wanted("own"));
                    assert_eq!(store.verify(&key.secret).unwrap(), VerifyCode::Valid);
                    let name = Name::parse(&format!("{thread} {round}")).unwrap();
                    let patch = KeyPatch {
                        name: Some(name),
                        ..KeyPatch::default()
                    };
                    store.change(id, Command::Update(patch)).unwrap();
                    store.change(key.id(), Command::Disable).unwrap();
                    assert_eq!(store.verify(&key.secret).unwrap(), VerifyCode::Disabled);
                }
            });
        }
    });
    let key = store.read(move |rows| rows.key(id)).unwrap().unwrap();
    assert_eq!(key.row_version, 1 + THREADS as u64 * 5);
    trail::check(store);
}

pub fn a_revocation_wins_over_every_concurrent_change(store: &TestStore) {
    for _ in 0..10 {
        let key = store.issue(&wanted("contested"));
        let id = key.id();
        thread::scope(|scope| {
            for thread in 0..THREADS {
                scope.spawn(move || {
                    let command = match thread {
                        0 => Command::Revoke(RevocationReason::Unspecified),
                        1..4 => Command::Disable,
                        _ => Command::Enable,
                    };
                    let _ = store.change(id, command);
                });
            }
        });
        let now = store.read(move |rows| rows.key(id)).unwrap().unwrap();
        assert_eq!(now.status(store.now()), KeyStatus::Revoked);
        assert_eq!(store.verify(&key.secret).unwrap(), VerifyCode::Revoked);
    }
    trail::check(store);
}
