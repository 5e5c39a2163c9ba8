//! What a server has seen of the revocation log, in a file of its own: the same bytes as in the
//! database, behind a header that says whose they are. Processes of one machine may share it: an
//! entry has its place, and all of them write the same one there.

use crate::error::file as file_error;
use crate::log::{Known, Sealed};
use keywright_core::pepper::PepperRing;
use keywright_core::revocation::ENTRY_LEN;
use keywright_core::{Error, ErrorCode, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const MAGIC: &str = "keywright revocation log 1\n";
/// How many entries are read at once.
const CHUNK: usize = 4096;

/// The file.
pub(crate) struct LogFile(PathBuf);

/// How far the file goes, as this process left it.
#[derive(Default)]
pub(crate) struct Saved {
    pub(crate) entries: u64,
    last: Option<Sealed>,
}

impl Saved {
    /// Whether these entries begin with what is saved.
    pub(crate) fn is_within(&self, all: &[Sealed]) -> bool {
        let place = usize::try_from(self.entries).unwrap_or(usize::MAX);
        place == 0 || all.get(place - 1) == self.last.as_ref()
    }
}

impl LogFile {
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Reads what is there; nothing where there is no file yet. Less than an entry at the end, or
    /// zeros, is what a power cut leaves.
    pub(crate) fn read(&self, peppers: &PepperRing, store_id: &str) -> Result<(Known, Saved)> {
        let mut known = Known::default();
        let mut saved = Saved::default();
        let Some(mut file) = self.open(false)? else {
            return Ok((known, saved));
        };
        let mut header = vec![0; header(store_id).len()];
        let length = self.read_up_to(&mut file, &mut header)?;
        // Nothing yet, or what a crash left of it.
        if header_bytes(store_id).starts_with(&header[..length]) && length < header.len() {
            return Ok((known, saved));
        }
        if header != header_bytes(store_id) {
            return Err(Error::new(
                ErrorCode::Tampered,
                format!(
                    "{} is not the revocation log of this store",
                    self.0.display()
                ),
            )
            .hint("name another file: each store has its own"));
        }
        let mut buffer = vec![0; ENTRY_LEN * CHUNK];
        loop {
            let length = self.read_up_to(&mut file, &mut buffer)?;
            for entry in buffer[..length].chunks_exact(ENTRY_LEN) {
                let place = known.index.entries() + 1;
                if !known.take(peppers, store_id, place, entry, false) {
                    self.only_zeros(&mut file, entry, place)?;
                    return Ok((known, saved));
                }
                saved = Saved {
                    entries: place,
                    last: Sealed::try_from(entry).ok(),
                };
            }
            if length < buffer.len() {
                return Ok((known, saved));
            }
        }
    }

    /// Puts entries behind those that are saved, and waits for the disk. False if the file isn't as
    /// it was left: then all of it has to be written.
    pub(crate) fn append(
        &self,
        store_id: &str,
        saved: &mut Saved,
        entries: &[Sealed],
    ) -> Result<bool> {
        let Some(mut file) = self.open(true)? else {
            return Ok(false);
        };
        let header = header_bytes(store_id);
        let start = header.len() as u64 + saved.entries * ENTRY_LEN as u64;
        let wrote = (|| {
            let length = file.metadata()?.len();
            if length == 0 && saved.entries == 0 {
                file.write_all(&header)?;
            } else if length < start {
                return Ok(false);
            }
            if let Some(last) = &saved.last {
                let mut there = [0; ENTRY_LEN];
                file.seek(SeekFrom::Start(start - ENTRY_LEN as u64))?;
                file.read_exact(&mut there)?;
                if there != *last {
                    return Ok(false);
                }
            }
            file.seek(SeekFrom::Start(start))?;
            file.write_all(entries.as_flattened())?;
            file.sync_data()?;
            Ok(true)
        })();
        let wrote = wrote.map_err(|error| self.not_written(&error))?;
        if wrote && let Some(last) = entries.last() {
            saved.entries += entries.len() as u64;
            saved.last = Some(*last);
        }
        Ok(wrote)
    }

    /// Puts a new file in the place of the one that is there.
    pub(crate) fn write_all(
        &self,
        store_id: &str,
        saved: &mut Saved,
        entries: &[Sealed],
    ) -> Result<()> {
        let lock = self.open(true)?;
        let mut name = self.0.as_os_str().to_owned();
        name.push(format!(".{}.new", std::process::id()));
        let staged = PathBuf::from(name);
        let wrote = (|| {
            let mut file = options(true).truncate(true).open(&staged)?;
            file.write_all(&header_bytes(store_id))?;
            file.write_all(entries.as_flattened())?;
            file.sync_all()?;
            fs::rename(&staged, &self.0)?;
            sync_folder(&self.0)
        })();
        drop(lock);
        if wrote.is_err() {
            let _ = fs::remove_file(&staged);
        }
        wrote.map_err(|error| self.not_written(&error))?;
        *saved = Saved {
            entries: entries.len() as u64,
            last: entries.last().copied(),
        };
        Ok(())
    }

    /// The file, locked until it is dropped; `None` if there is none.
    fn open(&self, create: bool) -> Result<Option<File>> {
        let failed =
            |error: &io::Error| file_error("the revocation log can't be opened:", &self.0, error);
        loop {
            let file = match options(create).open(&self.0) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound && !create => {
                    return Ok(None);
                }
                Err(error) => return Err(failed(&error)),
            };
            file.lock().map_err(|error| failed(&error))?;
            // Another process may have put a new one in its place while this one was waited for.
            if is_in_place(&file, &self.0) {
                return Ok(Some(file));
            }
        }
    }

    fn read_up_to(&self, file: &mut File, buffer: &mut [u8]) -> Result<usize> {
        let mut length = 0;
        while length < buffer.len() {
            match file.read(&mut buffer[length..]) {
                Ok(0) => break,
                Ok(more) => length += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let what = "the revocation log can't be read:";
                    return Err(file_error(what, &self.0, &error));
                }
            }
        }
        Ok(length)
    }

    /// Refuses an entry that nobody with the pepper wrote; zeros up to the end are none.
    fn only_zeros(&self, file: &mut File, entry: &[u8], place: u64) -> Result<()> {
        let mut rest = entry.to_vec();
        let read = file.read_to_end(&mut rest);
        read.map_err(|error| file_error("the revocation log can't be read:", &self.0, &error))?;
        if rest.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        Err(Error::new(
            ErrorCode::Tampered,
            format!(
                "entry {place} of the revocation log {} was not written by keywright with this pepper",
                self.0.display()
            ),
        )
        .hint("find out who wrote to it; put the file back, or move it away to believe the database"))
    }

    fn not_written(&self, error: &io::Error) -> Error {
        file_error("the revocation log can't be written:", &self.0, error)
    }
}

fn header(store_id: &str) -> String {
    format!("{MAGIC}{store_id}\n")
}

fn header_bytes(store_id: &str) -> Vec<u8> {
    header(store_id).into_bytes()
}

/// Readable by its owner alone.
fn options(create: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(create);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn is_in_place(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |data: fs::Metadata| (data.dev(), data.ino());
    let (open, named) = (file.metadata().map(id), fs::metadata(path).map(id));
    matches!((open, named), (Ok(open), Ok(named)) if open == named)
}

/// Elsewhere an open file can't be replaced.
#[cfg(not(unix))]
fn is_in_place(_: &File, _: &Path) -> bool {
    true
}

/// Makes a new name in a folder durable.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}
