//! Seals: every column that decides something changes the seal of its row; names, metadata and last
//! use don't; and a row is worth nothing in another store or under another pepper.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

mod support;

use keywright_core::accounts::{Account, AccountId, Project};
use keywright_core::ids::{KeyId, ProjectId, ServiceAccountId, UserId, VersionId};
use keywright_core::keys::{End, Key, Material, RevocationReason, State, StoredDigest, Version};
use keywright_core::limits::{Limit, Replenish, credits, rate};
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::owner::Owner;
use keywright_core::pepper::{Digest, PepperChain, PepperRing, Tag};
use keywright_core::random::SeededRandom;
use keywright_core::scopes::Scopes;
use keywright_core::seal::Sealed;
use keywright_core::secret::{Brand, Class, Locator};
use keywright_core::store::{ForeignScheme, IdempotencyRecord};
use std::time::Duration;
use support::{at, key, peppers, project, user, version};

const STORE: &str = "store_1";

/// A random source that no sample was made from.
fn other() -> SeededRandom {
    SeededRandom::new(99)
}

/// A row whose seal is looked at under one change after the other.
struct Case<T> {
    row: T,
    peppers: PepperRing,
    seals: Vec<Tag>,
}

impl<T: Sealed + Clone> Case<T> {
    fn of(row: T) -> Self {
        let peppers = peppers(1);
        let seal = row.seal(&peppers, STORE);
        assert!(row.has_seal(&peppers, STORE, &seal));
        Self {
            row,
            peppers,
            seals: vec![seal],
        }
    }

    fn changed(&self, change: impl FnOnce(&mut T)) -> T {
        let mut row = self.row.clone();
        change(&mut row);
        row
    }

    /// That a change breaks the seal.
    fn sealed(&mut self, what: &str, change: impl FnOnce(&mut T)) {
        let row = self.changed(change);
        assert!(
            !row.has_seal(&self.peppers, STORE, &self.seals[0]),
            "{what} is not covered"
        );
        self.seals.push(row.seal(&self.peppers, STORE));
    }

    /// That a change leaves the seal whole.
    fn unsealed(&self, what: &str, change: impl FnOnce(&mut T)) {
        let row = self.changed(change);
        assert!(
            row.has_seal(&self.peppers, STORE, &self.seals[0]),
            "{what} is covered"
        );
    }

    /// That no two of the rows had the same seal.
    fn done(mut self) {
        let count = self.seals.len();
        self.seals.sort_unstable_by_key(|seal| seal.mac);
        self.seals.dedup();
        assert_eq!(
            self.seals.len(),
            count,
            "two different rows have the same seal"
        );
    }
}

fn only(scopes: &[&str]) -> Scopes {
    Scopes::parse(Some(scopes)).unwrap()
}

