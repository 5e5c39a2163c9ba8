//! Reading: every question that [`Rows`] can ask, each one a statement that a connection prepares
//! once.

use crate::codec::{
    self, Columns, account_columns, daily_column, key_columns, project_columns, version_columns,
};
use crate::error::tampered;
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
use tokio_postgres::Row;

const KEY_BY_ID: &str = concat!("SELECT ", key_columns!(), " FROM keys k WHERE k.id = $1");

const VERSIONS_BY_KEY: &str = concat!(
    "SELECT ",
    version_columns!(),
    " FROM versions v LEFT JOIN uses u ON u.version_n = v.n \
     WHERE v.key_n = (SELECT n FROM keys WHERE id = $1) ORDER BY v.number"
);

const IDEMPOTENCY_BY_HASH: &str =
    "SELECT key_hash, fingerprint, key_id, created_at, seal FROM idempotency WHERE key_hash = $1";

const LOOKUP_FROM: &str = "SELECT lookup FROM versions \
    WHERE lookup IS NOT NULL AND lookup >= $1 ORDER BY lookup LIMIT 1";

const PROJECT_BY_ID: &str = concat!(
    "SELECT ",
    project_columns!(),
    " FROM projects WHERE id = $1"
);

const PROJECT_BY_NAME: &str = concat!(
    "SELECT ",
    project_columns!(),
    " FROM projects WHERE name = $1 AND archived_at IS NULL"
);

const PROJECTS: &str = concat!(
    "SELECT ",
    project_columns!(),
    " FROM projects WHERE $1 OR archived_at IS NULL ORDER BY n"
);

const ACCOUNT_BY_ID: &str = concat!(
    "SELECT ",
    account_columns!(),
    " FROM accounts WHERE id = $1"
);

const ACCOUNTS: &str = concat!(
    "SELECT ",
    account_columns!(),
    " FROM accounts WHERE kind = $1 AND deleted_at IS NULL ORDER BY n"
);

const ACCOUNTS_OF_PROJECT: &str = concat!(
    "SELECT ",
    account_columns!(),
    " FROM accounts WHERE kind = $1 AND project_id = $2 AND deleted_at IS NULL ORDER BY n"
);

const DAILY_USES_BY_KEY: &str = concat!(
    "SELECT ",
    daily_column!(),
    " FROM versions v JOIN uses u ON u.version_n = v.n \
     WHERE v.key_n = (SELECT n FROM keys WHERE id = $1)"
);

const COUNTER: &str = "SELECT counter FROM counters \
    WHERE key_n = (SELECT n FROM keys WHERE id = $1) AND limit_name = $2";

