//! The file of the revocation log, before anything in it is read: its place, its lock, and the
//! header that says whose it is.

use crate::disk::{FileId, length, lock, read_at, sync_folder, write_at};
use crate::error::file as file_error;
use keywright_core::revocation::ENTRY_LEN;
use keywright_core::{Error, ErrorCode, Result};
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

const MAGIC: &[u8] = b"keywright revocation log 1\n";
const STORE_ID_LEN: usize = 38;
/// The first line says what this is, the second whose.
pub(crate) const HEADER_LEN: usize = MAGIC.len() + STORE_ID_LEN + 1;
/// The log's place beside its database.
pub(crate) fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".revocations");
    PathBuf::from(name)
}

/// The log's file, open and locked until it is dropped.
pub(crate) struct LockedFile {
    pub(crate) path: PathBuf,
    pub(crate) file: File,
}

impl LockedFile {
    /// Opens the log of a database and waits for its lock; makes an empty one if `create`.
    /// `None` if there is none.
    pub(crate) fn open(path: PathBuf, create: bool) -> Result<Option<Self>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(create);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        loop {
            let file = match options.open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound && !create => {
                    return Ok(None);
                }
                Err(error) => {
                    return Err(file_error(
                        "the revocation log can't be opened:",
                        &path,
                        &error,
                    ));
                }
            };
            lock(&file, &path)?;
            // A restore may have put another in its place while this one was waited for.
            if is_in_place(&file, &path) {
                return Ok(Some(Self { path, file }));
            }
        }
    }

    /// Whether it still has its name.
    #[cfg(feature = "backup")]
    pub(crate) fn is_in_place(&self) -> bool {
        is_in_place(&self.file, &self.path)
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
}

/// Whether the open file is the one that stands under the name.
pub(crate) fn is_in_place(file: &File, path: &Path) -> bool {
    FileId::of_open(file) == FileId::of(path)
}

/// Where the entry stands that has so many before it.
pub(crate) const fn place_of(entries: u64) -> u64 {
    (HEADER_LEN as u64).saturating_add(entries.saturating_mul(ENTRY_LEN as u64))
}

/// How many entries a log of that length has.
#[cfg(feature = "backup")]
pub(crate) const fn entries_in(length: u64) -> u64 {
    length.saturating_sub(HEADER_LEN as u64) / ENTRY_LEN as u64
}
