//! Keys and versions, one at a time.

use crate::{TestStore, wanted};
use futures_executor::block_on;
use keywright_core::audit::EventType;
use keywright_core::ids::{KeyId, VersionId};
use keywright_core::keys::{
    End, KeptSecret, Key, KeyPatch, Material, RevocationReason, State, Version, VersionPatch,
};
use keywright_core::limits::{credits, rate};
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::operations::CreateKey;
use keywright_core::owner::Owner;
use keywright_core::scopes::Scopes;
use keywright_core::secret::Class;
use keywright_core::store::{Lookup, Rows};
use keywright_core::time::Timestamp;
use keywright_core::{Error, ErrorCode};

fn everything() -> CreateKey {
    CreateKey {
        owner: Some(Owner::External("cust_42 \u{1f511}".to_owned())),
        class: Class::Test,
        scopes: Scopes::parse(Some(&["write", "read"])).unwrap(),
        networks: Networks::parse(Some(&["10.0.0.0/8", "2001:db8::/32"])).unwrap(),
        limits: vec![rate(100, 60).unwrap(), credits(5).unwrap()],
        metadata: Metadata::parse([("team".to_owned(), "\"billing\"\\".to_owned())].into())
            .unwrap(),
        expires_at: Timestamp::from_unix(crate::START + 1000),
        event_type: EventType::KeyImported,
        ..wanted("every column \u{e9}")
    }
}

/// A version of an imported secret, for a key of its own.
fn foreign(store: &TestStore, lookup: &[u8]) -> (Key, Version) {
    let mut it = store.issue(&wanted("pattern")).it;
    it.key.id = KeyId::generate(store.random.as_ref()).unwrap();
    let mut version = it.versions.remove(0);
    version.id = VersionId::generate(store.random.as_ref()).unwrap();
    version.key = it.key.id;
    version.locator = store.secret(Class::Live).1.locator;
    version.lookup = Some(lookup.to_vec());
    version.material = Material::Foreign {
        stored: "sha256:00".to_owned(),
    };
    (it.key, version)
}

fn import(store: &TestStore, lookup: &[u8]) -> Result<(Key, Version), Error> {
    let rows = foreign(store, lookup);
    let (key, version) = rows.clone();
    store.write(move |tx| tx.insert_key(&key, &version))?;
    Ok(rows)
}

pub fn a_key_reads_back_as_it_was_written(store: &TestStore) {
    let issued = store.issue(&everything());
    let id = issued.id();
    let read = store.read(move |rows| rows.key_with_versions(id)).unwrap();
    assert_eq!(read, Some(issued.it));
    let plain = store.issue(&wanted("plain"));
    let id = plain.id();
    let read = store.read(move |rows| rows.key_with_versions(id)).unwrap();
    assert_eq!(read, Some(plain.it));
    let unknown = KeyId::generate(store.random.as_ref()).unwrap();
    assert_eq!(store.read(move |rows| rows.key(unknown)).unwrap(), None);
    assert_eq!(
        store.read(move |rows| rows.versions(unknown)).unwrap(),
        Vec::new()
    );
}

pub fn a_secret_of_ours_is_found_by_its_locator_alone(store: &TestStore) {
    let issued = store.issue(&everything());
    let version = &issued.it.versions[0];
    let found = store.find(&issued.secret).unwrap().unwrap();
    assert_eq!((&found.key, &found.version), (&issued.it.key, version));
    // A store behind a network has nothing at hand.
    if let Some(now) = store.store.find_now(&Lookup::Locator(version.locator)) {
        assert_eq!(now.unwrap(), Some(found));
    }
    let unknown = store.secret(Class::Live).1.locator;
    assert_eq!(
        block_on(store.store.find(Lookup::Locator(unknown))).unwrap(),
        None
    );
    let (_, imported) = import(store, b"\x01abc").unwrap();
    let by_handle = Lookup::Locator(imported.locator);
    assert_eq!(block_on(store.store.find(by_handle)).unwrap(), None);
}

