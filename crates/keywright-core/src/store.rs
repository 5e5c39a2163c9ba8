//! The only way to data. A store keeps rows, checks and makes their seals, chains the audit events
//! and runs operations as transactions. It decides nothing: the rules are in [`crate::operations`].
//!
//! The trait is async for whoever calls it; an operation itself is a plain function over [`Tx`], so
//! that one definition of each rule runs on every store. A store may run it again after a conflict.

use crate::accounts::{Account, AccountId, AccountKind, Project};
use crate::audit::{Event, NewEvent};
use crate::daily::{DailyCounts, Day};
use crate::error::Result;
use crate::ids::{KeyId, ProjectId, VersionId};
use crate::keys::{Key, KeyPatch, KeyStatus, KeyWithVersions, Version, VersionPatch};
use crate::limits::{Counter, LimitName};
use crate::names::Name;
use crate::owner::Owner;
use crate::pepper::Tag;
use crate::secret::Locator;
use crate::time::Timestamp;
use async_trait::async_trait;
use std::fmt;
use std::sync::Arc;

/// What a presented secret is looked up by.
#[derive(Clone, PartialEq, Eq)]
pub enum Lookup {
    /// The locator in a secret of our own format.
    Locator(Locator),
    /// What an imported secret may stand under; the first that is there counts.
    Foreign(Vec<Vec<u8>>),
}

/// What an imported secret stands under may be its hash, which is not shown.
impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locator(locator) => f.debug_tuple("Locator").field(locator).finish(),
            Self::Foreign(_) => f.write_str("Foreign(redacted)"),
        }
    }
}

/// The version that a secret names, and its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The key.
    pub key: Key,
    /// The version.
    pub version: Version,
}

/// Which keys to list. Newest first, unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct KeyQuery {
    /// Only in this project.
    pub project: Option<ProjectId>,
    /// Only of this owner.
    pub owner: Option<Owner>,
    /// Only with this status at `now`.
    pub status: Option<KeyStatus>,
    /// Only where name, id, owner or redacted value contains this, whatever the case of ASCII.
    pub search: Option<String>,
    /// Also revoked ones (implied by a `status` of revoked).
    pub include_revoked: bool,
    /// Admin keys instead of data keys.
    pub admin: bool,
    /// Oldest first instead.
    pub oldest_first: bool,
    /// Only what stands behind this key in the list.
    pub after: Option<KeyId>,
    /// At most so many.
    pub limit: u32,
}

/// Which events to list. Oldest first, unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EventQuery {
    /// Only about these objects; about all if empty.
    pub object_ids: Vec<String>,
    /// Only in these projects; in all if empty.
    pub projects: Vec<ProjectId>,
    /// Only of these types, by name; all if empty.
    pub event_types: Vec<String>,
    /// Only of these actors; of all if empty.
    pub actors: Vec<String>,
    /// Only from this moment on.
    pub since: Option<Timestamp>,
    /// Only up to this moment, itself included.
    pub until: Option<Timestamp>,
    /// Only what was carried out, and no refused attempts.
    pub done_only: bool,
    /// Only behind this place in the chain.
    pub after: u64,
    /// Only before this place in the chain.
    pub before: Option<u64>,
    /// Newest first instead.
    pub newest_first: bool,
    /// At most so many.
    pub limit: u32,
}

/// What an idempotency key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Index value of the idempotency key; the key itself is not kept.
    pub key_hash: [u8; 32],
    /// Index value of the parameters.
    pub fingerprint: [u8; 32],
    /// The key that was issued.
    pub key: KeyId,
    /// When.
    pub created_at: Timestamp,
}

/// A kind of imported secret that there is, so that presented ones are looked up under it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignScheme {
    /// Its stable name.
    pub name: String,
    /// The key of an imported HMAC, encrypted.
    pub sealed_key: Option<Vec<u8>>,
}

