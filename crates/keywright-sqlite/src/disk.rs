//! Files by hand: locks with patience, reading and writing at a place, durable names.

use crate::error::file as file_error;
use keywright_core::{Error, ErrorCode, Result};
use std::fs::{File, Metadata, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long somebody else may hold a lock.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for the file's lock. It belongs to the open file, so it also holds between two stores of
/// one process.
pub(crate) fn lock(file: &File, path: &Path) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut pause = Duration::from_micros(50);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(
                    ErrorCode::Unavailable,
                    format!(
                        "another process has held the lock of {} for too long",
                        path.display()
                    ),
                )
                .hint("look for a restore that is under way, or a process that hangs"));
            }
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Err(Error::new(
                    ErrorCode::Unsupported,
                    format!("the disk that {} is on has no file locks", path.display()),
                )
                .hint("put the store on a local disk"));
            }
            Err(TryLockError::Error(error)) => {
                return Err(file_error(
                    "the revocation log can't be locked:",
                    path,
                    &error,
                ));
            }
        }
    }
}

/// The file's length.
pub(crate) fn length(file: &File, path: &Path) -> Result<u64> {
    file.metadata()
        .map(|data| data.len())
        .map_err(|error| file_error("the revocation log can't be read:", path, &error))
}

/// Makes a new name in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

/// Fills the buffer from that place on.
#[cfg(unix)]
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// Writes at that place.
#[cfg(unix)]
pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

/// Fills the buffer from that place on.
#[cfg(windows)]
pub(crate) fn read_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        let count = file.seek_read(buffer, offset)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[count..];
        offset += count as u64;
    }
    Ok(())
}

/// Writes at that place.
#[cfg(windows)]
pub(crate) fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let count = file.seek_write(bytes, offset)?;
        bytes = &bytes[count..];
        offset += count as u64;
    }
    Ok(())
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId(u64, u64);

impl FileId {
    /// The file that stands under a name now.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|data| Self::from(&data))
    }

    /// An open file.
    pub(crate) fn of_open(file: &File) -> Option<Self> {
        file.metadata().ok().map(|data| Self::from(&data))
    }

    #[cfg(unix)]
    fn from(data: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(data.dev(), data.ino())
    }

    /// Elsewhere an open file can't be replaced.
    #[cfg(not(unix))]
    fn from(_: &Metadata) -> Self {
        Self(0, 0)
    }
}
