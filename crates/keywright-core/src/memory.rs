//! A store in memory: for `memory:`, for tests, and as the plainest reading of what a store must
//! do. One lock, and a list of undos for what a failed operation has done.

use crate::accounts::{Account, AccountId, AccountKind, Project};
use crate::audit::{DONE, Event, NewEvent};
use crate::daily::{DailyCounts, Day};
use crate::error::{Error, ErrorCode, Result};
use crate::ids::{KeyId, ProjectId, VersionId};
use crate::keys::{Key, KeyPatch, KeyStatus, Version, VersionPatch};
use crate::limits::{Counter, LimitName};
use crate::names::Name;
use crate::pepper::{PepperRing, Tag};
use crate::secret::{Class, Locator};
use crate::store::{
    EventQuery, ForeignScheme, Found, IdempotencyRecord, KeyQuery, Lookup, ReadOperation, Rows,
    Store, Tx, WriteOperation,
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

fn taken() -> Error {
    Error::new(
        ErrorCode::AlreadyExists,
        "there is a key with this id, secret or prefix already",
    )
}

fn conflict() -> Error {
    Error::new(
        ErrorCode::Internal,
        "a row changed within its own transaction",
    )
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

impl Data {
    fn matches(&self, key: &Key, query: &KeyQuery, now: Timestamp) -> bool {
        let revoked = key.status(now) == KeyStatus::Revoked;
        (key.class == Class::Admin) == query.admin
            && query.project.is_none_or(|project| key.project == project)
            && query.owner.as_ref().is_none_or(|owner| key.owner == *owner)
            && query.status.is_none_or(|status| key.status(now) == status)
            && (!revoked || query.include_revoked || query.status == Some(KeyStatus::Revoked))
            && query
                .search
                .as_ref()
                .is_none_or(|text| self.contains(key, text))
    }

    fn contains(&self, key: &Key, text: &str) -> bool {
        let wanted = text.to_ascii_lowercase();
        let mut texts = vec![
            key.name.as_str().to_owned(),
            key.id.to_string(),
            key.owner.to_string(),
        ];
        for id in self.versions_of.get(&key.id).into_iter().flatten() {
            texts.extend(
                self.versions
                    .get(id)
                    .map(|version| version.redacted_value.clone()),
            );
        }
        texts
            .iter()
            .any(|text| text.to_ascii_lowercase().contains(&wanted))
    }

    fn index(&mut self, version: &Version) {
        self.by_locator.insert(version.locator, version.id);
        if let Some(lookup) = &version.lookup {
            self.by_lookup.insert(lookup.clone(), version.id);
        }
        self.versions.insert(version.id, version.clone());
    }

    fn unindex(&mut self, version: &Version) {
        self.by_locator.remove(&version.locator);
        if let Some(lookup) = &version.lookup {
            self.by_lookup.remove(lookup);
        }
        self.versions.remove(&version.id);
    }

    fn change_project(
        &mut self,
        id: ProjectId,
        change: impl FnOnce(&mut Project),
    ) -> Result<Project> {
        let found = self.projects.iter().position(|project| project.id == id);
        let place = found.ok_or_else(conflict)?;
        let old = self.projects[place].clone();
        let new = &mut self.projects[place];
        new.row_version += 1;
        change(new);
        let new = new.clone();
        self.undo
            .push(Box::new(move |data| data.projects[place] = old));
        Ok(new)
    }

    fn change_account(
        &mut self,
        id: AccountId,
        change: impl FnOnce(&mut Account),
    ) -> Result<Account> {
        let found = self.accounts.iter().position(|account| account.id == id);
        let place = found.ok_or_else(conflict)?;
        let old = self.accounts[place].clone();
        let new = &mut self.accounts[place];
        new.row_version += 1;
        change(new);
        let new = new.clone();
        self.undo
            .push(Box::new(move |data| data.accounts[place] = old));
        Ok(new)
    }

    /// Refuses what another version is found by.
    fn check_free(&self, version: &Version) -> Result<()> {
        let another = |id: Option<&VersionId>| id.is_some_and(|id| *id != version.id);
        let lookup = version.lookup.as_ref();
        if another(self.by_locator.get(&version.locator))
            || another(lookup.and_then(|lookup| self.by_lookup.get(lookup)))
        {
            return Err(taken());
        }
        Ok(())
    }

    fn add_version(&mut self, version: &Version) -> Result<()> {
        self.check_free(version)?;
        if self.versions.contains_key(&version.id) {
            return Err(taken());
        }
        self.index(version);
        self.versions_of
            .entry(version.key)
            .or_default()
            .push(version.id);
        let version = version.clone();
        self.undo.push(Box::new(move |data| {
            data.unindex(&version);
            if let Some(versions) = data.versions_of.get_mut(&version.key) {
                versions.retain(|id| *id != version.id);
            }
        }));
        Ok(())
    }
}

impl Rows for Data {
    fn key(&mut self, id: KeyId) -> Result<Option<Key>> {
        Ok(self.key_at.get(&id).map(|at| self.keys[*at].clone()))
    }

    fn versions(&mut self, key: KeyId) -> Result<Vec<Version>> {
        let ids = self.versions_of.get(&key).into_iter().flatten();
        Ok(ids
            .filter_map(|id| self.versions.get(id).cloned())
            .collect())
    }

    fn keys(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<Key>> {
        let after = match query.after {
            None => None,
            Some(after) => match self.key_at.get(&after) {
                Some(at) => Some(*at),
                None => return Ok(Vec::new()),
            },
        };
        let most = query.limit as usize;
        let matching = |key: &&Key| self.matches(key, query, now);
        Ok(if query.oldest_first {
            let behind = &self.keys[after.map_or(0, |at| at + 1)..];
            behind.iter().filter(matching).take(most).cloned().collect()
        } else {
            let before = &self.keys[..after.unwrap_or(self.keys.len())];
            let newest = before.iter().rev();
            newest.filter(matching).take(most).cloned().collect()
        })
    }

    fn key_ids(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<KeyId>> {
        Ok(self.keys(query, now)?.iter().map(|key| key.id).collect())
    }

    fn find(&mut self, lookup: &Lookup) -> Result<Option<Found>> {
        let id = match lookup {
            Lookup::Locator(locator) => self.by_locator.get(locator),
            Lookup::Foreign(candidates) => candidates
                .iter()
                .find_map(|value| self.by_lookup.get(value)),
        };
        let version = id.and_then(|id| self.versions.get(id)).cloned();
        let own = matches!(lookup, Lookup::Locator(_));
        let Some(version) = version.filter(|version| version.lookup.is_none() == own) else {
            return Ok(None);
        };
        Ok(self.key(version.key)?.map(|key| Found { key, version }))
    }

    fn lookup_begins_with(&mut self, start: &[u8]) -> Result<bool> {
        Ok(self.by_lookup.keys().any(|value| value.starts_with(start)))
    }

    fn project(&mut self, id: ProjectId) -> Result<Option<Project>> {
        Ok(self
            .projects
            .iter()
            .find(|project| project.id == id)
            .cloned())
    }

    fn project_named(&mut self, name: &str) -> Result<Option<Project>> {
        let mut live = self
            .projects
            .iter()
            .filter(|project| project.archived_at.is_none());
        Ok(live.find(|project| project.name.as_str() == name).cloned())
    }

    fn projects(&mut self, include_archived: bool) -> Result<Vec<Project>> {
        let wanted = |project: &&Project| include_archived || project.archived_at.is_none();
        Ok(self.projects.iter().filter(wanted).cloned().collect())
    }

    fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        Ok(self
            .accounts
            .iter()
            .find(|account| account.id == id)
            .cloned())
    }

    fn accounts(&mut self, kind: AccountKind, project: Option<ProjectId>) -> Result<Vec<Account>> {
        let wanted = |account: &&Account| {
            account.id.kind() == kind
                && account.deleted_at.is_none()
                && (project.is_none() || account.project == project)
        };
        Ok(self.accounts.iter().filter(wanted).cloned().collect())
    }

    fn idempotency(&mut self, key_hash: &[u8; 32]) -> Result<Option<IdempotencyRecord>> {
        Ok(self.idempotency.get(key_hash).cloned())
    }

    fn counter(&mut self, key: KeyId, limit: &LimitName) -> Result<Option<Counter>> {
        Ok(self.counters.get(&(key, limit.clone())).cloned())
    }

    fn daily_uses(&mut self, key: KeyId, first: Day, last: Day) -> Result<DailyCounts> {
        let ids = self.versions_of.get(&key).into_iter().flatten();
        let mut uses = DailyCounts::default();
        for counts in ids.filter_map(|id| self.daily_uses.get(id)) {
            uses.add_all(&counts.within(first, last));
        }
        Ok(uses)
    }

    fn events(&mut self, query: &EventQuery) -> Result<Vec<Event>> {
        let projects: Vec<String> = query.projects.iter().map(ToString::to_string).collect();
        let among = |list: &[String], value: &str| {
            list.is_empty() || list.iter().any(|wanted| wanted == value)
        };
        let wanted = |event: &&Event| {
            event.seq > query.after
                && query.before.is_none_or(|before| event.seq < before)
                && among(&query.object_ids, &event.object_id)
                && among(&projects, event.project_id.as_deref().unwrap_or_default())
                && among(&query.event_types, &event.event_type)
                && among(&query.actors, &event.actor)
                && query.since.is_none_or(|since| event.time >= since)
                && query.until.is_none_or(|until| event.time <= until)
                && (!query.done_only || event.outcome == DONE)
        };
        let matching = self.events.iter().filter(wanted);
        let most = query.limit as usize;
        Ok(if query.newest_first {
            matching.rev().take(most).cloned().collect()
        } else {
            matching.take(most).cloned().collect()
        })
    }

    fn last_event(&mut self) -> Result<Option<(u64, Tag)>> {
        Ok(self.events.last().map(|event| (event.seq, event.mac)))
    }

    fn foreign_schemes(&mut self) -> Result<Vec<ForeignScheme>> {
        Ok(self.schemes.values().cloned().collect())
    }

    fn store_id(&self) -> &str {
        &self.store_id
    }
}

impl Tx for Data {
    fn insert_key(&mut self, key: &Key, version: &Version) -> Result<()> {
        if self.key_at.contains_key(&key.id) {
            return Err(Error::new(
                ErrorCode::AlreadyExists,
                "there is a key with this id already",
            ));
        }
        self.key_at.insert(key.id, self.keys.len());
        self.keys.push(key.clone());
        let id = key.id;
        self.undo.push(Box::new(move |data| {
            data.key_at.remove(&id);
            data.keys.pop();
        }));
        self.add_version(version)
    }

    fn patch_key(&mut self, before: &Key, patch: &KeyPatch) -> Result<Key> {
        let at = *self.key_at.get(&before.id).ok_or_else(conflict)?;
        let old = self.keys[at].clone();
        if old.row_version != before.row_version {
            return Err(conflict());
        }
        let new = old.clone().patched(patch);
        self.keys[at] = new.clone();
        self.undo.push(Box::new(move |data| data.keys[at] = old));
        Ok(new)
    }

    /// Nobody else writes to this memory, so no row in it is ever damaged.
    fn condemn_key(&mut self, _id: KeyId) -> Result<()> {
        Ok(())
    }

    fn insert_version(&mut self, version: &Version) -> Result<()> {
        self.add_version(version)
    }

    fn patch_version(&mut self, before: &Version, patch: &VersionPatch) -> Result<Version> {
        let old = self
            .versions
            .get(&before.id)
            .cloned()
            .ok_or_else(conflict)?;
        if old.row_version != before.row_version {
            return Err(conflict());
        }
        let new = old.clone().patched(patch);
        self.check_free(&new)?;
        self.unindex(&old);
        self.index(&new);
        let undone = new.clone();
        self.undo.push(Box::new(move |data| {
            data.unindex(&undone);
            data.index(&old);
        }));
        Ok(new)
    }

    fn insert_project(&mut self, project: &Project) -> Result<()> {
        self.projects.push(project.clone());
        self.undo.push(Box::new(|data| drop(data.projects.pop())));
        Ok(())
    }

    fn rename_project(&mut self, before: &Project, name: &Name) -> Result<Project> {
        let name = name.clone();
        self.change_project(before.id, move |project| project.name = name)
    }

    fn archive_project(&mut self, before: &Project, at: Timestamp) -> Result<Project> {
        self.change_project(before.id, move |project| project.archived_at = Some(at))
    }

    fn insert_account(&mut self, account: &Account) -> Result<()> {
        self.accounts.push(account.clone());
        self.undo.push(Box::new(|data| drop(data.accounts.pop())));
        Ok(())
    }

    fn rename_account(&mut self, before: &Account, name: &Name) -> Result<Account> {
        let name = name.clone();
        self.change_account(before.id, move |account| account.name = name)
    }

    fn delete_account(&mut self, before: &Account, at: Timestamp) -> Result<Account> {
        self.change_account(before.id, move |account| account.deleted_at = Some(at))
    }

    fn put_idempotency(
        &mut self,
        record: &IdempotencyRecord,
        expired_before: Timestamp,
    ) -> Result<()> {
        self.idempotency
            .retain(|_, record| record.created_at >= expired_before);
        let old = self.idempotency.insert(record.key_hash, record.clone());
        let hash = record.key_hash;
        self.undo.push(Box::new(move |data| {
            match old {
                Some(old) => data.idempotency.insert(hash, old),
                None => data.idempotency.remove(&hash),
            };
        }));
        Ok(())
    }

    fn put_counter(&mut self, key: KeyId, limit: &LimitName, counter: &Counter) -> Result<()> {
        let place = (key, limit.clone());
        let old = self.counters.insert(place.clone(), counter.clone());
        self.undo.push(Box::new(move |data| {
            match old {
                Some(old) => data.counters.insert(place, old),
                None => data.counters.remove(&place),
            };
        }));
        Ok(())
    }

    fn put_foreign_scheme(&mut self, scheme: &ForeignScheme) -> Result<()> {
        if !self.schemes.contains_key(&scheme.name) {
            self.schemes.insert(scheme.name.clone(), scheme.clone());
            let name = scheme.name.clone();
            self.undo.push(Box::new(move |data| {
                data.schemes.remove(&name);
            }));
        }
        Ok(())
    }

    fn append_event(&mut self, event: NewEvent) -> Result<Event> {
        let previous = self.events.last().map(|event| (event.seq, &event.mac));
        let event = Event::chain(&self.peppers, &self.store_id, previous, event);
        self.events.push(event.clone());
        self.undo.push(Box::new(|data| drop(data.events.pop())));
        Ok(event)
    }
}
