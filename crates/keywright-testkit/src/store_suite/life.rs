//! The life of keys through the core's operations, as a store carries it.

use super::lists::{project, user};
use super::trail;
use crate::{TestStore, wanted};
use futures_executor::block_on;
use keywright_core::audit::EventType;
use keywright_core::ids::{KeyId, VersionId};
use keywright_core::keys::{KeptSecret, KeyStatus, KeyWithVersions, Material, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::operations::{
    self, CreateKey, CreateOutcome, IDEMPOTENCY_LIFETIME, IdempotencyKey, NewSecret,
};
use keywright_core::owner::Owner;
use keywright_core::secret::Class;
use keywright_core::store::{ForeignScheme, Lookup};
use keywright_core::time::Timestamp;
use keywright_core::{ErrorCode, Result, Secret, VerifyCode};
use std::time::Duration;

fn verdict(store: &TestStore, secret: &Secret) -> VerifyCode {
    store.verify(secret).unwrap()
}

fn revoke(reason: RevocationReason) -> Command {
    Command::Revoke(reason)
}

fn rotate(store: &TestStore, id: KeyId, overlap: u64) -> Result<(KeyWithVersions, Secret)> {
    let (secret, kept) = store.secret(Class::Live);
    let command = Command::Rotate {
        version: VersionId::generate(store.random.as_ref()).unwrap(),
        secret: kept,
        overlap: Duration::from_secs(overlap),
    };
    Ok((store.change(id, command)?, secret))
}

pub fn a_key_is_disabled_enabled_and_revoked(store: &TestStore) {
    let key = store.issue(&wanted("key"));
    assert_eq!(verdict(store, &key.secret), VerifyCode::Valid);
    for (command, code) in [
        (Command::Disable, VerifyCode::Disabled),
        (Command::Disable, VerifyCode::Disabled),
        (Command::Enable, VerifyCode::Valid),
        (Command::Disable, VerifyCode::Disabled),
        (revoke(RevocationReason::Unspecified), VerifyCode::Revoked),
        (revoke(RevocationReason::KeyCompromise), VerifyCode::Revoked),
    ] {
        store.change(key.id(), command).unwrap();
        assert_eq!(verdict(store, &key.secret), code);
    }
    let refused = store.change(key.id(), Command::Enable).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidState);
    assert_eq!(verdict(store, &key.secret), VerifyCode::Revoked);
    trail::check(store);
}

pub fn a_compromised_key_says_so_for_good(store: &TestStore) {
    let key = store.issue(&wanted("key"));
    store
        .change(key.id(), revoke(RevocationReason::KeyCompromise))
        .unwrap();
    store
        .change(key.id(), revoke(RevocationReason::Unspecified))
        .unwrap();
    assert_eq!(verdict(store, &key.secret), VerifyCode::Compromised);
}

pub fn an_expired_key_is_dead_at_the_exact_second(store: &TestStore) {
    let key = store.issue(&CreateKey {
        expires_at: Timestamp::from_unix(crate::START + 10),
        ..wanted("key")
    });
    store.clock.advance(Duration::from_millis(9_999));
    assert_eq!(verdict(store, &key.secret), VerifyCode::Valid);
    store.clock.advance(Duration::from_millis(1));
    assert_eq!(verdict(store, &key.secret), VerifyCode::Expired);
    assert!(store.change(key.id(), Command::Disable).is_err());
    let done = store
        .change(key.id(), revoke(RevocationReason::Unspecified))
        .unwrap();
    assert_eq!(done.key.status(store.now()), KeyStatus::Revoked);
}