#[test]
fn a_keys_seal_covers_all_that_decides() {
    // A new field stops this here: say on which side it is.
    let Key {
        id: _,
        row_version: _,
        project: _,
        owner: _,
        class: _,
        brand: _,
        name: _,
        metadata: _,
        scopes: _,
        networks: _,
        limits: _,
        state: _,
        created_at: _,
        expires_at: _,
    } = key();
    let mut case = Case::of(key());
    let revoked = |seconds, reason| State::Revoked {
        at: at(seconds),
        reason,
    };
    case.sealed("id", |it| it.id = KeyId::generate(&other()).unwrap());
    case.sealed("row_version", |it| it.row_version += 1);
    case.sealed("project", |it| {
        it.project = ProjectId::generate(&other()).unwrap();
    });
    case.sealed("owner", |it| {
        it.owner = Owner::External("cust_4".to_owned());
    });
    case.sealed("owner of another kind", |it| {
        it.owner = Owner::User(UserId::generate(&other()).unwrap());
    });
    case.sealed("owner that looks like one", |it| {
        it.owner = Owner::External(UserId::generate(&other()).unwrap().to_string());
    });
    case.sealed("class", |it| it.class = Class::Test);
    case.sealed("class admin", |it| it.class = Class::Admin);
    case.sealed("brand", |it| it.brand = Brand::parse("acme").unwrap());
    case.sealed("scopes taken away", |it| it.scopes = only(&["read"]));
    case.sealed("scopes joined", |it| it.scopes = only(&["readwrite"]));
    case.sealed("no scopes", |it| it.scopes = only(&[]));
    case.sealed("all scopes", |it| it.scopes = Scopes::All);
    case.sealed("networks widened", |it| {
        it.networks = Networks::parse(Some(&["192.0.2.0/23"])).unwrap();
    });
    case.sealed("networks gone", |it| it.networks = Networks::default());
    case.sealed("limit raised", |it| it.limits[0] = rate(101, 60).unwrap());
    case.sealed("limit's window", |it| it.limits[0] = rate(100, 59).unwrap());
    case.sealed("limit renamed", |it| {
        it.limits[0].name = "other".parse().unwrap();
    });
    case.sealed("limit refilled", |it| {
        let replenish = Replenish::Refill {
            amount: 1,
            every_seconds: 1,
        };
        it.limits[1] = Limit {
            replenish,
            ..it.limits[1].clone()
        };
    });
    case.sealed("limits swapped", |it| it.limits.swap(0, 1));
    case.sealed("limit gone", |it| drop(it.limits.pop()));
    case.sealed("limit added", |it| it.limits.push(credits(1).unwrap()));
    case.sealed("limits gone", |it| it.limits.clear());
    case.sealed("disabled", |it| it.state = State::Disabled);
    case.sealed("revoked", move |it| {
        it.state = revoked(1, RevocationReason::Superseded);
    });
    case.sealed("revoked for another reason", move |it| {
        it.state = revoked(1, RevocationReason::KeyCompromise);
    });
    case.sealed("revoked at another time", move |it| {
        it.state = revoked(2, RevocationReason::Superseded);
    });
    case.sealed("created_at", |it| it.created_at = at(1));
    case.sealed("expires_at", |it| it.expires_at = Some(at(1_000_001)));
    case.sealed("expires_at gone", |it| it.expires_at = None);
    case.unsealed("name", |it| it.name = Name::parse("another").unwrap());
    case.unsealed("metadata", |it| it.metadata = Metadata::default());
    case.done();
}

#[test]
fn a_versions_seal_covers_all_but_its_last_use() {
    let row = version(key().id, 1);
    let Version {
        id: _,
        key: _,
        number: _,
        row_version: _,
        locator: _,
        lookup: _,
        material: _,
        redacted_value: _,
        created_at: _,
        end: _,
        unconfirmed: _,
        last_used_at: _,
    } = row;
    let mut case = Case::of(row.clone());
    let digest = |byte, chain: PepperChain| Material::Digest {
        digest: StoredDigest(Digest::from_bytes([byte; 32])),
        chain,
    };
    let Material::Digest {
        digest: kept,
        chain,
    } = row.material.clone()
    else {
        unreachable!("the sample has a digest");
    };
    case.sealed("id", |it| it.id = VersionId::generate(&other()).unwrap());
    case.sealed("key", |it| it.key = KeyId::generate(&other()).unwrap());
    case.sealed("number", |it| it.number = 2);
    case.sealed("row_version", |it| it.row_version = 2);
    case.sealed("locator", |it| {
        it.locator = Locator::generate(&other()).unwrap();
    });
    case.sealed("lookup", |it| it.lookup = Some(vec![1]));
    case.sealed("empty lookup", |it| it.lookup = Some(Vec::new()));
    case.sealed("digest", move |it| {
        it.material = digest(7, PepperChain::of(1));
    });
    case.sealed("peppers", move |it| {
        it.material = digest(7, PepperChain::of(2));
    });
    case.sealed("rewrapped", move |it| {
        it.material = Material::Digest {
            digest: kept,
            chain: chain.wrapped(2),
        };
    });
    case.sealed("foreign hash", |it| {
        it.material = Material::Foreign {
            stored: "x".to_owned(),
        }
    });
    case.sealed("redacted_value", |it| it.redacted_value.push('x'));
    case.sealed("created_at", |it| it.created_at = at(1));
    case.sealed("end", |it| it.end = Some(End::At(at(1))));
    case.sealed("end later", |it| it.end = Some(End::At(at(2))));
    case.sealed("end for good", |it| it.end = Some(End::Decided(at(1))));
    case.sealed("unconfirmed", |it| it.unconfirmed = true);
    case.unsealed("last_used_at", |it| it.last_used_at = Some(at(1)));
    case.done();
}

