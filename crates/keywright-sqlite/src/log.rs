//! The revocation log as a file beside the database: a header (see [`crate::log_file`]), then entries
//! of one length (see [`keywright_core::revocation`]). It is opened once and only ever grows. Whoever appends
//! holds the file's lock, takes in what others have appended, cuts off what a crash left torn,
//! writes, and waits for the disk. Readers look at its length before they look at the database.

pub(crate) use crate::disk::sync_folder;
use crate::disk::{length, lock, read_at, write_at};
use crate::error::{file as file_error, internal, unconfirmed};
#[cfg(feature = "backup")]
pub(crate) use crate::log_file::entries_in;
#[cfg(feature = "backup")]
use crate::log_file::is_in_place;
use crate::log_file::{HEADER_LEN, place_of};
pub(crate) use crate::log_file::{LockedFile, path_beside};
use keywright_core::pepper::PepperRing;
use keywright_core::revocation::{ENTRY_LEN, Entry, RevocationIndex};
use keywright_core::{Error, ErrorCode, Result};
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many entries are read at once.
const CHUNK: usize = 4096;

/// The log of an open store.
pub(crate) struct RevocationLog {
    path: PathBuf,
    file: File,
    peppers: Arc<PepperRing>,
    store_id: String,
    /// Up to where the file has been read.
    end: AtomicU64,
    entries: AtomicU64,
    /// How many entries there were when the disk last confirmed that it has them all. What others
    /// have appended may be in the system's memory only.
    confirmed: AtomicU64,
    /// Whether the disk has failed to confirm what was written.
    doubted: AtomicBool,
    index: RwLock<RevocationIndex>,
    /// As if the disk refused to take anything.
    #[cfg(test)]
    pub(crate) refuses: AtomicBool,
    /// As if the disk lost what it took.
    #[cfg(test)]
    pub(crate) loses: AtomicBool,
}

impl RevocationLog {
    /// Reads the whole log. `known` is how many entries the database knows the disk to have, where
    /// there is a database. The lock stays until [`RevocationLog::unlock`]; nothing is written.
    pub(crate) fn read(
        file: LockedFile,
        peppers: Arc<PepperRing>,
        store_id: &str,
        known: Option<u64>,
    ) -> Result<Self> {
        let LockedFile { path, file } = file;
        let log = Self {
            path,
            file,
            peppers,
            store_id: store_id.to_owned(),
            end: AtomicU64::new(HEADER_LEN as u64),
            entries: AtomicU64::new(0),
            confirmed: AtomicU64::new(0),
            doubted: AtomicBool::new(false),
            index: RwLock::default(),
            #[cfg(test)]
            refuses: AtomicBool::new(false),
            #[cfg(test)]
            loses: AtomicBool::new(false),
        };
        let all = log.take_in(&mut log.write_index(), length(&log.file, &log.path)?)?;
        // A power cut may leave some of what was written last, and in any order. All that the
        // database doesn't count yet is still in its outbox.
        if !all && known.is_none_or(|known| log.entries() < known) {
            return Err(log.forged());
        }
        Ok(log)
    }

    /// Takes in what has been appended since, and says how many entries there are now. Costs one
    /// question to the system for the file's length where there is nothing new.
    pub(crate) fn refresh(&self) -> Result<u64> {
        // In this order: another thread may read on in between, and is then ahead of `len`.
        let end = self.end.load(Ordering::Acquire);
        let len = length(&self.file, &self.path)?;
        if len < end {
            return Err(self.cut_short());
        }
        // Less than an entry is one that is just being written, or was torn by a crash.
        if len - end < ENTRY_LEN as u64 {
            return Ok(self.entries());
        }
        self.take_in_all(&mut self.write_index(), len)?;
        Ok(self.entries())
    }

    /// Whether a row may be believed that was read after the log had `entries` entries.
    pub(crate) fn allows(&self, id: &str, row_version: u64, entries: u64) -> bool {
        self.index().allows_at(id, row_version, entries)
    }

    /// How many entries there are.
    pub(crate) fn entries(&self) -> u64 {
        self.entries.load(Ordering::Acquire)
    }

    /// How many entries the disk has for sure.
    pub(crate) fn confirmed(&self) -> u64 {
        self.confirmed.load(Ordering::Acquire)
    }

    /// Whether the disk has failed to confirm an entry. The system forgets such a failure once it
    /// has told it: asked again, it would say that all is well.
    pub(crate) fn is_doubted(&self) -> bool {
        self.doubted.load(Ordering::Acquire)
    }