pub fn a_rotation_overlaps_ends_and_is_cancelled(store: &TestStore) {
    let key = store.issue(&wanted("key"));
    let (it, second) = rotate(store, key.id(), 60).unwrap();
    assert_eq!(it.versions.len(), 2);
    let both = |a: VerifyCode, b: VerifyCode, second: &Secret| {
        assert_eq!(
            (verdict(store, &key.secret), verdict(store, second)),
            (a, b)
        );
    };
    both(VerifyCode::Valid, VerifyCode::Valid, &second);
    let third = rotate(store, key.id(), 60).unwrap_err();
    assert_eq!(third.code, ErrorCode::RotationInProgress);
    store.change(key.id(), Command::CancelRotation).unwrap();
    both(VerifyCode::Valid, VerifyCode::Revoked, &second);
    let (_, third) = rotate(store, key.id(), 60).unwrap();
    store.change(key.id(), Command::FinishRotation).unwrap();
    both(VerifyCode::Revoked, VerifyCode::Valid, &third);
    let (_, fourth) = rotate(store, key.id(), 60).unwrap();
    store.clock.advance(Duration::from_secs(60));
    assert_eq!(verdict(store, &third), VerifyCode::Revoked);
    assert_eq!(verdict(store, &fourth), VerifyCode::Valid);
    let id = key.id();
    let numbers: Vec<u32> = store
        .read(move |rows| rows.versions(id))
        .unwrap()
        .iter()
        .map(|version| version.number)
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

fn idempotent(key: u8, fingerprint: u8) -> CreateKey {
    CreateKey {
        idempotency: Some(IdempotencyKey {
            key_hash: [key; 32],
            fingerprint: [fingerprint; 32],
        }),
        ..wanted("once")
    }
}

pub fn an_undelivered_secret_is_replaced_by_a_retry(store: &TestStore) {
    let (CreateOutcome::Issued(it), first) = store.create(&idempotent(1, 1)).unwrap() else {
        panic!("the first request issues");
    };
    let (CreateOutcome::Reissued(again), second) = store.create(&idempotent(1, 1)).unwrap() else {
        panic!("a retry gets the same key");
    };
    assert_eq!(it.key.id, again.key.id);
    assert_eq!(verdict(store, &first), VerifyCode::NotFound);
    assert_eq!(verdict(store, &second), VerifyCode::Valid);
    store.clock.advance(IDEMPOTENCY_LIFETIME);
    let (outcome, _) = store.create(&idempotent(1, 1)).unwrap();
    assert!(matches!(outcome, CreateOutcome::Issued(new) if new.key.id != it.key.id));
}

pub fn a_first_use_ends_the_retries(store: &TestStore) {
    let issued = store.issue(&idempotent(1, 1));
    let version = issued.it.versions[0].clone();
    assert!(version.unconfirmed);
    let confirm = move |version: keywright_core::keys::Version| {
        store
            .write(move |tx| operations::confirm_first_use(tx, &version))
            .unwrap()
    };
    assert!(confirm(version.clone()));
    assert!(confirm(version.clone()));
    let refused = store.create(&idempotent(1, 1)).err().unwrap();
    assert_eq!(refused.code, ErrorCode::AlreadyIssued);
    assert_eq!(refused.key_id, Some(issued.id().to_string()));
    assert_eq!(verdict(store, &issued.secret), VerifyCode::Valid);
    // A secret that was replaced meanwhile can't be confirmed.
    let undelivered = store.issue(&idempotent(2, 1)).it.versions.remove(0);
    let _ = store.issue(&idempotent(2, 1));
    assert!(!confirm(undelivered));
}

pub fn an_idempotency_key_with_other_parameters_is_a_conflict(store: &TestStore) {
    let issued = store.issue(&idempotent(1, 1));
    let refused = store.create(&idempotent(1, 2)).err().unwrap();
    assert_eq!(refused.code, ErrorCode::IdempotencyConflict);
    assert_eq!(verdict(store, &issued.secret), VerifyCode::Valid);
}

pub fn all_keys_of_an_owner_are_revoked(store: &TestStore) {
    let issue_to = |owner: &str| {
        store.issue(&CreateKey {
            owner: Some(Owner::External(owner.to_owned())),
            ..wanted("key")
        })
    };
    let (a, b, other) = (
        issue_to("cust_42"),
        issue_to("cust_42"),
        issue_to("cust_43"),
    );
    store.change(b.id(), Command::Disable).unwrap();
    let context = store.context();
    let all = move |context: operations::Context| {
        let owner = Owner::External("cust_42".to_owned());
        let reason = RevocationReason::KeyCompromise;
        store
            .write(move |tx| operations::revoke_all(tx, &context, &owner, reason))
            .unwrap()
    };
    assert_eq!(all(context.clone()), Ok(2));
    assert_eq!(all(context), Ok(0));
    assert_eq!(verdict(store, &a.secret), VerifyCode::Compromised);
    assert_eq!(verdict(store, &b.secret), VerifyCode::Compromised);
    assert_eq!(verdict(store, &other.secret), VerifyCode::Valid);
}

pub fn an_archived_project_takes_its_keys_along(store: &TestStore) {
    let other = project(store, "other");
    let within = CreateKey {
        project: Some("other".to_owned()),
        expires_at: Timestamp::from_unix(crate::START + 60),
        ..wanted("key")
    };
    let key = store.issue(&within);
    let bystander = store.issue(&wanted("bystander"));
    let (context, name) = (store.context(), "other");
    store
        .write(move |tx| operations::archive_project(tx, &context, name))
        .unwrap()
        .unwrap();
    assert_eq!(verdict(store, &key.secret), VerifyCode::Revoked);
    assert_eq!(verdict(store, &bystander.secret), VerifyCode::Valid);
    let by_id = CreateKey {
        project: Some(other.id.to_string()),
        ..within
    };
    assert_eq!(
        store.create(&by_id).err().unwrap().code,
        ErrorCode::InvalidState
    );
}

pub fn a_deleted_account_takes_its_keys_along(store: &TestStore) {
    let anna = user(store, "anna").id;
    let hers = CreateKey {
        owner: Some(anna.as_owner()),
        ..wanted("key")
    };
    let key = store.issue(&hers);
    let context = store.context();
    let count = store
        .write(move |tx| operations::delete_account(tx, &context, anna))
        .unwrap();
    assert_eq!(count, Ok(1));
    assert_eq!(verdict(store, &key.secret), VerifyCode::Revoked);
    assert_eq!(store.create(&hers).err().unwrap().code, ErrorCode::NotFound);
}

pub fn an_admin_key_is_no_data_key(store: &TestStore) {
    let admin = store.issue(&CreateKey {
        class: Class::Admin,
        ..wanted("admin")
    });
    let refused = store.change(admin.id(), Command::Disable).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound);
    assert_eq!(verdict(store, &admin.secret), VerifyCode::Valid);
}

