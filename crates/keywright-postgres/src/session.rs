//! One view of the database, and the checks that every row passes on its way out of it: its seal,
//! and the revocation log. Reading is in rows.rs, writing in tx.rs.

use crate::base::Base;
use crate::codec::{self, Carried, Columns, KEY_COLUMNS, key_columns, version_columns};
use crate::error::{self, Meaning, outdated, tampered};
use crate::link::{Link, Params, Trouble};
use crate::log::{self, End, Stand};
use keywright_core::Result;
use keywright_core::accounts::{Account, Project};
use keywright_core::ids::KeyId;
use keywright_core::keys::{Key, Version};
use keywright_core::pepper::Tag;
use keywright_core::revocation::Entry;
use keywright_core::seal::Sealed;
use keywright_core::store::{Found, Lookup};
use std::fmt::Display;
use tokio_postgres::Row;

/// See the module.
pub(crate) struct Session<'c> {
    pub(crate) link: &'c mut Link,
    pub(crate) base: &'c Base,
    /// How many entries of the revocation log this server had seen before this view began: a view
    /// of the primary never has fewer.
    before: u64,
    /// How many entries the view has. Newer ones say nothing about its rows.
    seen: u64,
    pub(crate) effects: Effects,
    /// The first thing that the database refused. An operation may have overlooked it, but its
    /// transaction is void from there on.
    trouble: Option<Trouble>,
}

/// What an operation did that others have to hear of, once it is committed.
#[derive(Default)]
pub(crate) struct Effects {
    /// What it took away: for the log.
    pub(crate) narrowed: Vec<Entry>,
    /// Whether it gave a key a new secret, which nobody has but its caller.
    pub(crate) new_secret: bool,
    /// Whether a kind of imported secret was added.
    pub(crate) new_scheme: bool,
}

impl<'c> Session<'c> {
    /// A view that is still to begin.
    pub(crate) fn new(link: &'c mut Link, base: &'c Base) -> Self {
        let before = base.log.entries();
        Self {
            link,
            base,
            before,
            seen: before,
            effects: Effects::default(),
            trouble: None,
        }
    }

    /// Begins the view of a transaction, and takes in the revocation log up to there.
    pub(crate) fn begin(&mut self) -> Result<()> {
        let rows = self.rows(log::END, &[])?;
        let end = rows.first().map_or_else(End::default, |row| {
            End::read(&mut Columns::of(row)).unwrap_or_default()
        });
        self.catch_up(&end)
    }

    /// Takes in what the log has more than this server knows, where the view has that.
    fn catch_up(&mut self, end: &End) -> Result<()> {
        loop {
            match self.base.log.stand(self.before, end) {
                Stand::Current => break,
                Stand::TakenBack => {
                    self.base.log.note_taken_back();
                    return Err(error::taken_back());
                }
                Stand::Behind(known) => {
                    let rows = self.rows(log::BEHIND, &[&codec::integer(known)])?;
                    self.base.log.take_in(&rows)?;
                }
            }
        }
        self.seen = end.entries;
        Ok(())
    }

    /// What the database refused since this was asked last.
    pub(crate) fn take_trouble(&mut self) -> Option<Trouble> {
        self.trouble.take()
    }

    /// Asks for rows.
    pub(crate) fn rows(&mut self, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
        self.sound()?;
        let rows = self.link.query(sql, params);
        self.noted(rows)
    }

    /// Writes; says how many rows that changed.
    pub(crate) fn run(&mut self, sql: &str, params: Params<'_>) -> Result<u64> {
        self.sound()?;
        let changed = self.link.execute(sql, params);
        self.noted(changed)
    }

    /// Refuses to ask on in a transaction that is void.
    fn sound(&self) -> Result<()> {
        match &self.trouble {
            Some(trouble) => Err(trouble.error.clone()),
            None => Ok(()),
        }
    }

