//! Last uses: collected in memory, so that a verify never waits for them, and written by the
//! writer within a second. They say nothing that a decision hangs on, and carry no seal.

use keywright_core::ids::VersionId;
use keywright_core::time::Timestamp;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Uses that aren't written yet.
#[derive(Default)]
pub(crate) struct Touches(Mutex<HashMap<VersionId, Timestamp>>);

impl Touches {
    /// Notes a use.
    pub(crate) fn add(&self, version: VersionId, at: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = uses.entry(version).or_insert(at);
        *last = at.max(*last);
    }

    /// Hands out all that is there.
    pub(crate) fn take(&self) -> HashMap<VersionId, Timestamp> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes back what could not be written.
    pub(crate) fn put_back(&self, uses: HashMap<VersionId, Timestamp>) {
        for (version, at) in uses {
            self.add(version, at);
        }
    }
}

/// Writes uses; a time never goes back, and a version that is gone is passed over.
pub(crate) fn write(
    connection: &Connection,
    uses: &HashMap<VersionId, Timestamp>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO uses (version_n, last_used_at) SELECT n, ?2 FROM versions WHERE id = ?1 \
         ON CONFLICT (version_n) DO UPDATE SET last_used_at = excluded.last_used_at \
         WHERE excluded.last_used_at > last_used_at",
    )?;
    for (version, at) in uses {
        statement.execute((version.to_string(), at.unix()))?;
    }
    Ok(())
}