pub fn an_imported_hash_becomes_a_digest_once(store: &TestStore) {
    let (_, new) = store.new_secret(Class::Live);
    let lookup = b"\x01digest of it".to_vec();
    let foreign = NewSecret {
        kept: KeptSecret {
            lookup: Some(lookup.clone()),
            material: Material::Foreign {
                stored: "sha256:00".to_owned(),
            },
            ..new.kept.clone()
        },
        ..new
    };
    let imported = CreateKey {
        event_type: EventType::KeyImported,
        ..wanted("imported")
    };
    let context = store.context();
    store
        .write(move |tx| operations::create_key(tx, &context, &imported, &foreign))
        .unwrap()
        .unwrap();
    let find = || {
        block_on(store.store.find(Lookup::Foreign(vec![lookup.clone()])))
            .unwrap()
            .unwrap()
            .version
    };
    let before = find();
    let scheme = ForeignScheme {
        name: "sha256".to_owned(),
        sealed_key: None,
    };
    let upgraded = |byte: u8| {
        let (digest, chain) = store.peppers.digest(&[byte]);
        KeptSecret {
            locator: before.locator,
            lookup: before.lookup.clone(),
            material: Material::Digest {
                digest: keywright_core::keys::StoredDigest(digest),
                chain,
            },
            redacted_value: before.redacted_value.clone(),
        }
    };
    let upgrade = |byte: u8| {
        let (version, kept, scheme) = (before.clone(), upgraded(byte), scheme.clone());
        store
            .write(move |tx| operations::upgrade_foreign(tx, &version, &kept, &scheme))
            .unwrap();
    };
    upgrade(1);
    assert_eq!(find().material, upgraded(1).material);
    // Whoever comes second, with what it had read before, changes nothing.
    upgrade(2);
    assert_eq!(find().material, upgraded(1).material);
    assert_eq!(store.store.foreign_schemes_now().len(), 1);
}
