//! Reading: every question that [`Rows`] can ask, each one a statement that was prepared once.

use crate::codec::{
    self, Columns, account_columns, daily_column, key_columns, project_columns, version_columns,
};
use crate::error::{internal, tampered};
use crate::list;
use crate::meta;
use crate::session::{Session, text};
use keywright_core::Result;
use keywright_core::accounts::{Account, AccountId, AccountKind, Project};
use keywright_core::audit::Event;
use keywright_core::daily::{DailyCounts, Day};
use keywright_core::ids::{KeyId, ProjectId};
use keywright_core::keys::{Key, Version};
use keywright_core::limits::{Counter, LimitName};
use keywright_core::pepper::Tag;
use keywright_core::store::{
    EventQuery, ForeignScheme, Found, IdempotencyRecord, KeyQuery, Lookup, Rows,
};
use keywright_core::time::Timestamp;
use rusqlite::{Row, params, params_from_iter};

pub(crate) const KEY_BY_ID: &str =
    concat!("SELECT ", key_columns!(), " FROM keys k WHERE k.id = ?1");

pub(crate) const VERSIONS_BY_KEY: &str = concat!(
    "SELECT ",
    version_columns!(),
    " FROM versions v LEFT JOIN uses u ON u.version_n = v.n \
     WHERE v.key_n = (SELECT n FROM keys WHERE id = ?1) ORDER BY v.number"
);

pub(crate) const IDEMPOTENCY_BY_HASH: &str =
    "SELECT key_hash, fingerprint, key_id, created_at, seal FROM idempotency WHERE key_hash = ?1";

pub(crate) const LOOKUP_FROM: &str = "SELECT lookup FROM versions \
    WHERE lookup IS NOT NULL AND lookup >= ?1 ORDER BY lookup LIMIT 1";

pub(crate) const ACCOUNTS_OF_PROJECT: &str = concat!(
    "SELECT ",
    account_columns!(),
    " FROM accounts WHERE kind = ?1 AND project_id = ?2 AND deleted_at IS NULL ORDER BY n"
);

pub(crate) const DAILY_USES_BY_KEY: &str = concat!(
    "SELECT ",
    daily_column!(),
    " FROM versions v JOIN uses u ON u.version_n = v.n \
     WHERE v.key_n = (SELECT n FROM keys WHERE id = ?1)"
);

