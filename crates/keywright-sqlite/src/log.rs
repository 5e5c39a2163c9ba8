//! The revocation log as a file beside the database: a header line, then entries of one length
//! (see [`keywright_core::revocation`]). It is opened once and only ever grows. Whoever appends
//! holds the file's lock, takes in what others have appended, cuts off what a crash left torn,
//! writes, and waits for the disk. Readers look at its length before they look at the database.

pub(crate) use crate::disk::sync_folder;
use crate::disk::{length, lock, read_at, write_at};
use crate::error::{file as file_error, internal, unconfirmed};
use keywright_core::pepper::PepperRing;
use keywright_core::revocation::{ENTRY_LEN, Entry, RevocationIndex};
use keywright_core::{Error, ErrorCode, Result};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

const MAGIC: &[u8] = b"keywright revocation log 1\n";
const STORE_ID_LEN: usize = 38;
/// The first line says what this is, the second whose.
const HEADER_LEN: usize = MAGIC.len() + STORE_ID_LEN + 1;
/// How many entries are read at once.
const CHUNK: usize = 4096;

/// The log's place beside its database.
pub(crate) fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".revocations");
    PathBuf::from(name)
}

/// The log's file, open and locked until it is dropped.
pub(crate) struct LockedFile {
    pub(crate) path: PathBuf,
    file: File,
}

