//! One view of the database, and the checks that every row passes on its way out of it: its seal,
//! and the revocation log. Reading is in rows.rs, writing in tx.rs.

use crate::base::Base;
use crate::codec::{self, Carried, Columns, KEY_COLUMNS, key_columns, version_columns};
use crate::error::{OrError, outdated, tampered};
use keywright_core::Result;
use keywright_core::accounts::{Account, Project};
use keywright_core::ids::KeyId;
use keywright_core::keys::{Key, Version};
use keywright_core::pepper::Tag;
use keywright_core::revocation::Entry;
use keywright_core::seal::Sealed;
use keywright_core::store::{Found, Lookup};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::fmt::Display;

/// See the module.
pub(crate) struct Session<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) base: &'c Base,
    /// How many entries the revocation log had before this view began. Newer ones say nothing
    /// about rows of this view.
    seen: u64,
    pub(crate) effects: Effects,
}

/// What an operation did that others have to hear of, once it is committed.
#[derive(Default)]
pub(crate) struct Effects {
    /// What it took away: for the log.
    pub(crate) narrowed: Vec<Narrowed>,
    /// Whether it gave a key a new secret, which nobody has but its caller.
    pub(crate) new_secret: bool,
    /// Whether a kind of imported secret was added.
    pub(crate) new_scheme: bool,
}

/// A narrowing change and its place in the outbox.
pub(crate) struct Narrowed {
    pub(crate) outbox: i64,
    pub(crate) entry: Entry,
}

impl<'c> Session<'c> {
    /// Takes in the revocation log. The view must begin after this.
    pub(crate) fn begin(connection: &'c Connection, base: &'c Base) -> Result<Self> {
        Ok(Self {
            connection,
            base,
            seen: base.log.refresh()?,
            effects: Effects::default(),
        })
    }

    /// A view in which rows count whatever the revocation log says of them: for putting them to
    /// rest when a backup is restored.
    #[cfg(feature = "backup")]
    pub(crate) fn of_the_past(connection: &'c Connection, base: &'c Base) -> Self {
        Self {
            connection,
            base,
            seen: 0,
            effects: Effects::default(),
        }
    }

    /// Asks for one row.
    pub(crate) fn one<P: Params, T>(
        &self,
        sql: &str,
        params: P,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql).or_error()?;
        let row = statement.query_row(params, |row| Ok(read(row)));
        row.optional().or_error()?.transpose()
    }

    /// Asks for rows.
    pub(crate) fn all<P: Params, T>(
        &self,
        sql: &str,
        params: P,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).or_error()?;
        let mut rows = statement.query(params).or_error()?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().or_error()? {
            out.push(read(row)?);
        }
        Ok(out)
    }

    /// Writes; says how many rows that changed.
    pub(crate) fn run<P: Params>(&self, sql: &str, params: P) -> Result<usize> {
        let mut statement = self.connection.prepare_cached(sql).or_error()?;
        statement.execute(params).or_error()
    }

    /// The row, if its seal is sound.
    pub(crate) fn sealed<T: Sealed>(
        &self,
        what: &str,
        id: impl Display,
        row: T,
        seal: &Tag,
    ) -> Result<T> {
        if row.has_seal(&self.base.peppers, &self.base.store_id, seal) {
            Ok(row)
        } else {
            Err(tampered(what, id))
        }
    }

    /// The seal of a row that is about to be written.
    pub(crate) fn seal(&self, row: &impl Sealed) -> [u8; 36] {
        row.seal(&self.base.peppers, &self.base.store_id).to_bytes()
    }

    fn believed<T: Sealed>(
        &self,
        what: &str,
        id: &str,
        row_version: u64,
        carried: Carried<T>,
    ) -> Result<T> {
        let row = self.sealed(what, id, carried.row, &carried.seal)?;
        if self.base.log.allows(id, row_version, self.seen) {
            Ok(row)
        } else {
            Err(outdated(what, id))
        }
    }

    pub(crate) fn believed_key(&self, columns: &mut Columns<'_, '_>, id: &str) -> Result<Key> {
        let carried = codec::key(columns).ok_or_else(|| tampered("key", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("key", id, version, carried)
    }

    pub(crate) fn believed_version(
        &self,
        columns: &mut Columns<'_, '_>,
        id: &str,
        key: KeyId,
    ) -> Result<Version> {
        let carried =
            codec::version(columns, key).ok_or_else(|| tampered("version", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("version", id, version, carried)
    }

    pub(crate) fn believed_project(&self, row: &Row<'_>) -> Result<Project> {
        let id = text(row, 0);
        let carried = codec::project(&mut Columns::of(row))
            .ok_or_else(|| tampered("project", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("project", id, version, carried)
    }

    pub(crate) fn believed_account(&self, row: &Row<'_>) -> Result<Account> {
        let id = text(row, 0);
        let carried = codec::account(&mut Columns::of(row))
            .ok_or_else(|| tampered("account", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("account", id, version, carried)
    }

    /// The version that a presented secret names, with its key: one question to the database.
    pub(crate) fn find_version(&self, lookup: &Lookup) -> Result<Option<Found>> {
        match lookup {
            Lookup::Locator(locator) => {
                let wanted = locator.as_str();
                let look = |from: &str| {
                    self.one(FROM_LOCATOR, [from], |row| {
                        let found = std::hint::black_box(self.found(row));
                        let is_it = text(row, KEY_COLUMNS + LOCATOR) == wanted;
                        if is_it { found.map(Some) } else { Ok(None) }
                    })
                };
                let found = match look(wanted)? {
                    // Behind the last locator comes the first.
                    None => look("")?,
                    found => found,
                };
                // An imported secret is not found by its handle.
                Ok(found
                    .flatten()
                    .filter(|found| found.version.lookup.is_none()))
            }
            Lookup::Foreign(candidates) => {
                for value in candidates {
                    let found = self.one(BY_LOOKUP, [value], |row| self.found(row))?;
                    if found.is_some() {
                        return Ok(found);
                    }
                }
                Ok(None)
            }
        }
    }

    fn found(&self, row: &Row<'_>) -> Result<Found> {
        let mut columns = Columns::of(row);
        let key = self.believed_key(&mut columns, text(row, 0))?;
        let version = self.believed_version(&mut columns, text(row, KEY_COLUMNS), key.id)?;
        Ok(Found { key, version })
    }
}

macro_rules! found_by {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            key_columns!(),
            ", ",
            version_columns!(),
            " FROM versions v JOIN keys k ON k.n = v.key_n LEFT JOIN uses u ON u.version_n = v.n WHERE ",
            $condition
        )
    };
}

/// The place of the locator among a version's columns.
const LOCATOR: usize = 3;

/// The row of a locator or, where there is none, of the next one: it is read and checked all the
/// same, so that an unknown locator takes as long as a known one.
pub(crate) const FROM_LOCATOR: &str = found_by!("v.locator >= ?1 ORDER BY v.locator LIMIT 1");
pub(crate) const BY_LOOKUP: &str = found_by!("v.lookup = ?1");

/// The text in a column; nothing if there is none.
pub(crate) fn text<'r>(row: &'r Row<'_>, column: usize) -> &'r str {
    row.get_ref(column)
        .ok()
        .and_then(|value| value.as_str().ok())
        .unwrap_or_default()
}

/// An id as it may stand in a message, whatever somebody wrote into its column.
fn printable(id: &str) -> String {
    id.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(40)
        .collect()
}