    fn noted<T>(&mut self, outcome: Result<T, Trouble>) -> Result<T> {
        outcome.map_err(|trouble| {
            let error = trouble.error.clone();
            self.trouble.get_or_insert(trouble);
            error
        })
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
    pub(crate) fn seal(&self, row: &impl Sealed) -> Vec<u8> {
        let seal = row.seal(&self.base.peppers, &self.base.store_id);
        seal.to_bytes().to_vec()
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

    pub(crate) fn believed_key(&self, columns: &mut Columns<'_>, id: &str) -> Result<Key> {
        let carried = codec::key(columns).ok_or_else(|| tampered("key", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("key", id, version, carried)
    }

    pub(crate) fn believed_version(
        &self,
        columns: &mut Columns<'_>,
        id: &str,
        key: KeyId,
    ) -> Result<Version> {
        let carried =
            codec::version(columns, key).ok_or_else(|| tampered("version", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("version", id, version, carried)
    }

    pub(crate) fn believed_project(&self, row: &Row) -> Result<Project> {
        let id = text(row, 0);
        let carried = codec::project(&mut Columns::of(row))
            .ok_or_else(|| tampered("project", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("project", id, version, carried)
    }

    pub(crate) fn believed_account(&self, row: &Row) -> Result<Account> {
        let id = text(row, 0);
        let carried = codec::account(&mut Columns::of(row))
            .ok_or_else(|| tampered("account", printable(id)))?;
        let version = carried.row.row_version;
        self.believed("account", id, version, carried)
    }

    /// The version that a presented secret names, with its key: one question to the database, which
    /// also says how far the revocation log goes, and that the server is no standby by now.
    pub(crate) fn find_version(&mut self, lookup: &Lookup) -> Result<Option<Found>> {
        match lookup {
            Lookup::Locator(locator) => {
                let wanted = locator.as_str();
                let mut row = self.row(FROM_LOCATOR, &[&wanted])?;
                if row.is_none() {
                    // Behind the last locator comes the first.
                    row = self.row(FROM_LOCATOR, &[&""])?;
                }
                let Some(row) = row else { return Ok(None) };
                self.see(&row)?;
                let found = std::hint::black_box(self.found(&row));
                if text(&row, KEY_COLUMNS + LOCATOR) != wanted {
                    return Ok(None);
                }
                // An imported secret is not found by its handle.
                found.map(|found| Some(found).filter(|it| it.version.lookup.is_none()))
            }
            Lookup::Foreign(candidates) => {
                for value in candidates {
                    if let Some(row) = self.row(BY_LOOKUP, &[value])? {
                        self.see(&row)?;
                        return self.found(&row).map(Some);
                    }
                }
                Ok(None)
            }
        }
    }

    fn row(&mut self, sql: &str, params: Params<'_>) -> Result<Option<Row>> {
        Ok(self.rows(sql, params)?.into_iter().next())
    }

    /// Takes in how far the log goes in the view that gave this row.
    fn see(&mut self, row: &Row) -> Result<()> {
        let mut columns = Columns::behind(row, KEY_COLUMNS + VERSION_COLUMNS);
        if columns.boolean() != Some(false) {
            let trouble = Trouble {
                meaning: Meaning::Lost,
                error: error::read_only(),
            };
            self.link.give_up();
            return self.noted(Err(trouble));
        }
        let end = End::read(&mut columns).unwrap_or_default();
        self.catch_up(&end)
    }

    fn found(&self, row: &Row) -> Result<Found> {
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
            ", pg_is_in_recovery(), r.seq, r.entry \
             FROM versions v JOIN keys k ON k.n = v.key_n LEFT JOIN uses u ON u.version_n = v.n \
             LEFT JOIN (SELECT seq, entry FROM revocations ORDER BY seq DESC LIMIT 1) r ON true \
             WHERE ",
            $condition
        )
    };
}

/// The place of the locator among a version's columns, and how many these are.
const LOCATOR: usize = 3;
const VERSION_COLUMNS: usize = 14;

/// The row of a locator or, where there is none, of the next one: it is read and checked all the
/// same, so that an unknown locator takes as long as a known one.
const FROM_LOCATOR: &str = found_by!("v.locator >= $1 ORDER BY v.locator LIMIT 1");
const BY_LOOKUP: &str = found_by!("v.lookup = $1");

/// The text in a column; nothing if there is none.
pub(crate) fn text(row: &Row, column: usize) -> &str {
    row.try_get(column).unwrap_or_default()
}

/// An id as it may stand in a message, whatever somebody wrote into its column.
fn printable(id: &str) -> String {
    id.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(40)
        .collect()
}