impl LockedFile {
    /// Opens the log of a database and waits for its lock; makes an empty one if `create`.
    /// `None` if there is none.
    pub(crate) fn open(path: PathBuf, create: bool) -> Result<Option<Self>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(create);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = match options.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !create => return Ok(None),
            Err(error) => {
                return Err(file_error(
                    "the revocation log can't be opened:",
                    &path,
                    &error,
                ));
            }
        };
        lock(&file, &path)?;
        Ok(Some(Self { path, file }))
    }

    /// The id of the store that the log belongs to; `None` if it is still empty.
    pub(crate) fn store_id(&self) -> Result<Option<String>> {
        let len = length(&self.file, &self.path)?;
        if len == 0 {
            return Ok(None);
        }
        let mut header = [0; HEADER_LEN];
        let no_log = || {
            Error::new(
                ErrorCode::Tampered,
                format!("{} is not a revocation log", self.path.display()),
            )
            .hint("put the right file back; it belongs to the database beside it")
        };
        read_at(&self.file, &mut header, 0).map_err(|_| no_log())?;
        let id = header
            .strip_prefix(MAGIC)
            .and_then(|id| id.strip_suffix(b"\n"));
        let id = id.and_then(|id| std::str::from_utf8(id).ok());
        id.map(|id| Some(id.to_owned())).ok_or_else(no_log)
    }

    /// Whether there is nothing in it that a new store would lose.
    pub(crate) fn holds_no_entry(&self) -> Result<bool> {
        Ok(length(&self.file, &self.path)? <= HEADER_LEN as u64)
    }

    /// Begins the log anew, for this store.
    pub(crate) fn begin(&self, store_id: &str) -> Result<()> {
        debug_assert_eq!(store_id.len(), STORE_ID_LEN);
        let mut header = MAGIC.to_vec();
        header.extend_from_slice(store_id.as_bytes());
        header.push(b'\n');
        let written = self
            .file
            .set_len(0)
            .and_then(|()| write_at(&self.file, &header, 0))
            .and_then(|()| self.file.sync_all())
            .and_then(|()| sync_folder(&self.path));
        written
            .map_err(|error| file_error("the revocation log can't be written:", &self.path, &error))
    }

    /// Reads the whole log. `known` is how many entries the database knows the disk to have, where
    /// there is a database. The lock stays until [`RevocationLog::unlock`].
    pub(crate) fn into_log(
        self,
        peppers: Arc<PepperRing>,
        store_id: &str,
        known: Option<u64>,
    ) -> Result<RevocationLog> {
        let Self { path, file } = self;
        let log = RevocationLog {
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
        log.refresh()?;
        log.cut_torn_end()?;
        if let Some(known) = known {
            log.write_again_behind(known)?;
        }
        Ok(log)
    }
}

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
            return Ok(self.entries.load(Ordering::Acquire));
        }
        let mut index = self.write_index();
        self.take_in(&mut index, len)?;
        Ok(self.entries.load(Ordering::Acquire))
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
        self.take_in(&mut index, length(&self.file, &self.path)?)?;
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
            self.take_in(&mut index, length(&self.file, &self.path)?)?;
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

    /// Writes once more what the disk may lack. Where it has failed before, the system holds those
    /// entries in memory and believes them written: waiting for the disk alone would change nothing.
    fn write_again_behind(&self, known: u64) -> Result<()> {
        let (start, end) = (place_of(known), self.end.load(Ordering::Acquire));
        let mut bytes = vec![0; usize::try_from(end.saturating_sub(start)).unwrap_or(0)];
        read_at(&self.file, &mut bytes, start)
            .and_then(|()| write_at(&self.file, &bytes, start))
            .map_err(|error| self.not_written(&error))
    }

    /// Takes away what a crash left behind the last whole entry. The caller holds the file's lock.
    fn cut_torn_end(&self) -> Result<()> {
        let end = self.end.load(Ordering::Acquire);
        if length(&self.file, &self.path)? > end {
            tracing::warn!(target: "keywright", "cut a torn entry off the revocation log");
            self.file
                .set_len(end)
                .map_err(|error| self.not_written(&error))?;
        }
        Ok(())
    }

    /// Reads whole entries from where reading ended up to `len`.
    fn take_in(&self, index: &mut RevocationIndex, len: u64) -> Result<()> {
        let mut end = self.end.load(Ordering::Acquire);
        if len <= end {
            return Ok(());
        }
        let mut buffer = vec![0; ENTRY_LEN * CHUNK];
        while len - end >= ENTRY_LEN as u64 {
            let whole = usize::try_from((len - end) / ENTRY_LEN as u64).unwrap_or(CHUNK);
            let part = &mut buffer[..whole.min(CHUNK) * ENTRY_LEN];
            read_at(&self.file, part, end).map_err(|error| {
                file_error("the revocation log can't be read:", &self.path, &error)
            })?;
            for bytes in part.chunks_exact(ENTRY_LEN) {
                let Ok(bytes) = <&[u8; ENTRY_LEN]>::try_from(bytes) else {
                    return Err(internal(
                        "an entry of the revocation log has another length",
                    ));
                };
                // After a power failure a file may end in zeros that nobody wrote.
                if bytes.iter().all(|byte| *byte == 0) {
                    return Ok(());
                }
                if index.read(&self.peppers, &self.store_id, bytes).is_none() {
                    return Err(self.forged(index.entries() + 1));
                }
                end += ENTRY_LEN as u64;
                self.entries.store(index.entries(), Ordering::Release);
                self.end.store(end, Ordering::Release);
            }
        }
        Ok(())
    }

    /// The file, and how many bytes of it are whole by now.
    #[cfg(feature = "backup")]
    pub(crate) fn whole(&self) -> Result<(&Path, u64)> {
        self.refresh()?;
        Ok((&self.path, self.end.load(Ordering::Acquire)))
    }

    /// Reads all entries again, in order.
    #[cfg(feature = "backup")]
    pub(crate) fn all(&self) -> Result<Vec<Entry>> {
        let end = self.end.load(Ordering::Acquire);
        let len = usize::try_from(end).unwrap_or(usize::MAX) - HEADER_LEN;
        let mut bytes = vec![0; len];
        read_at(&self.file, &mut bytes, HEADER_LEN as u64)
            .map_err(|error| file_error("the revocation log can't be read:", &self.path, &error))?;
        let mut index = RevocationIndex::default();
        let mut entries = Vec::with_capacity(len / ENTRY_LEN);
        for bytes in bytes.chunks_exact(ENTRY_LEN) {
            let entry = <&[u8; ENTRY_LEN]>::try_from(bytes)
                .ok()
                .and_then(|bytes| index.read(&self.peppers, &self.store_id, bytes));
            entries.push(entry.ok_or_else(|| self.forged(index.entries() + 1))?);
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

    fn forged(&self, entry: u64) -> Error {
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

/// Where the entry stands that has so many before it.
const fn place_of(entries: u64) -> u64 {
    (HEADER_LEN as u64).saturating_add(entries.saturating_mul(ENTRY_LEN as u64))
}

/// How many entries a log of that length has.
#[cfg(feature = "backup")]
pub(crate) const fn entries_in(length: u64) -> u64 {
    length.saturating_sub(HEADER_LEN as u64) / ENTRY_LEN as u64
}
