//! What a verify may write, on the store in memory: each write gives way to whatever happened since
//! the verify looked, and what fails leaves nothing behind.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

mod support;

use keywright_core::audit::Actor;
use keywright_core::ids::{KeyId, ProjectId, ServiceAccountId};
use keywright_core::keys::{
    End, KeptSecret, Key, KeyPatch, KeyWithVersions, Material, RevocationReason, Version,
    VersionPatch,
};
use keywright_core::lifecycle::Command;
use keywright_core::limits::Cost;
use keywright_core::memory::MemoryStore;
use keywright_core::networks::Networks;
use keywright_core::operations::{
    Context, change_key, charge_key, confirm_first_use, ensure_default_project, record_use,
    revoke_all, upgrade_foreign,
};
use keywright_core::owner::Owner;
use keywright_core::random::SeededRandom;
use keywright_core::scopes::Scopes;
use keywright_core::secret::Locator;
use keywright_core::store::{EventQuery, ForeignScheme, Store, Tx};
use keywright_core::{Error, ErrorCode, Requirements, Result, VerifyCode};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use support::{at, issued, kept, key, peppers, version};

/// Runs a future that never waits: a store in memory answers at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("the store in memory waited"),
    }
}

fn context() -> Context {
    Context {
        actor: Actor::default(),
        now: at(0),
    }
}

struct InMemory(MemoryStore);

impl InMemory {
    fn new() -> Self {
        let it = Self(MemoryStore::new(Arc::new(peppers(1)), "store_1".to_owned()));
        let random = SeededRandom::new(5);
        let (project, account) = (
            ProjectId::generate(&random).unwrap(),
            ServiceAccountId::generate(&random).unwrap(),
        );
        it.write(move |tx| ensure_default_project(tx, &context(), project, account))
            .unwrap();
        it
    }

    fn write<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        now(self.0.write(Box::new(move |tx| {
            *filled.lock().unwrap() = Some(run(tx)?);
            Ok(())
        })))?;
        let answer = slot.lock().unwrap().take();
        Ok(answer.unwrap())
    }

    fn with(key: &Key, version: &Version) -> Self {
        let (it, key, version) = (Self::new(), key.clone(), version.clone());
        it.write(move |tx| tx.insert_key(&key, &version)).unwrap();
        it
    }

    fn get(&self, id: KeyId) -> KeyWithVersions {
        self.write(move |tx| tx.key_with_versions(id))
            .unwrap()
            .unwrap()
    }

    fn events(&self) -> usize {
        let all = EventQuery {
            limit: u32::MAX,
            ..EventQuery::default()
        };
        self.write(move |tx| tx.events(&all)).unwrap().len()
    }
}

fn foreign() -> Version {
    Version {
        lookup: Some(b"pold_".to_vec()),
        material: Material::Foreign {
            stored: "hash".to_owned(),
        },
        ..version(key().id, 1)
    }
}

fn upgrade(store: &InMemory, seen: &Version) {
    let (seen, digest) = (seen.clone(), kept(7).material);
    let upgraded = KeptSecret {
        locator: seen.locator,
        lookup: Some(b"uown".to_vec()),
        material: digest,
        redacted_value: seen.redacted_value.clone(),
    };
    let scheme = ForeignScheme {
        name: "own".to_owned(),
        sealed_key: None,
    };
    store
        .write(move |tx| upgrade_foreign(tx, &seen, &upgraded, &scheme))
        .unwrap();
}

#[test]
fn an_imported_hash_is_replaced_by_our_digest() {
    let store = InMemory::with(&key(), &foreign());
    let before = store.events();
    upgrade(&store, &foreign());
    let after = store.get(key().id).versions.remove(0);
    assert_eq!(
        (after.material, after.lookup),
        (kept(7).material, Some(b"uown".to_vec()))
    );
    assert_eq!(
        (after.id, after.number, after.row_version),
        (foreign().id, 1, 2)
    );
    assert_eq!(
        store.events(),
        before,
        "the secret is the same: nothing happened to the key"
    );
}

#[test]
fn an_upgrade_gives_way_to_what_happened_since() {
    let store = InMemory::with(&key(), &foreign());
    let end = VersionPatch {
        end: Some(Some(End::At(at(60)))),
        ..VersionPatch::default()
    };
    store
        .write(move |tx| tx.patch_version(&foreign(), &end))
        .unwrap();
    upgrade(&store, &foreign());
    let after = store.get(key().id).versions.remove(0);
    assert_eq!(
        (&after.material, after.end),
        (&foreign().material, Some(End::At(at(60))))
    );
    // The next verify sees the row as it is now, and then it goes through, end and all.
    upgrade(&store, &after);
    let upgraded = store.get(key().id).versions.remove(0);
    assert_eq!(
        (upgraded.material, upgraded.end),
        (kept(7).material, Some(End::At(at(60))))
    );
}

#[test]
fn an_upgrade_happens_once() {
    let store = InMemory::with(&key(), &foreign());
    upgrade(&store, &foreign());
    upgrade(&store, &foreign());
    upgrade(&store, &store.get(key().id).versions[0]);
    assert_eq!(store.get(key().id).versions[0].row_version, 2);
}

