//! A store in memory: for `memory:`, for tests, and as the plainest reading of what a store must
//! do. One lock, and a list of undos for what a failed operation has done.

mod rows;
mod tx;

use crate::accounts::{Account, Project};
use crate::audit::Event;
use crate::daily::{DailyCounts, Day};
use crate::error::{Error, ErrorCode, Result};
use crate::ids::{KeyId, VersionId};
use crate::keys::{Key, Version};
use crate::limits::{Counter, LimitName};
use crate::pepper::PepperRing;
use crate::secret::Locator;
use crate::store::{
    ForeignScheme, Found, IdempotencyRecord, Lookup, ReadOperation, Rows, Store, WriteOperation,
};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

/// Keys in memory, gone with the process.
pub struct MemoryStore {
    data: Mutex<Data>,
}

struct Data {
    peppers: Arc<PepperRing>,
    store_id: String,
    closed: bool,
    /// In the order of creation.
    keys: Vec<Key>,
    key_at: HashMap<KeyId, usize>,
    versions: HashMap<VersionId, Version>,
    versions_of: HashMap<KeyId, Vec<VersionId>>,
    by_locator: HashMap<Locator, VersionId>,
    by_lookup: HashMap<Vec<u8>, VersionId>,
    projects: Vec<Project>,
    accounts: Vec<Account>,
    idempotency: HashMap<[u8; 32], IdempotencyRecord>,
    counters: HashMap<(KeyId, LimitName), Counter>,
    daily_uses: HashMap<VersionId, DailyCounts>,
    events: Vec<Event>,
    schemes: BTreeMap<String, ForeignScheme>,
    undo: Vec<Undo>,
}

type Undo = Box<dyn FnOnce(&mut Data) + Send>;

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new(peppers: Arc<PepperRing>, store_id: String) -> Self {
        let data = Data {
            peppers,
            store_id,
            closed: false,
            keys: Vec::new(),
            key_at: HashMap::new(),
            versions: HashMap::new(),
            versions_of: HashMap::new(),
            by_locator: HashMap::new(),
            by_lookup: HashMap::new(),
            projects: Vec::new(),
            accounts: Vec::new(),
            idempotency: HashMap::new(),
            counters: HashMap::new(),
            daily_uses: HashMap::new(),
            events: Vec::new(),
            schemes: BTreeMap::new(),
            undo: Vec::new(),
        };
        Self {
            data: Mutex::new(data),
        }
    }

    fn open(&self) -> Result<MutexGuard<'_, Data>> {
        let data = self.data.lock().map_err(|_| closed())?;
        if data.closed { Err(closed()) } else { Ok(data) }
    }
}

fn closed() -> Error {
    Error::new(ErrorCode::Closed, "the store is closed").hint("open it again")
}

#[async_trait]
impl Store for MemoryStore {
    async fn write(&self, mut operation: WriteOperation) -> Result<()> {
        let mut data = self.open()?;
        let outcome = operation(&mut *data);
        let undo = std::mem::take(&mut data.undo);
        if outcome.is_err() {
            undo.into_iter().rev().for_each(|step| step(&mut data));
        }
        outcome
    }

    async fn read(&self, mut operation: ReadOperation) -> Result<()> {
        operation(&mut *self.open()?)
    }

    fn find_now(&self, lookup: &Lookup) -> Option<Result<Option<Found>>> {
        Some(self.open().and_then(|mut data| data.find(lookup)))
    }

    async fn find(&self, lookup: Lookup) -> Result<Option<Found>> {
        self.open()?.find(&lookup)
    }

    fn touch(&self, version: VersionId, at: Timestamp) {
        if let Ok(mut data) = self.open()
            && let Some(used) = data.versions.get_mut(&version)
        {
            used.last_used_at = used.last_used_at.max(Some(at));
            let counts = data.daily_uses.entry(version).or_default();
            counts.add(Day::of(at), 1);
        }
    }

    fn foreign_schemes_now(&self) -> Arc<[ForeignScheme]> {
        self.open()
            .map(|data| data.schemes.values().cloned().collect())
            .unwrap_or_default()
    }

    async fn flush(&self) -> Result<()> {
        self.open().map(drop)
    }

    async fn close(&self) -> Result<()> {
        if let Ok(mut data) = self.data.lock() {
            data.closed = true;
        }
        Ok(())
    }
}