impl Rows for Session<'_> {
    fn key(&mut self, id: KeyId) -> Result<Option<Key>> {
        self.one(KEY_BY_ID, [id.to_string()], |row| {
            self.believed_key(&mut Columns::of(row), text(row, 0))
        })
    }

    fn versions(&mut self, key: KeyId) -> Result<Vec<Version>> {
        let versions = self.all(VERSIONS_BY_KEY, [key.to_string()], |row| {
            self.believed_version(&mut Columns::of(row), text(row, 0), key)
        })?;
        // Versions are numbered from 1, and none is ever taken away.
        let complete = versions
            .iter()
            .zip(1..)
            .all(|(version, number)| version.number == number);
        if !complete || (versions.is_empty() && self.exists(key)?) {
            return Err(tampered("list of versions of the key", key));
        }
        Ok(versions)
    }

    fn keys(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<Key>> {
        self.list_keys(query, now, |row| {
            self.believed_key(&mut Columns::of(row), text(row, 0))
        })
    }

    fn key_ids(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<KeyId>> {
        let ids = self.list_keys(query, now, |row| Ok(KeyId::parse(text(row, 0))))?;
        Ok(ids.into_iter().flatten().collect())
    }

    fn find(&mut self, lookup: &Lookup) -> Result<Option<Found>> {
        self.find_version(lookup)
    }

    fn lookup_begins_with(&mut self, start: &[u8]) -> Result<bool> {
        let next = self.one(LOOKUP_FROM, [start], |row| {
            Ok(Columns::of(row)
                .bytes()
                .unwrap_or_default()
                .starts_with(start))
        })?;
        Ok(next.unwrap_or(false))
    }

    fn project(&mut self, id: ProjectId) -> Result<Option<Project>> {
        self.one(
            concat!(
                "SELECT ",
                project_columns!(),
                " FROM projects WHERE id = ?1"
            ),
            [id.to_string()],
            |row| self.believed_project(row),
        )
    }

    fn project_named(&mut self, name: &str) -> Result<Option<Project>> {
        self.one(
            concat!(
                "SELECT ",
                project_columns!(),
                " FROM projects WHERE name = ?1 AND archived_at IS NULL"
            ),
            [name],
            |row| self.believed_project(row),
        )
    }

    fn projects(&mut self, include_archived: bool) -> Result<Vec<Project>> {
        self.all(
            concat!(
                "SELECT ",
                project_columns!(),
                " FROM projects WHERE ?1 OR archived_at IS NULL ORDER BY n"
            ),
            [include_archived],
            |row| self.believed_project(row),
        )
    }

    fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        self.one(
            concat!(
                "SELECT ",
                account_columns!(),
                " FROM accounts WHERE id = ?1"
            ),
            [id.to_string()],
            |row| self.believed_account(row),
        )
    }

    fn accounts(&mut self, kind: AccountKind, project: Option<ProjectId>) -> Result<Vec<Account>> {
        match project {
            Some(project) => self.all(
                ACCOUNTS_OF_PROJECT,
                params![kind.as_str(), project.to_string()],
                |row| self.believed_account(row),
            ),
            None => self.all(
                concat!(
                    "SELECT ",
                    account_columns!(),
                    " FROM accounts WHERE kind = ?1 AND deleted_at IS NULL ORDER BY n"
                ),
                [kind.as_str()],
                |row| self.believed_account(row),
            ),
        }
    }

    fn idempotency(&mut self, key_hash: &[u8; 32]) -> Result<Option<IdempotencyRecord>> {
        self.one(IDEMPOTENCY_BY_HASH, [key_hash], |row| {
            const WHAT: &str = "idempotency record of";
            let mut columns = Columns::of(row);
            let read = |columns: &mut Columns<'_, '_>| {
                let record = IdempotencyRecord {
                    key_hash: columns.bytes()?.try_into().ok()?,
                    fingerprint: columns.bytes()?.try_into().ok()?,
                    key: KeyId::parse(columns.text()?)?,
                    created_at: columns.time()?,
                };
                Some((record, columns.seal()?))
            };
            let (record, seal) = read(&mut columns).ok_or_else(|| tampered(WHAT, "a key"))?;
            self.sealed(WHAT, record.key, record, &seal)
        })
    }

    fn counter(&mut self, key: KeyId, limit: &LimitName) -> Result<Option<Counter>> {
        self.one(
            "SELECT counter FROM counters \
             WHERE key_n = (SELECT n FROM keys WHERE id = ?1) AND limit_name = ?2",
            params![key.to_string(), limit.to_string()],
            |row| {
                let bytes = Columns::of(row).bytes().unwrap_or_default();
                Counter::from_bytes(bytes).map_err(|_| tampered("use of a limit of", key))
            },
        )
    }

    fn daily_uses(&mut self, key: KeyId, first: Day, last: Day) -> Result<DailyCounts> {
        let mut uses = DailyCounts::default();
        self.all(DAILY_USES_BY_KEY, [key.to_string()], |row| {
            uses.add_all(&codec::daily(&mut Columns::of(row)).within(first, last));
            Ok(())
        })?;
        Ok(uses)
    }

    fn events(&mut self, query: &EventQuery) -> Result<Vec<Event>> {
        let (sql, values) = list::events(query);
        self.all(&sql, params_from_iter(values), |row| Ok(codec::event(row)))
    }

    fn last_event(&mut self) -> Result<Option<(u64, Tag)>> {
        meta::last_event(self)
    }

    fn foreign_schemes(&mut self) -> Result<Vec<ForeignScheme>> {
        self.all(
            "SELECT name, sealed_key, seal FROM foreign_schemes ORDER BY name",
            [],
            |row| {
                let read = || {
                    let scheme = ForeignScheme {
                        name: row.get(0).ok()?,
                        sealed_key: row.get(1).ok()?,
                    };
                    Some((scheme, Tag::from_bytes(&row.get::<_, Vec<u8>>(2).ok()?)?))
                };
                let what = "note of imported secrets";
                let (scheme, seal) = read().ok_or_else(|| tampered(what, ""))?;
                self.sealed(what, "", scheme, &seal)
            },
        )
    }

    fn store_id(&self) -> &str {
        &self.base.store_id
    }
}

impl Session<'_> {
    fn list_keys<T>(
        &self,
        query: &KeyQuery,
        now: Timestamp,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let behind = match query.after {
            None if query.oldest_first => i64::MIN,
            None => i64::MAX,
            Some(after) => {
                let place = self.one(
                    "SELECT n FROM keys WHERE id = ?1",
                    [after.to_string()],
                    |row| row.get(0).map_err(|error| crate::error::sqlite(&error)),
                )?;
                match place {
                    Some(n) => n,
                    None => return Ok(Vec::new()),
                }
            }
        };
        let (sql, values) = list::keys(query, now, behind);
        self.all(&sql, params_from_iter(values), read)
    }

    fn exists(&self, key: KeyId) -> Result<bool> {
        let there = self.one(
            "SELECT 1 FROM keys WHERE id = ?1",
            [key.to_string()],
            |_| Ok(()),
        )?;
        Ok(there.is_some())
    }
}

/// A row that an operation has just read is gone, or is another one: its own transaction rules that
/// out.
pub(crate) fn conflict() -> keywright_core::Error {
    internal("a row changed within its own transaction")
}
