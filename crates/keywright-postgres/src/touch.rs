//! Uses: collected in memory, so that a verify never waits for them, and written by the writer
//! within a second: when the last was, and how many there were on which day. They say nothing that
//! a decision hangs on, and carry no seal.

use crate::codec::{self, Columns, daily_column};
use crate::link::{Link, Trouble};
use keywright_core::daily::{DailyCounts, Day};
use keywright_core::ids::VersionId;
use keywright_core::time::Timestamp;
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

const SO_FAR: &str = concat!(
    "SELECT v.id, v.n, ",
    daily_column!(),
    " FROM versions v LEFT JOIN uses u ON u.version_n = v.n WHERE v.id = ANY($1)"
);

const WRITE: &str = "INSERT INTO uses (version_n, last_used_at, daily) \
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) \
    ON CONFLICT (version_n) DO UPDATE SET \
    last_used_at = greatest(uses.last_used_at, excluded.last_used_at), daily = excluded.daily";

/// Begins a transaction in which nobody else counts. Each of its statements sees what was committed
/// before it.
pub(crate) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; \
    LOCK TABLE uses IN SHARE ROW EXCLUSIVE MODE";

/// Writes uses, within such a transaction; a time never goes back, counts are added to those that
/// are there, and a version that is gone is passed over.
pub(crate) fn write(link: &mut Link, uses: &Uses) -> Result<(), Trouble> {
    let ids: Vec<String> = uses.keys().map(ToString::to_string).collect();
    let (mut places, mut times, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for row in link.query(SO_FAR, &[&ids])? {
        let mut columns = Columns::of(&row);
        let of_version = columns
            .text()
            .and_then(VersionId::parse)
            .and_then(|id| uses.get(&id));
        let (Some(of_version), Some(place)) = (of_version, columns.integer()) else {
            continue;
        };
        let mut so_far = codec::daily(&mut columns);
        of_version.count_into(&mut so_far);
        places.push(place);
        times.push(of_version.last.unix());
        counts.push(so_far.to_bytes());
    }
    if !places.is_empty() {
        link.execute(WRITE, &[&places, &times, &counts])?;
    }
    Ok(())
}