/// Reading, within one consistent view. Rows whose seal is broken, or that the revocation log has
/// outdated, are `tampered` errors.
pub trait Rows {
    /// A key.
    fn key(&mut self, id: KeyId) -> Result<Option<Key>>;
    /// A key's versions, oldest first.
    fn versions(&mut self, key: KeyId) -> Result<Vec<Version>>;
    /// Keys, in the order that the query asks for. An `after` that is no key gives nothing.
    fn keys(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<Key>>;
    /// The ids of the keys that [`keys`](Self::keys) would give, also of damaged ones.
    fn key_ids(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<KeyId>>;
    /// The version that a presented secret names.
    fn find(&mut self, lookup: &Lookup) -> Result<Option<Found>>;
    /// Whether an imported secret is found by a value that begins with this.
    fn lookup_begins_with(&mut self, start: &[u8]) -> Result<bool>;
    /// A project.
    fn project(&mut self, id: ProjectId) -> Result<Option<Project>>;
    /// The project of that name that isn't archived.
    fn project_named(&mut self, name: &str) -> Result<Option<Project>>;
    /// Projects, oldest first.
    fn projects(&mut self, include_archived: bool) -> Result<Vec<Project>>;
    /// A user or service account.
    fn account(&mut self, id: AccountId) -> Result<Option<Account>>;
    /// Users, or service accounts (of one project), that aren't deleted, oldest first.
    fn accounts(&mut self, kind: AccountKind, project: Option<ProjectId>) -> Result<Vec<Account>>;
    /// What an idempotency key stands for.
    fn idempotency(&mut self, key_hash: &[u8; 32]) -> Result<Option<IdempotencyRecord>>;
    /// The use of a limit of a key so far.
    fn counter(&mut self, key: KeyId, limit: &LimitName) -> Result<Option<Counter>>;
    /// How often a key was used from `first` to `last`, both included, over all its versions and at
    /// most a second behind. Nothing seals that: what can't be read counts as never used.
    fn daily_uses(&mut self, key: KeyId, first: Day, last: Day) -> Result<DailyCounts>;
    /// Events, in the order that the query asks for. One that can't be read comes with a MAC that never fits.
    fn events(&mut self, query: &EventQuery) -> Result<Vec<Event>>;
    /// The place and the MAC of the last event, kept apart from the events: where these end
    /// earlier, some have been taken away.
    fn last_event(&mut self) -> Result<Option<(u64, Tag)>>;
    /// What kinds of imported secrets there are (see [`crate::foreign`]).
    fn foreign_schemes(&mut self) -> Result<Vec<ForeignScheme>>;
    /// The id of this store, which audit MACs cover.
    fn store_id(&self) -> &str;

    /// A key with its versions.
    fn key_with_versions(&mut self, id: KeyId) -> Result<Option<KeyWithVersions>> {
        let Some(key) = self.key(id)? else {
            return Ok(None);
        };
        let versions = self.versions(id)?;
        Ok(Some(KeyWithVersions { key, versions }))
    }
}

/// Writing, within one transaction: all of it or nothing.
pub trait Tx: Rows {
    /// Adds a key and its first version.
    fn insert_key(&mut self, key: &Key, version: &Version) -> Result<()>;
    /// Sets some columns of a key, if it still has the row version of `before`.
    fn patch_key(&mut self, before: &Key, patch: &KeyPatch) -> Result<Key>;
    /// Sees to it that no state of this key's row is ever believed again: for a key that is to be
    /// revoked and whose row is damaged.
    fn condemn_key(&mut self, id: KeyId) -> Result<()>;
    /// Adds a version to a key.
    fn insert_version(&mut self, version: &Version) -> Result<()>;
    /// Sets some columns of a version, if it still has the row version of `before`.
    fn patch_version(&mut self, before: &Version, patch: &VersionPatch) -> Result<Version>;
    /// Adds a project.
    fn insert_project(&mut self, project: &Project) -> Result<()>;
    /// Gives a project another name.
    fn rename_project(&mut self, before: &Project, name: &Name) -> Result<Project>;
    /// Archives a project.
    fn archive_project(&mut self, before: &Project, at: Timestamp) -> Result<Project>;
    /// Adds a user or service account.
    fn insert_account(&mut self, account: &Account) -> Result<()>;
    /// Gives a user or service account another name.
    fn rename_account(&mut self, before: &Account, name: &Name) -> Result<Account>;
    /// Marks a user or service account as deleted.
    fn delete_account(&mut self, before: &Account, at: Timestamp) -> Result<Account>;
    /// Keeps an idempotency record, in place of one of the same hash, and drops those made before
    /// `expired_before`.
    fn put_idempotency(
        &mut self,
        record: &IdempotencyRecord,
        expired_before: Timestamp,
    ) -> Result<()>;
    /// Keeps the use of a limit.
    fn put_counter(&mut self, key: KeyId, limit: &LimitName, counter: &Counter) -> Result<()>;
    /// Notes that there are imported secrets of this kind. One of the same name stays as it is.
    fn put_foreign_scheme(&mut self, scheme: &ForeignScheme) -> Result<()>;
    /// Puts an event behind the last one.
    fn append_event(&mut self, event: NewEvent) -> Result<Event>;
}

/// An operation that reads.
pub type ReadOperation = Box<dyn FnMut(&mut dyn Rows) -> Result<()> + Send>;
/// An operation that writes. It may be run more than once; only its last run takes effect.
pub type WriteOperation = Box<dyn FnMut(&mut dyn Tx) -> Result<()> + Send>;

/// Where keys are kept.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Runs an operation as one transaction. When this returns `Ok` it is durable and every later
    /// read anywhere sees it; on `Err` nothing of it took place, unless the message says that this
    /// is not known.
    async fn write(&self, operation: WriteOperation) -> Result<()>;

    /// Runs an operation over one consistent view.
    async fn read(&self, operation: ReadOperation) -> Result<()>;

    /// Finds the version that a presented secret names, if that can be done here and now without
    /// waiting; `None` if it can't.
    fn find_now(&self, lookup: &Lookup) -> Option<Result<Option<Found>>>;

    /// Finds the version that a presented secret names.
    async fn find(&self, lookup: Lookup) -> Result<Option<Found>>;

    /// Notes a use: when, and one more on its day. Returns at once; it is stored within a second and
    /// is lost only with the process. What many processes note adds up.
    fn touch(&self, version: VersionId, at: Timestamp);

    /// What kinds of imported secrets there are, at most a second behind other processes.
    fn foreign_schemes_now(&self) -> Arc<[ForeignScheme]>;

    /// Stores what is still held back.
    async fn flush(&self) -> Result<()>;

    /// Stores what is held back and lets go of the store. Later calls answer `closed`.
    async fn close(&self) -> Result<()>;
}