pub fn an_imported_secret_is_found_by_the_first_of_its_lookups(store: &TestStore) {
    let (first, _) = import(store, b"\x01first").unwrap();
    let (second, _) = import(store, b"\x02second").unwrap();
    let find = |values: &[&[u8]]| {
        let values = values.iter().map(|value| value.to_vec()).collect();
        let found = block_on(store.store.find(Lookup::Foreign(values))).unwrap();
        found.map(|found| found.key.id)
    };
    assert_eq!(find(&[b"\x01first"]), Some(first.id));
    assert_eq!(
        find(&[b"nothing", b"\x02second", b"\x01first"]),
        Some(second.id)
    );
    assert_eq!(find(&[b"\x01firs", b"\x01first\0"]), None);
    assert_eq!(find(&[]), None);
}

pub fn whether_a_lookup_begins_with_something(store: &TestStore) {
    let begins = |start: &'static [u8]| {
        store
            .read(move |rows| rows.lookup_begins_with(start))
            .unwrap()
    };
    assert!(!begins(b""));
    import(store, b"\x05sk_live_\xff\xff").unwrap();
    assert!(begins(b"") && begins(b"\x05sk_live_") && begins(b"\x05sk_live_\xff\xff"));
    assert!(!begins(b"\x05sk_live_\xff\xff\xff") && !begins(b"\x05sk_tes") && !begins(b"sk_live_"));
}

pub fn what_must_be_unique_is(store: &TestStore) {
    let issued = store.issue(&wanted("first"));
    let (key, version) = import(store, b"\x01taken").unwrap();
    let refused = |change: &dyn Fn(&mut Key, &mut Version)| {
        let (mut new_key, mut new_version) = foreign(store, b"\x01free");
        change(&mut new_key, &mut new_version);
        let id = new_key.id;
        let outcome = store.write(move |tx| tx.insert_key(&new_key, &new_version));
        assert_eq!(outcome.unwrap_err().code, ErrorCode::AlreadyExists);
        if id != key.id {
            assert_eq!(store.read(move |rows| rows.key(id)).unwrap(), None);
        }
    };
    refused(&|new, version| {
        new.id = key.id;
        version.key = key.id;
    });
    refused(&|_, new| new.locator = issued.it.versions[0].locator);
    refused(&|_, new| new.lookup.clone_from(&version.lookup));
    let found = block_on(
        store
            .store
            .find(Lookup::Foreign(vec![b"\x01taken".to_vec()])),
    )
    .unwrap();
    assert_eq!(found.unwrap().key, key);
    assert!(store.find(&issued.secret).unwrap().is_some());
}

pub fn a_change_sets_its_own_columns_and_no_others(store: &TestStore) {
    let mut key = store.issue(&everything()).it.key;
    let patches = [
        KeyPatch {
            name: Some(Name::parse("other").unwrap()),
            ..KeyPatch::default()
        },
        KeyPatch {
            metadata: Some(Metadata::default()),
            ..KeyPatch::default()
        },
        KeyPatch {
            scopes: Some(Scopes::All),
            ..KeyPatch::default()
        },
        KeyPatch {
            scopes: Some(Scopes::Only(Vec::new())),
            ..KeyPatch::default()
        },
        KeyPatch {
            networks: Some(Networks::default()),
            ..KeyPatch::default()
        },
        KeyPatch {
            limits: Some(Vec::new()),
            ..KeyPatch::default()
        },
        KeyPatch {
            limits: Some(vec![rate(1, 1).unwrap()]),
            ..KeyPatch::default()
        },
        KeyPatch {
            expires_at: Some(None),
            ..KeyPatch::default()
        },
        KeyPatch {
            state: Some(State::Disabled),
            ..KeyPatch::default()
        },
        KeyPatch {
            state: Some(State::Active),
            ..KeyPatch::default()
        },
        KeyPatch {
            state: Some(State::Revoked {
                at: store.now(),
                reason: RevocationReason::Superseded,
            }),
            name: Some(Name::parse("both").unwrap()),
            ..KeyPatch::default()
        },
    ];
    for patch in patches {
        let (before, change) = (key.clone(), patch.clone());
        let after = store
            .write(move |tx| tx.patch_key(&before, &change))
            .unwrap();
        assert_eq!(after, key.clone().patched(&patch));
        assert_eq!(after.row_version, key.row_version + 1);
        let id = key.id;
        key = store.read(move |rows| rows.key(id)).unwrap().unwrap();
        assert_eq!(key, after);
    }
}

