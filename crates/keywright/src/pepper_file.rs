//! The pepper's file: `STORE.pepper` beside an SQLite file, readable by its owner alone. It is made
//! whole or not at all, and never written over.

use crate::options::{ENV_PEPPER, ENV_PEPPER_FILE, PepperSource, environment};
use crate::secret_store;
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::{Error, ErrorCode, Result};
use secrecy::ExposeSecret;
use std::fs;
#[cfg(feature = "sqlite")]
use std::io::Write;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// No pepper file is longer than this.
const MAX_LEN: u64 = 64 * 1024;
/// More than fits into a pepper file, by what a reader needs to see its end.
const ROOM: usize = 65 * 1024;

/// The pepper's file beside a store's; where `store` is a link, beside what it leads to, as the
/// store's other files are.
#[must_use]
pub fn pepper_path(store: &Path) -> PathBuf {
    let real = if store.is_symlink() {
        fs::canonicalize(store).ok()
    } else {
        None
    };
    let mut name = real.as_deref().unwrap_or(store).as_os_str().to_owned();
    name.push(".pepper");
    PathBuf::from(name)
}

/// How messages name a file whose name somebody gave: it could be the pepper itself, so it is not
/// repeated.
const GIVEN: &str = "the pepper file that was given";

/// The pepper from where `source` says; `None` if it says nothing and the environment neither.
pub(crate) fn given(
    source: &PepperSource,
    store_exists: bool,
    random: &dyn Random,
) -> Result<Option<PepperRing>> {
    match source {
        PepperSource::Store { secrets, name } => {
            secret_store::pepper(secrets.as_ref(), name, store_exists, random).map(Some)
        }
        PepperSource::Value(text) => PepperRing::parse(text.expose_secret()).map(Some),
        PepperSource::File(path) => read(path, GIVEN).map(Some),
        PepperSource::Environment => {
            if let Some(text) = environment(ENV_PEPPER)?.map(Zeroizing::new) {
                return PepperRing::parse(&text).map(Some);
            }
            environment(ENV_PEPPER_FILE)?
                .map(|path| {
                    let named = format!("the pepper file that {ENV_PEPPER_FILE} names");
                    read(Path::new(&path), &named)
                })
                .transpose()
        }
    }
}

/// The pepper of the store in this file: read if the store is there, made if it is new.
#[cfg(feature = "sqlite")]
pub(crate) fn beside(store: &Path, store_exists: bool, random: &dyn Random) -> Result<PepperRing> {
    let path = pepper_path(store);
    let named = format!("the pepper file {}", path.display());
    if store_exists || path.exists() {
        return read(&path, &named);
    }
    let ring = PepperRing::generate(random)?;
    match write_new(&path, ring.to_text().as_bytes()) {
        Ok(()) => Ok(ring),
        // Somebody else made it at the same moment: theirs counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(&path, &named),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::new(
            ErrorCode::Unavailable,
            format!("the folder of {} is not there", store.display()),
        )
        .hint("make the folder first, or name another place for the store")),
        Err(error) => Err(Error::new(
            ErrorCode::Pepper,
            format!("the pepper file could not be made: {}", error.kind()),
        )
        .hint(format!(
            "make the folder writable, or set {ENV_PEPPER} or {ENV_PEPPER_FILE}"
        ))),
    }
}

fn read(path: &Path, named: &str) -> Result<PepperRing> {
    let refuse = |problem: &str| {
        Error::new(ErrorCode::Pepper, format!("{named} {problem}")).hint(format!(
            "put the pepper that this store was made with there, or name it by {ENV_PEPPER} or {ENV_PEPPER_FILE}; \
             without it no key can be verified"
        ))
    };
    // Room for all of it from the start: a text that grows leaves pieces of itself behind.
    let mut text = Zeroizing::new(String::with_capacity(ROOM));
    let file = fs::File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => refuse("is not there"),
        kind => refuse(&format!("can't be opened: {kind}")),
    })?;
    file.take(MAX_LEN)
        .read_to_string(&mut text)
        .map_err(|_| refuse("can't be read as text"))?;
    PepperRing::parse(&text).map_err(|error| error.hint(format!("look at {named}")))
}

/// Writes a new file in one step: what is there under the name is whole, and is never replaced.
#[cfg(feature = "sqlite")]
fn write_new(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // A temporary file is readable by its owner alone.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    // The name itself is durable only with its folder.
    if let Ok(folder) = fs::File::open(folder) {
        folder.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a";

    #[test]
    fn a_pepper_that_was_given_as_its_files_name_is_not_repeated() {
        let source = PepperSource::File(DIGITS.into());
        let random = keywright_core::random::SeededRandom::new(1);
        let refused = given(&source, false, &random).err().unwrap();
        assert_eq!(refused.code, ErrorCode::Pepper);
        assert!(refused.message.contains("that was given"), "{refused}");
        assert!(!format!("{refused:?} {refused}").contains(DIGITS));
        let refused = read(Path::new(DIGITS), "the file that VARIABLE names");
        let refused = refused.err().unwrap();
        assert!(refused.message.contains("that VARIABLE names"), "{refused}");
        assert!(!format!("{refused:?} {refused}").contains(DIGITS));
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn the_default_file_is_named() {
        let random = keywright_core::random::SeededRandom::new(1);
        let refused = beside(Path::new("no/keys.db"), true, &random)
            .err()
            .unwrap();
        assert!(refused.message.contains("no/keys.db.pepper"), "{refused}");
    }
}