    /// Appends what isn't covered yet and waits until it is on the disk.
    pub(crate) fn append(&self, wanted: &[Entry]) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        lock(&self.file, &self.path)?;
        let appended = self.append_locked(wanted);
        let unlocked = self.unlock();
        appended.and(unlocked)
    }

    /// Lets go of the file's lock.
    pub(crate) fn unlock(&self) -> Result<()> {
        self.file.unlock().map_err(|error| {
            file_error("the revocation log can't be unlocked:", &self.path, &error)
        })
    }

    /// As [`RevocationLog::append`], for whoever holds the lock already.
    pub(crate) fn append_locked(&self, wanted: &[Entry]) -> Result<()> {
        if self.is_doubted() {
            return Err(unconfirmed());
        }
        self.refresh()?;
        self.write_behind(wanted)?;
        self.confirm()
    }

    /// Writes what isn't covered yet behind the last entry.
    fn write_behind(&self, wanted: &[Entry]) -> Result<()> {
        let mut index = self.write_index();
        self.take_in_all(&mut index, length(&self.file, &self.path)?)?;
        self.cut_torn_end()?;
        let end = self.end.load(Ordering::Acquire);
        let mut bytes = Vec::with_capacity(wanted.len() * ENTRY_LEN);
        for entry in wanted {
            let covered = index
                .floor(&entry.id)
                .is_some_and(|floor| floor.row_version >= entry.row_version);
            if !covered {
                let entry = index
                    .append(&self.peppers, &self.store_id, entry)
                    .ok_or_else(|| internal("an id does not fit into the revocation log"))?;
                bytes.extend_from_slice(&entry);
            }
        }
        let written = write_at(&self.file, &bytes, end);
        #[cfg(test)]
        let written = if self.refuses.load(Ordering::SeqCst) {
            // As after a write that got only half as far.
            let half = end + bytes.len() as u64 / 2;
            let cut = self.file.set_len(half);
            cut.and(Err(io::ErrorKind::StorageFull.into()))
        } else {
            written
        };
        if let Err(error) = written {
            // The index is ahead of the file now: go back to what the file holds. Whole entries stay,
            // since others may have read them.
            *index = RevocationIndex::default();
            self.end.store(HEADER_LEN as u64, Ordering::Release);
            self.take_in_all(&mut index, length(&self.file, &self.path)?)?;
            return Err(self.not_written(&error));
        }
        self.entries.store(index.entries(), Ordering::Release);
        self.end.store(end + bytes.len() as u64, Ordering::Release);
        Ok(())
    }

    /// Waits for the disk, also where there was nothing to write: another process may have written
    /// and not yet waited. Nobody who verifies has to wait for this.
    fn confirm(&self) -> Result<()> {
        let entries = self.entries();
        let confirmed = self.file.sync_data();
        #[cfg(test)]
        let confirmed = if self.loses.load(Ordering::SeqCst) {
            Err(io::ErrorKind::Other.into())
        } else {
            confirmed
        };
        if let Err(error) = confirmed {
            self.doubted.store(true, Ordering::Release);
            tracing::error!(target: "keywright", "the revocation log was not confirmed: {error}");
            return Err(unconfirmed());
        }
        self.confirmed.fetch_max(entries, Ordering::AcqRel);
        Ok(())
    }

    /// Takes away what a power cut left behind the last whole entry, and writes once more what the
    /// disk may lack of those that are not `known` to be there. Where it has failed before, the
    /// system holds them in memory and believes them written: waiting alone would change nothing.
    /// The caller holds the file's lock.
    pub(crate) fn mend(&self, known: u64) -> Result<()> {
        self.cut_torn_end()?;
        let (start, end) = (place_of(known), self.end.load(Ordering::Acquire));
        let mut bytes = vec![0; usize::try_from(end.saturating_sub(start)).unwrap_or(0)];
        self.read_at(&mut bytes, start)?;
        write_at(&self.file, &bytes, start).map_err(|error| self.not_written(&error))
    }

    /// Takes away what a crash left behind the last whole entry. The caller holds the file's lock,
    /// and has made sure that it is no more than that.
    pub(crate) fn cut_torn_end(&self) -> Result<()> {
        let end = self.end.load(Ordering::Acquire);
        if length(&self.file, &self.path)? > end {
            tracing::warn!(target: "keywright", "cut a torn entry off the revocation log");
            self.file
                .set_len(end)
                .map_err(|error| self.not_written(&error))?;
        }
        Ok(())
    }

    fn take_in_all(&self, index: &mut RevocationIndex, len: u64) -> Result<()> {
        if self.take_in(index, len)? {
            Ok(())
        } else {
            Err(self.forged())
        }
    }

    /// Reads whole entries from where reading ended up to `len`. Says whether nothing but an end
    /// that a crash left torn stands behind them.
    fn take_in(&self, index: &mut RevocationIndex, len: u64) -> Result<bool> {
        let mut end = self.end.load(Ordering::Acquire);
        if len <= end {
            return Ok(true);
        }
        let mut buffer = vec![0; ENTRY_LEN * CHUNK];
        while len - end >= ENTRY_LEN as u64 {
            let whole = usize::try_from((len - end) / ENTRY_LEN as u64).unwrap_or(CHUNK);
            let part = &mut buffer[..whole.min(CHUNK) * ENTRY_LEN];
            self.read_at(part, end)?;
            for bytes in part.chunks_exact(ENTRY_LEN) {
                let Ok(bytes) = <&[u8; ENTRY_LEN]>::try_from(bytes) else {
                    return Err(internal(
                        "an entry of the revocation log has another length",
                    ));
                };
                if index.read(&self.peppers, &self.store_id, bytes).is_none() {
                    return self.ends_in_zeros(end, len);
                }
                end += ENTRY_LEN as u64;
                self.entries.store(index.entries(), Ordering::Release);
                self.end.store(end, Ordering::Release);
            }
        }
        Ok(true)
    }

    /// After a power cut a file may end in zeros that nobody wrote. Entries never stand behind them.
    fn ends_in_zeros(&self, start: u64, len: u64) -> Result<bool> {
        let mut buffer = vec![0; ENTRY_LEN * CHUNK];
        let mut at = start;
        while at < len {
            let left = usize::try_from(len - at).unwrap_or(usize::MAX);
            let part = &mut buffer[..left.min(ENTRY_LEN * CHUNK)];
            self.read_at(part, at)?;
            if part.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            at += part.len() as u64;
        }
        Ok(true)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<()> {
        read_at(&self.file, buffer, offset)
            .map_err(|error| file_error("the revocation log can't be read:", &self.path, &error))
    }

    /// Whether its file still has its name.
    #[cfg(feature = "backup")]
    pub(crate) fn is_in_place(&self) -> bool {
        is_in_place(&self.file, &self.path)
    }

    /// The file, and how many bytes of it are whole by now.
    #[cfg(feature = "backup")]
    pub(crate) fn whole(&self) -> Result<(&std::path::Path, u64)> {
        self.refresh()?;
        Ok((&self.path, self.end.load(Ordering::Acquire)))
    }

    /// Reads all entries again, in order.
    #[cfg(feature = "backup")]
    pub(crate) fn all(&self) -> Result<Vec<Entry>> {
        let end = self.end.load(Ordering::Acquire);
        let len = usize::try_from(end).unwrap_or(usize::MAX) - HEADER_LEN;
        let mut bytes = vec![0; len];
        self.read_at(&mut bytes, HEADER_LEN as u64)?;
        let mut index = RevocationIndex::default();
        let mut entries = Vec::with_capacity(len / ENTRY_LEN);
        for bytes in bytes.chunks_exact(ENTRY_LEN) {
            let entry = <&[u8; ENTRY_LEN]>::try_from(bytes)
                .ok()
                .and_then(|bytes| index.read(&self.peppers, &self.store_id, bytes));
            entries.push(entry.ok_or_else(|| self.forged())?);
        }
        Ok(entries)
    }

    fn index(&self) -> RwLockReadGuard<'_, RevocationIndex> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_index(&self) -> RwLockWriteGuard<'_, RevocationIndex> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn not_written(&self, error: &io::Error) -> Error {
        file_error("the revocation log can't be written:", &self.path, error)
    }

    fn cut_short(&self) -> Error {
        Error::new(
            ErrorCode::Tampered,
            format!("the revocation log {} was cut short", self.path.display()),
        )
        .hint("put the file back as it was, or restore a backup; until then nothing is verified")
    }

    /// The entry behind those that were read is none.
    fn forged(&self) -> Error {
        let entry = self.entries() + 1;
        Error::new(
            ErrorCode::Tampered,
            format!(
                "entry {entry} of the revocation log {} was not written by keywright with this pepper",
                self.path.display()
            ),
        )
        .hint("put the file back as it was, or restore a backup; until then nothing is verified")
    }
}