impl Rows for Session<'_> {
    fn key(&mut self, id: KeyId) -> Result<Option<Key>> {
        let rows = self.rows(KEY_BY_ID, &[&id.to_string()])?;
        let read = |row: &Row| self.believed_key(&mut Columns::of(row), text(row, 0));
        rows.first().map(read).transpose()
    }

    fn versions(&mut self, key: KeyId) -> Result<Vec<Version>> {
        let rows = self.rows(VERSIONS_BY_KEY, &[&key.to_string()])?;
        let read = |row: &Row| self.believed_version(&mut Columns::of(row), text(row, 0), key);
        let versions = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        // Versions are numbered from 1, and none is ever taken away.
        let complete = versions
            .iter()
            .zip(1..)
            .all(|(version, number)| version.number == number);
        if !complete || (versions.is_empty() && self.place_of(key)?.is_some()) {
            return Err(tampered("list of versions of the key", key));
        }
        Ok(versions)
    }

    fn keys(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<Key>> {
        let rows = self.list_keys(query, now)?;
        let read = |row: &Row| self.believed_key(&mut Columns::of(row), text(row, 0));
        rows.iter().map(read).collect()
    }

    fn key_ids(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<KeyId>> {
        let rows = self.list_keys(query, now)?;
        let ids = rows.iter().filter_map(|row| KeyId::parse(text(row, 0)));
        Ok(ids.collect())
    }

    fn find(&mut self, lookup: &Lookup) -> Result<Option<Found>> {
        self.find_version(lookup)
    }

    fn lookup_begins_with(&mut self, start: &[u8]) -> Result<bool> {
        let rows = self.rows(LOOKUP_FROM, &[&start])?;
        let next = rows.first().and_then(|row| Columns::of(row).bytes());
        Ok(next.is_some_and(|next| next.starts_with(start)))
    }

    fn project(&mut self, id: ProjectId) -> Result<Option<Project>> {
        let rows = self.rows(PROJECT_BY_ID, &[&id.to_string()])?;
        rows.first()
            .map(|row| self.believed_project(row))
            .transpose()
    }

    fn project_named(&mut self, name: &str) -> Result<Option<Project>> {
        if has_nul(name) {
            return Ok(None);
        }
        let rows = self.rows(PROJECT_BY_NAME, &[&name])?;
        rows.first()
            .map(|row| self.believed_project(row))
            .transpose()
    }

    fn projects(&mut self, include_archived: bool) -> Result<Vec<Project>> {
        let rows = self.rows(PROJECTS, &[&include_archived])?;
        rows.iter().map(|row| self.believed_project(row)).collect()
    }

    fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        let rows = self.rows(ACCOUNT_BY_ID, &[&id.to_string()])?;
        rows.first()
            .map(|row| self.believed_account(row))
            .transpose()
    }

    fn accounts(&mut self, kind: AccountKind, project: Option<ProjectId>) -> Result<Vec<Account>> {
        let rows = match project {
            Some(project) => {
                self.rows(ACCOUNTS_OF_PROJECT, &[&kind.as_str(), &project.to_string()])?
            }
            None => self.rows(ACCOUNTS, &[&kind.as_str()])?,
        };
        rows.iter().map(|row| self.believed_account(row)).collect()
    }

    fn idempotency(&mut self, key_hash: &[u8; 32]) -> Result<Option<IdempotencyRecord>> {
        const WHAT: &str = "idempotency record of";
        let rows = self.rows(IDEMPOTENCY_BY_HASH, &[&key_hash.as_slice()])?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let mut columns = Columns::of(row);
        let read = |columns: &mut Columns<'_>| {
            let record = IdempotencyRecord {
                key_hash: columns.bytes()?.try_into().ok()?,
                fingerprint: columns.bytes()?.try_into().ok()?,
                key: KeyId::parse(columns.text()?)?,
                created_at: columns.time()?,
            };
            Some((record, columns.seal()?))
        };
        let (record, seal) = read(&mut columns).ok_or_else(|| tampered(WHAT, "a key"))?;
        self.sealed(WHAT, record.key, record, &seal).map(Some)
    }

    fn counter(&mut self, key: KeyId, limit: &LimitName) -> Result<Option<Counter>> {
        let rows = self.rows(COUNTER, &[&key.to_string(), &limit.to_string()])?;
        let read = |row: &Row| {
            let bytes = Columns::of(row).bytes().unwrap_or_default();
            Counter::from_bytes(bytes).map_err(|_| tampered("use of a limit of", key))
        };
        rows.first().map(read).transpose()
    }

    fn daily_uses(&mut self, key: KeyId, first: Day, last: Day) -> Result<DailyCounts> {
        let mut uses = DailyCounts::default();
        for row in self.rows(DAILY_USES_BY_KEY, &[&key.to_string()])? {
            uses.add_all(&codec::daily(&mut Columns::of(&row)).within(first, last));
        }
        Ok(uses)
    }

    fn events(&mut self, query: &EventQuery) -> Result<Vec<Event>> {
        // What has a NUL is equal to nothing; where nothing else is asked for, nothing is found.
        let mut query = query.clone();
        for list in [
            &mut query.object_ids,
            &mut query.actors,
            &mut query.event_types,
        ] {
            let asked = !list.is_empty();
            list.retain(|text| !has_nul(text));
            if asked && list.is_empty() {
                return Ok(Vec::new());
            }
        }
        let (sql, values) = list::events(&query);
        let rows = self.rows(&sql, &values.params())?;
        Ok(rows.iter().map(codec::event).collect())
    }

    fn last_event(&mut self) -> Result<Option<(u64, Tag)>> {
        meta::last_event(self)
    }

    fn foreign_schemes(&mut self) -> Result<Vec<ForeignScheme>> {
        const WHAT: &str = "note of imported secrets";
        let rows = self.rows(
            "SELECT name, sealed_key, seal FROM foreign_schemes ORDER BY name",
            &[],
        )?;
        let read = |row: &Row| {
            let read = || {
                let scheme = ForeignScheme {
                    name: row.try_get(0).ok()?,
                    sealed_key: row.try_get(1).ok()?,
                };
                Some((scheme, Tag::from_bytes(row.try_get(2).ok()?)?))
            };
            let (scheme, seal) = read().ok_or_else(|| tampered(WHAT, ""))?;
            self.sealed(WHAT, "", scheme, &seal)
        };
        rows.iter().map(read).collect()
    }

    fn store_id(&self) -> &str {
        &self.base.store_id
    }
}

impl Session<'_> {
    fn list_keys(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<Row>> {
        let behind = match query.after {
            None if query.oldest_first => i64::MIN,
            None => i64::MAX,
            Some(after) => match self.place_of(after)? {
                Some(place) => place,
                None => return Ok(Vec::new()),
            },
        };
        let texts = query.search.as_deref().is_some_and(has_nul)
            || query
                .owner
                .as_ref()
                .is_some_and(|it| has_nul(&it.to_string()));
        if texts {
            return Ok(Vec::new());
        }
        let (sql, values) = list::keys(query, now, behind);
        self.rows(&sql, &values.params())
    }

    fn place_of(&mut self, key: KeyId) -> Result<Option<i64>> {
        let rows = self.rows("SELECT n FROM keys WHERE id = $1", &[&key.to_string()])?;
        Ok(rows.first().and_then(|row| Columns::of(row).integer()))
    }
}

/// PostgreSQL has no such text: nothing that is stored is equal to it, or contains it.
fn has_nul(text: &str) -> bool {
    text.contains('\0')
}
