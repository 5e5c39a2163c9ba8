//! What the tests of the core have in common: samples of each kind of row, made from a seed.
#![allow(dead_code, reason = "each test file uses its part")]

use keywright_core::accounts::{Account, AccountId, Project};
use keywright_core::ids::{KeyId, ProjectId, ServiceAccountId, UserId, VersionId};
use keywright_core::keys::{
    KeptSecret, Key, KeyWithVersions, Material, State, StoredDigest, Version,
};
use keywright_core::limits::{credits, rate};
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::owner::Owner;
use keywright_core::pepper::PepperRing;
use keywright_core::random::SeededRandom;
use keywright_core::scopes::Scopes;
use keywright_core::secret::{Brand, Class, Locator, redacted_value};
use keywright_core::time::Timestamp;
use std::time::Duration;

/// Where time begins in these tests.
pub(crate) const START: i64 = 1_800_000_000;

/// `seconds` after the start.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(START + seconds).unwrap()
}

/// A pepper from a seed.
pub(crate) fn peppers(seed: u64) -> PepperRing {
    PepperRing::generate(&SeededRandom::new(seed)).unwrap()
}

/// What is kept of a secret that is made from a seed.
pub(crate) fn kept(seed: u64) -> KeptSecret {
    let random = SeededRandom::new(seed);
    let locator = Locator::generate(&random).unwrap();
    let (digest, chain) = peppers(1).digest(&seed.to_be_bytes());
    KeptSecret {
        locator,
        lookup: None,
        material: Material::Digest {
            digest: StoredDigest(digest),
            chain,
        },
        redacted_value: redacted_value("kw", Class::Live, &locator),
    }
}

/// A version number `number` of `key`.
pub(crate) fn version(key: KeyId, number: u32) -> Version {
    let KeptSecret {
        locator,
        lookup,
        material,
        redacted_value,
    } = kept(u64::from(number) + 100);
    Version {
        id: VersionId::generate(&SeededRandom::new(u64::from(number) + 200)).unwrap(),
        key,
        number,
        row_version: 1,
        locator,
        lookup,
        material,
        redacted_value,
        created_at: at(0),
        end: None,
        unconfirmed: false,
        last_used_at: None,
    }
}

/// An active key that has a value in every column.
pub(crate) fn key() -> Key {
    let random = SeededRandom::new(1);
    Key {
        id: KeyId::generate(&random).unwrap(),
        row_version: 1,
        project: ProjectId::generate(&random).unwrap(),
        owner: Owner::External("cust_42".to_owned()),
        class: Class::Live,
        brand: Brand::default(),
        name: Name::parse("billing").unwrap(),
        metadata: Metadata::parse([("k".to_owned(), "v".to_owned())].into()).unwrap(),
        scopes: Scopes::parse(Some(&["read", "write"])).unwrap(),
        networks: Networks::parse(Some(&["192.0.2.0/24"])).unwrap(),
        limits: vec![rate(100, 60).unwrap(), credits(1_000).unwrap()],
        state: State::Active,
        created_at: at(0),
        expires_at: Some(at(1_000_000)),
    }
}

/// That key with its first version.
pub(crate) fn issued() -> KeyWithVersions {
    let key = key();
    let versions = vec![version(key.id, 1)];
    KeyWithVersions { key, versions }
}

/// A project that has a value in every column.
pub(crate) fn project() -> Project {
    let random = SeededRandom::new(2);
    Project {
        id: ProjectId::generate(&random).unwrap(),
        row_version: 1,
        name: Name::parse("default").unwrap(),
        default_account: ServiceAccountId::generate(&random).unwrap(),
        default_lifetime: Some(Duration::from_secs(60)),
        max_lifetime: Some(Duration::from_secs(600)),
        created_at: at(0),
        archived_at: None,
    }
}

/// A user.
pub(crate) fn user() -> Account {
    Account {
        id: AccountId::User(UserId::generate(&SeededRandom::new(3)).unwrap()),
        row_version: 1,
        name: Name::parse("Ada").unwrap(),
        project: None,
        created_at: at(0),
        deleted_at: None,
    }
}