pub fn a_change_of_a_row_that_has_changed_is_refused(store: &TestStore) {
    let it = store.issue(&wanted("key")).it;
    let rename = |name: &str| KeyPatch {
        name: Some(Name::parse(name).unwrap()),
        ..KeyPatch::default()
    };
    let (before, patch) = (it.key.clone(), rename("first"));
    store
        .write(move |tx| tx.patch_key(&before, &patch))
        .unwrap();
    let (before, patch) = (it.key.clone(), rename("second"));
    assert!(
        store
            .write(move |tx| tx.patch_key(&before, &patch))
            .is_err()
    );
    let end = VersionPatch {
        end: Some(Some(End::At(store.now()))),
        ..VersionPatch::default()
    };
    let (before, patch) = (it.versions[0].clone(), end.clone());
    store
        .write(move |tx| tx.patch_version(&before, &patch))
        .unwrap();
    let before = it.versions[0].clone();
    assert!(
        store
            .write(move |tx| tx.patch_version(&before, &end))
            .is_err()
    );
    let id = it.key.id;
    let now = store.read(move |rows| rows.key(id)).unwrap().unwrap();
    assert_eq!((now.name.as_str(), now.row_version), ("first", 2));
}

pub fn another_secret_takes_the_place_of_the_old_one(store: &TestStore) {
    let issued = store.issue(&wanted("key"));
    let (secret, kept) = store.secret(Class::Live);
    let patch = VersionPatch {
        secret: Some(kept),
        ..VersionPatch::default()
    };
    let before = issued.it.versions[0].clone();
    let (old, change) = (before.clone(), patch.clone());
    let after = store
        .write(move |tx| tx.patch_version(&old, &change))
        .unwrap();
    assert_eq!(after, before.patched(&patch));
    assert_eq!(store.find(&issued.secret).unwrap(), None);
    assert_eq!(store.find(&secret).unwrap().unwrap().version, after);

    let other = store.issue(&wanted("other")).it.versions.remove(0);
    let taken = KeptSecret {
        locator: after.locator,
        lookup: None,
        material: other.material.clone(),
        redacted_value: String::new(),
    };
    let patch = VersionPatch {
        secret: Some(taken),
        ..VersionPatch::default()
    };
    let refused = store.write(move |tx| tx.patch_version(&other, &patch));
    assert_eq!(refused.unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(store.find(&secret).unwrap().unwrap().key.id, issued.id());
}

pub fn an_operation_that_fails_leaves_nothing(store: &TestStore) {
    let issued = store.issue(&wanted("stays"));
    let (before, id) = (issued.it.clone(), issued.id());
    let (mut key, version) = foreign(store, b"\x01gone");
    key.name = Name::parse("gone").unwrap();
    let gone = key.id;
    let events = |rows: &mut dyn Rows| rows.last_event();
    let last = store.read(events).unwrap();
    let failed = store.write::<()>(move |tx| {
        tx.insert_key(&key, &version)?;
        let patch = KeyPatch {
            state: Some(State::Disabled),
            ..KeyPatch::default()
        };
        tx.patch_key(&before.key, &patch)?;
        let end = VersionPatch {
            unconfirmed: Some(true),
            ..VersionPatch::default()
        };
        tx.patch_version(&before.versions[0], &end)?;
        Err(Error::new(ErrorCode::Cancelled, "changed my mind"))
    });
    assert_eq!(failed.unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(store.read(move |rows| rows.key(gone)).unwrap(), None);
    assert_eq!(
        store.read(move |rows| rows.key_with_versions(id)).unwrap(),
        Some(issued.it)
    );
    assert_eq!(store.read(events).unwrap(), last);
    let lookup = Lookup::Foreign(vec![b"\x01gone".to_vec()]);
    assert_eq!(block_on(store.store.find(lookup)).unwrap(), None);
}

pub fn an_operation_sees_what_it_has_written(store: &TestStore) {
    let (key, version) = foreign(store, b"\x01seen");
    let seen = store.write(move |tx| {
        tx.insert_key(&key, &version)?;
        let found = tx.find(&Lookup::Foreign(vec![b"\x01seen".to_vec()]))?;
        Ok((
            found.map(|found| found.key),
            tx.versions(key.id)?,
            key.clone(),
            version.clone(),
        ))
    });
    let (found, versions, key, version) = seen.unwrap();
    assert_eq!((found, versions), (Some(key), vec![version]));
}