#[test]
fn a_first_use_is_noted_once_and_only_for_the_secret_that_was_seen() {
    let undelivered = Version {
        unconfirmed: true,
        ..version(key().id, 1)
    };
    let store = InMemory::with(&key(), &undelivered);
    let confirm = |seen: &Version| {
        let seen = seen.clone();
        store.write(move |tx| confirm_first_use(tx, &seen)).unwrap()
    };
    let replaced = Version {
        material: kept(9).material,
        ..undelivered.clone()
    };
    assert!(!confirm(&replaced), "another secret");
    let elsewhere = Version {
        locator: Locator::generate(&SeededRandom::new(77)).unwrap(),
        ..undelivered.clone()
    };
    assert!(!confirm(&elsewhere), "no such secret any more");
    assert!(store.get(key().id).versions[0].unconfirmed);
    assert!(confirm(&undelivered));
    assert!(
        confirm(&undelivered),
        "two first uses at once are both first uses"
    );
    let after = store.get(key().id).versions.remove(0);
    assert!(!after.unconfirmed && after.row_version == 2);
}

#[test]
fn a_use_is_judged_as_the_key_and_the_time_are_when_it_is_written() {
    let open = Key {
        networks: Networks::default(),
        scopes: Scopes::All,
        expires_at: Some(at(10)),
        ..key()
    };
    let seen = Version {
        unconfirmed: true,
        ..version(key().id, 1)
    };
    let store = InMemory::with(&open, &seen);
    let used = |seen: &Version, seconds: i64| {
        let (seen, required) = (seen.clone(), Requirements::default());
        let now_ms = at(seconds).unix() * 1000;
        let used = store.write(move |tx| record_use(tx, &seen, &required, now_ms));
        used.unwrap().map(|it| (it.code, it.charge.limits.len()))
    };
    assert_eq!(used(&seen, 10), Some((VerifyCode::Expired, 0)));
    assert!(store.get(key().id).versions[0].unconfirmed);
    let replaced = Version {
        material: kept(9).material,
        ..seen.clone()
    };
    assert_eq!(
        used(&replaced, 9),
        None,
        "the secret that was seen is no more"
    );
    assert_eq!(used(&seen, 9), Some((VerifyCode::Valid, open.limits.len())));
    assert!(!store.get(key().id).versions[0].unconfirmed);
    let revoke = Command::Revoke(RevocationReason::KeyCompromise);
    store
        .write(move |tx| change_key(tx, &context(), key().id, false, &revoke)?)
        .unwrap();
    assert_eq!(used(&seen, 9), Some((VerifyCode::Compromised, 0)));
}

#[test]
fn a_key_that_is_gone_can_not_be_charged() {
    let store = InMemory::new();
    let charged = store.write(|tx| charge_key(tx, key().id, &Cost::default(), 0));
    assert!(charged.unwrap().is_none());
}

#[test]
fn a_change_that_was_decided_on_an_older_row_does_not_go_through() {
    let it = issued();
    let store = InMemory::with(&it.key, &it.versions[0]);
    let patch = KeyPatch {
        expires_at: Some(None),
        ..KeyPatch::default()
    };
    let again = patch.clone();
    store.write(move |tx| tx.patch_key(&key(), &patch)).unwrap();
    let error = store
        .write(move |tx| tx.patch_key(&key(), &again))
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Internal);
    assert_eq!(store.get(key().id).key.row_version, 2);
}

#[test]
fn what_fails_half_way_leaves_nothing_behind() {
    let it = issued();
    let store = InMemory::with(&it.key, &it.versions[0]);
    let (before, events) = (store.get(key().id), store.events());
    let outcome: Result<()> = store.write(|tx| {
        change_key(tx, &context(), key().id, false, &Command::Disable)??;
        let rotate = Command::Rotate {
            version: version(key().id, 2).id,
            secret: kept(3),
            overlap: std::time::Duration::ZERO,
        };
        change_key(tx, &context(), key().id, false, &Command::Enable)??;
        change_key(tx, &context(), key().id, false, &rotate)??;
        assert!(charge_key(tx, key().id, &Cost::default(), 0)?.is_some());
        change_key(
            tx,
            &context(),
            key().id,
            false,
            &Command::Revoke(RevocationReason::Superseded),
        )??;
        Err(Error::new(ErrorCode::Unavailable, "the disk is full"))
    });
    assert_eq!(outcome.unwrap_err().code, ErrorCode::Unavailable);
    assert_eq!(store.get(key().id), before);
    assert_eq!(store.events(), events);
    let left = store
        .write(|tx| tx.counter(key().id, &key().limits[0].name))
        .unwrap();
    assert_eq!(left, None);
}

#[test]
fn all_keys_of_an_owner_are_revoked_however_many_there_are() {
    const COUNT: u32 = 2_345;
    let store = InMemory::new();
    let random = SeededRandom::new(11);
    for _ in 0..COUNT {
        let id = KeyId::generate(&random).unwrap();
        let one = Key { id, ..key() };
        let mut its = version(id, 1);
        its.id = keywright_core::ids::VersionId::generate(&random).unwrap();
        its.locator = Locator::generate(&random).unwrap();
        store.write(move |tx| tx.insert_key(&one, &its)).unwrap();
    }
    let owner = || Owner::External("cust_42".to_owned());
    let revoke =
        move |tx: &mut dyn Tx| revoke_all(tx, &context(), &owner(), RevocationReason::Unspecified);
    assert_eq!(store.write(revoke).unwrap(), Ok(u64::from(COUNT)));
    assert_eq!(store.events(), 1 + COUNT as usize);
}