#[test]
fn a_projects_seal_covers_all_but_its_name() {
    let Project {
        id: _,
        row_version: _,
        name: _,
        default_account: _,
        default_lifetime: _,
        max_lifetime: _,
        created_at: _,
        archived_at: _,
    } = project();
    let mut case = Case::of(project());
    case.sealed("id", |it| it.id = ProjectId::generate(&other()).unwrap());
    case.sealed("row_version", |it| it.row_version = 2);
    case.sealed("default_account", |it| {
        it.default_account = ServiceAccountId::generate(&other()).unwrap();
    });
    case.sealed("default_lifetime", |it| {
        it.default_lifetime = Some(Duration::from_secs(61));
    });
    case.sealed("default_lifetime gone", |it| it.default_lifetime = None);
    case.sealed("max_lifetime", |it| {
        it.max_lifetime = Some(Duration::from_secs(601));
    });
    case.sealed("max_lifetime gone", |it| it.max_lifetime = None);
    case.sealed("lifetimes swapped", |it| {
        std::mem::swap(&mut it.default_lifetime, &mut it.max_lifetime);
    });
    case.sealed("created_at", |it| it.created_at = at(1));
    case.sealed("archived_at", |it| it.archived_at = Some(at(0)));
    case.unsealed("name", |it| it.name = Name::parse("another").unwrap());
    case.done();
}

#[test]
fn an_accounts_seal_covers_all_but_its_name() {
    let Account {
        id: _,
        row_version: _,
        name: _,
        project: _,
        created_at: _,
        deleted_at: _,
    } = user();
    let mut case = Case::of(user());
    case.sealed("id", |it| {
        it.id = AccountId::User(UserId::generate(&other()).unwrap());
    });
    case.sealed("kind", |it| {
        it.id = AccountId::ServiceAccount(ServiceAccountId::generate(&other()).unwrap());
    });
    case.sealed("row_version", |it| it.row_version = 2);
    case.sealed("project", |it| it.project = Some(project().id));
    case.sealed("created_at", |it| it.created_at = at(1));
    case.sealed("deleted_at", |it| it.deleted_at = Some(at(0)));
    case.unsealed("name", |it| it.name = Name::parse("another").unwrap());
    case.done();
}

#[test]
fn records_of_idempotency_and_of_imports_are_covered_whole() {
    let record = IdempotencyRecord {
        key_hash: [1; 32],
        fingerprint: [2; 32],
        key: key().id,
        created_at: at(0),
    };
    let mut case = Case::of(record);
    case.sealed("key_hash", |it| it.key_hash[0] = 0);
    case.sealed("fingerprint", |it| it.fingerprint[31] = 0);
    case.sealed("both swapped", |it| {
        std::mem::swap(&mut it.key_hash, &mut it.fingerprint);
    });
    case.sealed("key", |it| it.key = KeyId::generate(&other()).unwrap());
    case.sealed("created_at", |it| it.created_at = at(1));
    case.done();
    let scheme = ForeignScheme {
        name: "sha256".to_owned(),
        sealed_key: None,
    };
    let mut case = Case::of(scheme);
    case.sealed("name", |it| it.name = "sha512".to_owned());
    case.sealed("empty key", |it| it.sealed_key = Some(Vec::new()));
    case.sealed("key", |it| it.sealed_key = Some(vec![1]));
    case.done();
}

#[test]
fn a_row_of_another_store_or_pepper_is_worth_nothing() {
    let (row, ring) = (key(), peppers(1));
    let seal = row.seal(&ring, STORE);
    assert!(!row.has_seal(&ring, "store_2", &seal));
    assert!(!row.has_seal(&peppers(2), STORE, &seal));
}

#[test]
fn a_seal_holds_after_a_pepper_was_added_and_new_ones_are_made_by_it() {
    let text = |seed, number: &str| peppers(seed).to_text().replacen("1:", number, 1);
    let old = PepperRing::parse(&text(1, "1:")).unwrap();
    let both = PepperRing::parse(&(text(1, "1:") + &text(2, "2:"))).unwrap();
    let (row, seal) = (key(), key().seal(&old, STORE));
    assert!(row.has_seal(&both, STORE, &seal));
    assert_eq!((seal.pepper, row.seal(&both, STORE).pepper), (1, 2));
    assert!(!row.has_seal(&old, STORE, &row.seal(&both, STORE)));
}

#[test]
fn a_row_of_one_kind_has_no_seal_of_another() {
    let ring = peppers(1);
    let (key, version) = (key(), version(key().id, 1));
    assert!(!version.has_seal(&ring, STORE, &key.seal(&ring, STORE)));
}
