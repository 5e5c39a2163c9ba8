//! A store with a bit of everything in it, and all that can be asked about it.

use crate::place::Place;
use keywright_core::accounts::AccountId;
use keywright_core::ids::{KeyId, ServiceAccountId, UserId};
use keywright_core::limits::credits;
use keywright_core::networks::Networks;
use keywright_core::operations::{self, CreateKey, IdempotencyKey};
use keywright_core::owner::Owner;
use keywright_core::scopes::Scopes;
use keywright_core::store::{ForeignScheme, KeyQuery, Rows};
use keywright_core::time::Timestamp;
use keywright_core::{Error, ErrorCode, Result};
use keywright_testkit::{Issued, START, TestStore, wanted};
use rusqlite::Connection;

/// A store with a bit of everything in it.
pub(crate) struct Scene {
    pub(crate) place: Place,
    pub(crate) store: TestStore,
    pub(crate) key: Issued,
    user: AccountId,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let place = Place::new();
        let store = place.open(1);
        let full = |name: &str, mark: u8| CreateKey {
            owner: Some(Owner::External(format!("cust_{mark}"))),
            scopes: Scopes::parse(Some(&["read"])).unwrap(),
            networks: Networks::parse(Some(&["10.0.0.0/8"])).unwrap(),
            limits: vec![credits(u64::from(mark)).unwrap()],
            expires_at: Timestamp::from_unix(START + 1000 + i64::from(mark)),
            idempotency: Some(IdempotencyKey {
                key_hash: [mark; 32],
                fingerprint: [mark; 32],
            }),
            ..wanted(name)
        };
        let key = store.issue(&full("victim", 1));
        let _ = store.issue(&CreateKey {
            scopes: Scopes::All,
            networks: Networks::default(),
            ..full("decoy", 2)
        });
        let user = AccountId::User(UserId::generate(store.random.as_ref()).unwrap());
        let robot =
            AccountId::ServiceAccount(ServiceAccountId::generate(store.random.as_ref()).unwrap());
        for (id, name) in [(user, "anna"), (robot, "robot")] {
            let (context, name) = (
                store.context(),
                keywright_core::names::Name::parse(name).unwrap(),
            );
            store
                .write(move |tx| operations::create_account(tx, &context, id, &name, None))
                .unwrap()
                .unwrap();
        }
        for name in ["sha256", "hmac-sha256:00"] {
            let scheme = ForeignScheme {
                name: name.to_owned(),
                sealed_key: name.starts_with('h').then(|| vec![1, 2, 3]),
            };
            store
                .write(move |tx| tx.put_foreign_scheme(&scheme))
                .unwrap();
        }
        Self {
            place,
            store,
            key,
            user,
        }
    }

    pub(crate) fn raw(&self) -> Connection {
        let connection = Connection::open(self.place.path()).unwrap();
        connection
            .busy_timeout(std::time::Duration::from_secs(10))
            .unwrap();
        // Nobody cuts the power to this test.
        connection
            .execute_batch("PRAGMA synchronous = OFF")
            .unwrap();
        connection
    }

    /// Everything that can be asked about this scene.
    pub(crate) fn ask_all(&self) -> Vec<Result<()>> {
        let (id, user) = (self.key.id(), self.user);
        let now = self.store.now();
        let read = |ask: fn(&mut dyn Rows, KeyId, AccountId, Timestamp) -> Result<()>| {
            self.store.read(move |rows| ask(rows, id, user, now))
        };
        // Each record is asked for by the hash that it claims; one that is no hash never is.
        let raw = self.raw();
        let mut hashes = raw.prepare("SELECT key_hash FROM idempotency").unwrap();
        let hashes = hashes
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .unwrap();
        let records = hashes.map(|hash| match <[u8; 32]>::try_from(hash.unwrap()) {
            Ok(hash) => self
                .store
                .read(move |rows| rows.idempotency(&hash))
                .map(drop),
            Err(_) => Err(Error::new(ErrorCode::Tampered, "never found")),
        });
        let mut answers: Vec<Result<()>> = records.collect();
        answers.extend([
            self.store.find(&self.key.secret).map(drop),
            read(|rows, id, _, _| rows.key(id).map(drop)),
            read(|rows, id, _, _| rows.versions(id).map(drop)),
            read(|rows, _, _, now| {
                let query = KeyQuery {
                    include_revoked: true,
                    limit: 10,
                    ..KeyQuery::default()
                };
                rows.keys(&query, now).map(drop)
            }),
            read(|rows, _, _, now| {
                let query = KeyQuery {
                    include_revoked: true,
                    admin: true,
                    limit: 10,
                    ..KeyQuery::default()
                };
                rows.keys(&query, now).map(drop)
            }),
            read(|rows, _, _, _| rows.projects(true).map(drop)),
            read(|rows, _, user, _| rows.account(user).map(drop)),
            read(|rows, _, user, _| rows.accounts(user.kind(), None).map(drop)),
            read(|rows, _, _, _| rows.foreign_schemes().map(drop)),
            read(|rows, _, _, _| check_trail(rows)),
        ]);
        answers
    }

    pub(crate) fn is_noticed(&self) -> bool {
        let tampered = |answer: &Result<()>| {
            answer
                .as_ref()
                .is_err_and(|error| error.code == ErrorCode::Tampered)
        };
        self.ask_all().iter().any(tampered)
    }
}

/// As whoever verifies the audit trail does it.
fn check_trail(rows: &mut dyn Rows) -> Result<()> {
    let broken = || Error::new(ErrorCode::Tampered, "the trail is broken");
    let (peppers, _, _) = TestStore::parts(1);
    let id = rows.store_id().to_owned();
    let query = keywright_core::store::EventQuery {
        limit: 1000,
        ..Default::default()
    };
    let events = rows.events(&query)?;
    let mut previous = None;
    for event in &events {
        if !event.follows(&peppers, &id, previous) {
            return Err(broken());
        }
        previous = Some((event.seq, &event.mac));
    }
    let last = rows.last_event()?;
    if last.as_ref().map(|(seq, mac)| (*seq, mac)) == previous {
        Ok(())
    } else {
        Err(broken())
    }
}
