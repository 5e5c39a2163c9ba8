//! The revocation log of a store that many servers share. Its entries (see
//! [`keywright_core::revocation`]) stand in the database, each written in the transaction of the
//! change that it is of. That alone would be worth little: who writes to the database could take rows
//! and log back together. So every server keeps what it has seen, in memory and where it is told to
//! in a file, holds each view of the database against that, and tells a database that was taken back
//! again what it lacks. docs/decisions/0009-postgres.md has the reasons and the limits.

use crate::codec::Columns;
use crate::error::{forged_log, internal, taken_back};
use crate::log_file::{LogFile, Saved};
use keywright_core::Result;
use keywright_core::pepper::PepperRing;
use keywright_core::revocation::{ENTRY_LEN, Entry, Narrowing, RevocationIndex};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio_postgres::Row;

/// The last entry of a view.
pub(crate) const END: &str = "SELECT seq, entry FROM revocations ORDER BY seq DESC LIMIT 1";
/// Entries behind a place, not all of them at once.
pub(crate) const BEHIND: &str =
    "SELECT seq, entry FROM revocations WHERE seq > $1 ORDER BY seq LIMIT 10000";
/// Puts entries in.
pub(crate) const INSERT: &str =
    "INSERT INTO revocations (seq, entry) SELECT * FROM unnest($1::bigint[], $2::bytea[])";

/// An entry as it is stored.
pub(crate) type Sealed = [u8; ENTRY_LEN];

/// Where the log ends in a view.
#[derive(Default)]
pub(crate) struct End {
    pub(crate) entries: u64,
    last: Vec<u8>,
}

impl End {
    /// From the columns of [`END`].
    pub(crate) fn read(from: &mut Columns<'_>) -> Option<Self> {
        Some(Self {
            entries: from.count()?,
            last: from.bytes()?.to_vec(),
        })
    }
}

/// How this server stands to a view.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// It knows all that the view has.
    Current,
    /// It knows only so many entries.
    Behind(u64),
    /// The view lacks what this server has seen: the database was taken back.
    TakenBack,
}

/// See the module.
pub(crate) struct Log {
    peppers: Arc<PepperRing>,
    store_id: String,
    known: RwLock<Known>,
    file: Option<(LogFile, Mutex<Saved>)>,
    taken_back: AtomicBool,
}

/// What this server has seen.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) index: RevocationIndex,
    last: Option<Sealed>,
    /// What the file has still to take, if there is one.
    unsaved: Vec<Sealed>,
}

impl Known {
    /// Takes in the entry that stands at this place. False if it isn't the next one, or is forged.
    pub(crate) fn take(
        &mut self,
        peppers: &PepperRing,
        store_id: &str,
        place: u64,
        entry: &[u8],
        keep: bool,
    ) -> bool {
        let Ok(sealed) = Sealed::try_from(entry) else {
            return false;
        };
        let is_next = place == self.index.entries() + 1;
        if !is_next || self.index.read(peppers, store_id, &sealed).is_none() {
            return false;
        }
        self.last = Some(sealed);
        if keep {
            self.unsaved.push(sealed);
        }
        true
    }
}

impl Log {
    pub(crate) fn new(
        peppers: Arc<PepperRing>,
        store_id: String,
        known: Known,
        file: Option<(LogFile, Saved)>,
    ) -> Self {
        Self {
            peppers,
            store_id,
            known: RwLock::new(known),
            file: file.map(|(file, saved)| (file, Mutex::new(saved))),
            taken_back: AtomicBool::new(false),
        }
    }

    /// How many entries this server has seen.
    pub(crate) fn entries(&self) -> u64 {
        self.known().index.entries()
    }

    /// Whether a row may be believed that is of a view with so many entries.
    pub(crate) fn allows(&self, id: &str, row_version: u64, entries: u64) -> bool {
        self.known().index.allows_at(id, row_version, entries)
    }

    /// How a view stands to what this server knows, which knew `before` entries before it began.
    pub(crate) fn stand(&self, before: u64, end: &End) -> Stand {
        let known = self.known();
        let entries = known.index.entries();
        if end.entries < before {
            return Stand::TakenBack;
        }
        if end.entries > entries {
            return Stand::Behind(entries);
        }
        // Another thread may be ahead of the view. Where it isn't, both must end alike.
        let ours = known.last.as_ref().map_or(&[][..], |last| last.as_slice());
        if end.entries == entries && ours != end.last.as_slice() {
            return Stand::TakenBack;
        }
        Stand::Current
    }

    /// Takes in rows of [`BEHIND`].
    pub(crate) fn take_in(&self, rows: &[Row]) -> Result<()> {
        let mut known = self.known_mut();
        for row in rows {
            let mut columns = Columns::of(row);
            let (Some(place), Some(entry)) = (columns.count(), columns.bytes()) else {
                return Err(forged_log(known.index.entries() + 1));
            };
            self.take(&mut known, place, entry)?;
        }
        if rows.is_empty() {
            // The view ends later than its rows do.
            self.note_taken_back();
            return Err(taken_back());
        }
        Ok(())
    }

