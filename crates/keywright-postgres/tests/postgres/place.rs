//! A place for a store: a schema of its own in a database.

use futures_executor::block_on;
use keywright_core::pepper::PepperRing;
use keywright_core::random::SeededRandom;
use keywright_core::{Error, Result};
use keywright_postgres::{Address, PostgresOptions, PostgresStore};
use keywright_testkit::TestStore;
use keywright_testkit::postgres::PostgresServer;
use std::path::PathBuf;
use std::sync::Arc;

/// The peppers of all stores here.
const PEPPER_SEED: u64 = 7;

/// See the module.
pub(crate) struct Place {
    pub(crate) server: &'static PostgresServer,
    pub(crate) schema: String,
    /// The file in which a store that is opened here keeps its revocation log.
    pub(crate) revocations: Option<PathBuf>,
}

/// A new store.
pub(crate) fn fresh() -> TestStore {
    Place::new().open(1)
}

impl Place {
    /// On the server that all tests share.
    pub(crate) fn new() -> Self {
        Self::on(PostgresServer::shared())
    }

    pub(crate) fn on(server: &'static PostgresServer) -> Self {
        Self {
            server,
            schema: server.new_schema(),
            revocations: None,
        }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url(&self.schema)
    }

    pub(crate) fn options(&self, seed: u64) -> PostgresOptions {
        PostgresOptions {
            revocations: self.revocations.clone(),
            ..options(&self.url(), seed)
        }
    }

    /// Opens the store with randomness of its own, or makes it.
    pub(crate) fn open(&self, seed: u64) -> TestStore {
        self.try_open(seed).unwrap()
    }

    pub(crate) fn try_open(&self, seed: u64) -> Result<TestStore> {
        open_at(&self.url(), seed, self.revocations.clone())
    }

    /// Why the store can't be opened.
    pub(crate) fn refusal(&self) -> Error {
        self.try_open(99).err().expect("it was opened")
    }

    /// Does something by hand.
    pub(crate) fn sql(&self, sql: &str) -> String {
        self.server.sql(&self.schema, sql)
    }
}

pub(crate) fn peppers() -> Arc<PepperRing> {
    Arc::new(PepperRing::generate(&SeededRandom::new(PEPPER_SEED)).unwrap())
}

/// How a store is opened, or made.
pub(crate) fn options(url: &str, seed: u64) -> PostgresOptions {
    let (_, clock, random) = TestStore::parts(seed);
    PostgresOptions {
        address: Address::parse(url).unwrap(),
        peppers: peppers(),
        clock,
        random,
        brand: None,
        create: true,
        revocations: None,
    }
}

/// Opens a store with a clock and randomness of its own.
pub(crate) fn open_at(url: &str, seed: u64, revocations: Option<PathBuf>) -> Result<TestStore> {
    let (_, clock, random) = TestStore::parts(seed);
    let store = block_on(PostgresStore::open(PostgresOptions {
        clock: Arc::clone(&clock) as _,
        random: Arc::clone(&random) as _,
        revocations,
        ..options(url, seed)
    }))?;
    Ok(TestStore {
        peppers: store.peppers(),
        store: Arc::new(store),
        clock,
        random,
        keep: None,
    })
}
