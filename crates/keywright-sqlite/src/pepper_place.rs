//! Where a restored pepper goes, and what happens to one that is there: no pepper is ever lost.

use crate::backup::new_file_beside;
use crate::error::file as file_error;
use crate::log::sync_folder;
use keywright_core::pepper::PepperRing;
use keywright_core::time::Timestamp;
use keywright_core::{Error, ErrorCode, Result};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zeroize::Zeroizing;

/// No pepper file is longer than this.
const MAX_LEN: usize = 64 * 1024;

/// See the module.
pub(crate) struct PepperPlace {
    path: PathBuf,
    /// The peppers that the restored store will be opened with.
    pub(crate) ring: Arc<PepperRing>,
    todo: Todo,
}

enum Todo {
    /// The file has all that is needed.
    Keep,
    /// There is none.
    Make,
    /// It lacks some.
    Extend,
    /// There is another, which goes aside.
    MoveAside,
}

impl PepperPlace {
    /// Looks at what is there.
    pub(crate) fn choose(path: &Path, saved: PepperRing, overwrite: bool) -> Result<Self> {
        let (ring, todo) = match there(path)? {
            None => (saved, Todo::Make),
            Some(Some(ring)) if has_all(&ring, &saved) => (ring, Todo::Keep),
            Some(Some(ring)) if has_all(&saved, &ring) => (saved, Todo::Extend),
            Some(_) if overwrite => (saved, Todo::MoveAside),
            Some(_) => {
                return Err(Error::new(
                    ErrorCode::Pepper,
                    format!("{} holds another pepper than the backup", path.display()),
                )
                .hint("restore to another path, or allow overwriting: it is kept beside it then"));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            ring: Arc::new(ring),
            todo,
        })
    }

    /// Puts the file in place.
    pub(crate) fn settle(&self, now: Timestamp) -> Result<()> {
        let failed =
            |error: io::Error| file_error("the pepper can't be written:", &self.path, &error);
        match self.todo {
            Todo::Keep => return Ok(()),
            Todo::Make | Todo::Extend => {}
            Todo::MoveAside => {
                let mut aside = self.path.clone().into_os_string();
                aside.push(format!(".replaced-{}", now.unix()));
                fs::rename(&self.path, aside).map_err(failed)?;
            }
        }
        let mut file = new_file_beside(&self.path).map_err(failed)?;
        file.write_all(self.ring.to_text().as_bytes())
            .map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        // One that came since it was looked for is somebody's.
        let placed = match self.todo {
            Todo::Extend => file.persist(&self.path),
            _ => file.persist_noclobber(&self.path),
        };
        placed.map_err(|error| failed(error.error))?;
        sync_folder(&self.path).map_err(failed)
    }
}

/// Whether `ring` has every pepper of `other`, under the same numbers.
fn has_all(ring: &PepperRing, other: &PepperRing) -> bool {
    other
        .numbers()
        .all(|number| ring.check_value(number) == other.check_value(number))
}

/// What the file holds: the outer `None` is no file, the inner one no pepper.
#[expect(
    clippy::option_option,
    reason = "absent and unreadable are different things"
)]
fn there(path: &Path) -> Result<Option<Option<PepperRing>>> {
    let failed = |error: io::Error| file_error("the pepper file can't be read:", path, &error);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let text = read_in_place(file).map_err(failed)?;
    let ring = std::str::from_utf8(&text).ok().map(PepperRing::parse);
    Ok(Some(ring.and_then(Result::ok)))
}

/// Everything, in memory that is wiped. There is room for it from the start: a buffer that grows
/// leaves copies behind.
fn read_in_place(file: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(Vec::with_capacity(MAX_LEN + 1));
    file.take(MAX_LEN as u64).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time and notes where each goes.
    struct Noting {
        left: usize,
        places: Vec<usize>,
    }

    impl Read for &mut Noting {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 || buffer.is_empty() {
                return Ok(0);
            }
            self.left -= 1;
            self.places.push(buffer.as_ptr().addr());
            buffer[0] = b'7';
            Ok(1)
        }
    }

    #[test]
    fn a_pepper_file_is_read_into_one_place_and_no_other() {
        for length in [64, 1000, MAX_LEN] {
            let mut file = Noting {
                left: length,
                places: Vec::new(),
            };
            let text = read_in_place(&mut file).unwrap();
            let start = text.as_ptr().addr();
            let expected: Vec<usize> = (start..start + length).collect();
            assert!(file.places == expected, "{length}");
        }
    }
}