    /// Takes in what this server has just committed itself.
    pub(crate) fn take_in_own(&self, first: u64, entries: &[Sealed]) -> Result<()> {
        let mut known = self.known_mut();
        for (place, entry) in (first..).zip(entries) {
            self.take(&mut known, place, entry)?;
        }
        Ok(())
    }

    fn take(&self, known: &mut Known, place: u64, entry: &[u8]) -> Result<()> {
        if place <= known.index.entries() {
            // Another thread was faster.
            return Ok(());
        }
        if known.take(
            &self.peppers,
            &self.store_id,
            place,
            entry,
            self.file.is_some(),
        ) {
            return Ok(());
        }
        // A forgery, or the chain of another past: whoever looks through all of it finds out.
        self.note_taken_back();
        Err(taken_back())
    }

    /// The bytes of entries that come next, and the place of the first.
    pub(crate) fn seal(&self, entries: &[Entry]) -> Result<(u64, Vec<Sealed>)> {
        let known = self.known();
        let sealed = known
            .index
            .sealed_behind(&self.peppers, &self.store_id, entries);
        let sealed =
            sealed.ok_or_else(|| internal("an id does not fit into the revocation log"))?;
        Ok((known.index.entries() + 1, sealed))
    }

    /// The database was found to lack what this server has seen.
    pub(crate) fn note_taken_back(&self) {
        if !self.taken_back.swap(true, Ordering::AcqRel) {
            tracing::error!(target: "keywright", "the database was taken back to an older state than this server has seen");
        }
    }

    /// Whether that is still to be put right.
    pub(crate) fn is_taken_back(&self) -> bool {
        self.taken_back.load(Ordering::Acquire)
    }

    /// What this server knows and another index doesn't.
    pub(crate) fn lacking_in(&self, other: &RevocationIndex) -> Vec<Entry> {
        lacking(&self.known().index, other)
    }

    /// From now on the log is this one.
    pub(crate) fn replace(&self, known: Known) {
        *self.known_mut() = known;
        self.taken_back.store(false, Ordering::Release);
    }

    /// Whether the file's last entry stands at its place in the database's log, too. Where it doesn't
    /// (the two have parted, and been told of each other's), it is written anew at the next saving.
    pub(crate) fn compare_file(&self, all: &[Sealed]) {
        let Some((_, saved)) = &self.file else {
            return;
        };
        let mut saved = saved.lock().unwrap_or_else(PoisonError::into_inner);
        if !saved.is_within(all) {
            *saved = Saved::default();
        }
    }

    /// Brings the file up to what is known. False if it has to be written anew, by
    /// [`Log::save_all`].
    pub(crate) fn save(&self) -> Result<bool> {
        let Some((file, saved)) = &self.file else {
            return Ok(true);
        };
        let mut saved = saved.lock().unwrap_or_else(PoisonError::into_inner);
        let (entries, unsaved) = {
            let known = self.known();
            (known.index.entries(), known.unsaved.clone())
        };
        if unsaved.is_empty() && saved.entries == entries {
            return Ok(true);
        }
        if saved.entries + unsaved.len() as u64 != entries
            || !file.append(&self.store_id, &mut saved, &unsaved)?
        {
            return Ok(false);
        }
        self.known_mut().unsaved.drain(..unsaved.len());
        Ok(true)
    }

    /// Writes the file anew.
    pub(crate) fn save_all(&self, all: &[Sealed]) -> Result<()> {
        let Some((file, saved)) = &self.file else {
            return Ok(());
        };
        let mut saved = saved.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&self.store_id, &mut saved, all)?;
        let mut known = self.known_mut();
        // What was taken in meanwhile is still to be saved.
        let later = known.index.entries().saturating_sub(saved.entries);
        let done = known
            .unsaved
            .len()
            .saturating_sub(usize::try_from(later).unwrap_or(usize::MAX));
        known.unsaved.drain(..done);
        Ok(())
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The floors that `index` sets and `other` doesn't, in the order in which they were set.
pub(crate) fn lacking(index: &RevocationIndex, other: &RevocationIndex) -> Vec<Entry> {
    let mut floors: Vec<_> = index
        .floors()
        .filter(|(id, floor)| {
            let theirs = other.floor(id);
            theirs.is_none_or(|theirs| theirs.row_version < floor.row_version)
        })
        .collect();
    floors.sort_unstable_by_key(|(_, floor)| floor.entry);
    let told_again = |(id, floor): (&str, keywright_core::revocation::Floor)| Entry {
        id: id.to_owned(),
        row_version: floor.row_version,
        kind: Narrowing::Ended,
    };
    floors.into_iter().map(told_again).collect()
}
