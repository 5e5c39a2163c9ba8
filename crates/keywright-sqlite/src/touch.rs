//! Uses: collected in memory, so that a verify never waits for them, and written by the writer
//! within a second: when the last was, and how many there were on which day. They say nothing that
//! a decision hangs on, and carry no seal.

use crate::codec::{self, Columns, daily_column};
use keywright_core::daily::{DailyCounts, Day};
use keywright_core::ids::VersionId;
use keywright_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The uses of each version.
pub(crate) type Uses = HashMap<VersionId, Used>;

/// The uses of one version. Almost always all are on one day, which then takes no room of its own.
pub(crate) struct Used {
    last: Timestamp,
    day: Day,
    count: u64,
    /// Those on other days.
    others: DailyCounts,
}

impl Used {
    fn unused(at: Timestamp) -> Self {
        Self {
            last: at,
            day: Day::of(at),
            count: 0,
            others: DailyCounts::default(),
        }
    }

    fn add(&mut self, at: Timestamp) {
        self.last = at.max(self.last);
        let day = Day::of(at);
        if day != self.day {
            self.others.add(self.day, self.count);
            (self.day, self.count) = (day, 0);
        }
        self.count = self.count.saturating_add(1);
    }

    fn add_all(&mut self, other: &Self) {
        self.last = other.last.max(self.last);
        self.others.add(other.day, other.count);
        self.others.add_all(&other.others);
    }

    /// Adds all counts to those that are there.
    pub(crate) fn count_into(&self, counts: &mut DailyCounts) {
        counts.add_all(&self.others);
        counts.add(self.day, self.count);
    }
}

/// Uses that aren't written yet.
#[derive(Default)]
pub(crate) struct Touches(Mutex<Uses>);

impl Touches {
    /// Notes a use.
    pub(crate) fn add(&self, version: VersionId, at: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        uses.entry(version)
            .or_insert_with(|| Used::unused(at))
            .add(at);
    }

    /// Hands out all that is there.
    pub(crate) fn take(&self) -> Uses {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes back what could not be written.
    pub(crate) fn put_back(&self, unwritten: Uses) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (version, used) in unwritten {
            uses.entry(version)
                .and_modify(|newer| newer.add_all(&used))
                .or_insert(used);
        }
    }
}

/// The same uses, as if they had been counted already: only when the last was.
pub(crate) fn without_counts(mut uses: Uses) -> Uses {
    for used in uses.values_mut() {
        used.count = 0;
        used.others = DailyCounts::default();
    }
    uses
}

pub(crate) const USES_SO_FAR: &str = concat!(
    "SELECT v.n, ",
    daily_column!(),
    " FROM versions v LEFT JOIN uses u ON u.version_n = v.n WHERE v.id = ?1"
);

const WRITE: &str = "INSERT INTO uses (version_n, last_used_at, daily) VALUES (?1, ?2, ?3) \
    ON CONFLICT (version_n) DO UPDATE SET \
    last_used_at = max(last_used_at, excluded.last_used_at), daily = excluded.daily";

/// Writes uses, within a transaction; a time never goes back, counts are added to those that are
/// there, and a version that is gone is passed over.
pub(crate) fn write(connection: &Connection, uses: &Uses) -> rusqlite::Result<()> {
    if uses.is_empty() {
        return Ok(());
    }
    let mut so_far = connection.prepare_cached(USES_SO_FAR)?;
    let mut write = connection.prepare_cached(WRITE)?;
    for (version, used) in uses {
        let found = so_far.query_row([version.to_string()], |row| {
            let place: i64 = row.get(0)?;
            Ok((place, codec::daily(&mut Columns::behind(row, 1))))
        });
        let Some((place, mut counts)) = found.optional()? else {
            continue;
        };
        used.count_into(&mut counts);
        write.execute(params![place, used.last.unix(), counts.to_bytes()])?;
    }
    Ok(())
}
