//! The inside of a backup file: what stands where, and how much of it is believed. Around it is an
//! age file (<https://c2sp.org/age>) for a passphrase, which nobody can change or cut unnoticed.
//!
//! ```text
//! "keywright backup" | version: u32 = 1 | manifest: u32 length, JSON | database: u64 length, bytes
//!                    | pepper: u64 length, text | revocation log: u64 length, bytes | nothing more
//! ```
//! Numbers are big-endian.

use crate::backup::BackupReport;
use crate::error::{file as file_error, internal};
use age::scrypt;
use keywright_core::time::Timestamp;
use keywright_core::{Error, ErrorCode, Result};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

const MAGIC: &[u8; 16] = b"keywright backup";
const VERSION: u32 = 1;
/// A manifest and a pepper are short.
const MOST_TEXT: u64 = 64 * 1024;
/// `log2(N)` of scrypt for what is written: about a second, 256 MiB.
const WORK_FACTOR: u8 = 18;
/// And for what is read: 1 GiB. A file may not ask for any amount of work.
const MOST_WORK: u8 = 20;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) store_id: String,
    pub(crate) schema: u32,
    pub(crate) created_at: Timestamp,
    pub(crate) keys: u64,
    pub(crate) versions: u64,
    pub(crate) events: u64,
    pub(crate) log_entries: u64,
}

impl Manifest {
    fn to_json(&self) -> String {
        json!({
            "store_id": self.store_id,
            "schema": self.schema,
            "created_at": self.created_at.unix(),
            "keys": self.keys,
            "versions": self.versions,
            "events": self.events,
            "log_entries": self.log_entries,
        })
        .to_string()
    }

    fn from_json(text: &[u8]) -> Option<Self> {
        let json: Value = serde_json::from_slice(text).ok()?;
        let number = |name: &str| json.get(name)?.as_u64();
        Some(Self {
            store_id: json.get("store_id")?.as_str()?.to_owned(),
            schema: u32::try_from(number("schema")?).ok()?,
            created_at: Timestamp::from_unix(json.get("created_at")?.as_i64()?)?,
            keys: number("keys")?,
            versions: number("versions")?,
            events: number("events")?,
            log_entries: number("log_entries")?,
        })
    }

    pub(crate) fn report(self, bytes: u64) -> BackupReport {
        let Self {
            store_id,
            schema,
            created_at,
            keys,
            versions,
            events,
            log_entries,
        } = self;
        BackupReport {
            store_id,
            schema,
            created_at,
            keys,
            versions,
            events,
            log_entries,
            bytes,
        }
    }
}

/// What goes in: files with how much of them counts.
pub(crate) struct Parts<'a> {
    pub(crate) database: (File, u64),
    pub(crate) pepper: &'a [u8],
    pub(crate) log: (File, u64),
}

/// Refuses a passphrase that is none.
pub(crate) fn check_passphrase(passphrase: &SecretString) -> Result<()> {
    if passphrase.expose_secret().is_empty() {
        return Err(Error::invalid("the passphrase is empty")
            .hint("without one anybody could read the pepper in the backup"));
    }
    Ok(())
}

/// Writes the whole encrypted file.
pub(crate) fn write(
    out: impl Write,
    passphrase: &SecretString,
    work_factor: Option<u8>,
    manifest: &Manifest,
    parts: Parts<'_>,
) -> io::Result<()> {
    let mut recipient = scrypt::Recipient::new(age_passphrase(passphrase));
    recipient.set_work_factor(work_factor.unwrap_or(WORK_FACTOR).clamp(1, MOST_WORK));
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _))
        .map_err(io::Error::other)?;
    let mut out = encryptor.wrap_output(BufWriter::new(out))?;
    let json = manifest.to_json();
    out.write_all(MAGIC)?;
    out.write_all(&VERSION.to_be_bytes())?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(json.as_bytes())?;
    write_part(&mut out, parts.database.0, parts.database.1)?;
    write_part(&mut out, parts.pepper, parts.pepper.len() as u64)?;
    write_part(&mut out, parts.log.0, parts.log.1)?;
    out.finish()?.flush()
}

fn write_part(out: &mut impl Write, from: impl Read, length: u64) -> io::Result<()> {
    out.write_all(&length.to_be_bytes())?;
    if io::copy(&mut from.take(length), out)? == length {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn age_passphrase(passphrase: &SecretString) -> age::secrecy::SecretString {
    age::secrecy::SecretString::from(passphrase.expose_secret().to_owned())
}

/// What came out, besides the two files.
pub(crate) struct Extracted {
    pub(crate) manifest: Manifest,
    pub(crate) pepper: Zeroizing<String>,
}

/// Takes a backup apart: database and revocation log go into these new files, the rest comes back.
/// Nothing of it may be believed unless this succeeds, since only its end shows that it is whole.
pub(crate) fn read(
    file: &Path,
    passphrase: &SecretString,
    database: &Path,
    log: &Path,
) -> Result<Extracted> {
    check_passphrase(passphrase)?;
    let unreadable = |error: io::Error| file_error("the backup can't be read:", file, &error);
    let input = File::open(file).map_err(unreadable)?;
    if input.metadata().map_err(unreadable)?.is_dir() {
        return Err(not_a_backup(file));
    }
    let decryptor = age::Decryptor::new_buffered(BufReader::new(input))
        .map_err(|error| refusal(file, &error))?;
    if !decryptor.is_scrypt() {
        return Err(not_a_backup(file));
    }
    let mut identity = scrypt::Identity::new(age_passphrase(passphrase));
    identity.set_max_work_factor(MOST_WORK);
    let mut input = decryptor
        .decrypt(std::iter::once(&identity as _))
        .map_err(|error| refusal(file, &error))?;
    Reader {
        file,
        input: &mut input,
    }
    .take_apart(database, log)
}

struct Reader<'a, R> {
    file: &'a Path,
    input: &'a mut R,
}

impl<R: Read> Reader<'_, R> {
    fn take_apart(mut self, database: &Path, log: &Path) -> Result<Extracted> {
        if self.array::<16>()? != *MAGIC {
            return Err(not_a_backup(self.file));
        }
        let version = u32::from_be_bytes(self.array()?);
        if version != VERSION {
            return Err(Error::new(
                ErrorCode::SchemaVersion,
                format!("the backup has the form {version}, and this keywright knows {VERSION}"),
            )
            .hint("restore it with the version that made it, or a newer one"));
        }
        let length = u32::from_be_bytes(self.array()?);
        let manifest =
            Manifest::from_json(&self.text(u64::from(length))?).ok_or_else(|| self.damaged())?;
        self.part_into(database)?;
        let length = u64::from_be_bytes(self.array()?);
        let pepper = self.text(length)?;
        let pepper = std::str::from_utf8(&pepper).map_err(|_| self.damaged())?;
        let pepper = Zeroizing::new(pepper.to_owned());
        self.part_into(log)?;
        match self.input.read(&mut [0]) {
            Ok(0) => Ok(Extracted { manifest, pepper }),
            _ => Err(self.damaged()),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.input
            .read_exact(&mut bytes)
            .map_err(|_| self.damaged())?;
        Ok(bytes)
    }

    /// So many bytes, if that isn't too much for memory.
    fn text(&mut self, length: u64) -> Result<Zeroizing<Vec<u8>>> {
        let length = usize::try_from(length.min(MOST_TEXT + 1)).unwrap_or(usize::MAX);
        if length as u64 > MOST_TEXT {
            return Err(self.damaged());
        }
        let mut bytes = Zeroizing::new(vec![0; length]);
        self.input
            .read_exact(&mut bytes)
            .map_err(|_| self.damaged())?;
        Ok(bytes)
    }

    /// The next part goes into a new file. It is as long as the backup holds, whatever it says.
    fn part_into(&mut self, path: &Path) -> Result<()> {
        let written =
            |error: io::Error| file_error("what is restored can't be written:", path, &error);
        let length = u64::from_be_bytes(self.array()?);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(path).map_err(written)?;
        let mut buffer = vec![0; 64 * 1024];
        let mut left = length;
        while left > 0 {
            let most = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            let count = self
                .input
                .read(&mut buffer[..most])
                .map_err(|_| self.damaged())?;
            if count == 0 {
                return Err(self.damaged());
            }
            out.write_all(&buffer[..count]).map_err(written)?;
            left -= count as u64;
        }
        out.sync_all().map_err(written)
    }

    fn damaged(&self) -> Error {
        damaged(self.file)
    }
}

/// A backup that is not as it was written.
pub(crate) fn damaged(file: &Path) -> Error {
    Error::new(
        ErrorCode::Tampered,
        format!("the backup {} is damaged or was changed", file.display()),
    )
    .hint("take another copy of it; nothing was restored")
}

fn not_a_backup(file: &Path) -> Error {
    Error::invalid(format!("{} is not a keywright backup", file.display()))
        .hint("name a file that `keywright backup` wrote; nothing was restored")
}

fn refusal(file: &Path, error: &age::DecryptError) -> Error {
    use age::DecryptError as E;
    match error {
        E::DecryptionFailed | E::KeyDecryptionFailed | E::NoMatchingKeys => Error::invalid(
            "the passphrase does not open this backup",
        )
        .hint("try again; if it is the right one, the file is damaged. Nothing was restored"),
        E::ExcessiveWork { .. } => Error::invalid(format!(
            "{} asks for more work than keywright's backups do",
            file.display()
        ))
        .hint("it was not made by `keywright backup`; nothing was restored"),
        E::InvalidMac => damaged(file),
        E::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => damaged(file),
        E::InvalidHeader | E::UnknownFormat | E::Io(_) => not_a_backup(file),
        _ => internal("the backup could not be decrypted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase() -> SecretString {
        SecretString::from("passphrase")
    }

    /// A file that the passphrase opens, with this in it.
    fn sealed(folder: &Path, contents: &[u8], work: u8) -> std::path::PathBuf {
        let mut recipient = scrypt::Recipient::new(age_passphrase(&passphrase()));
        recipient.set_work_factor(work);
        let path = folder.join("crafted.age");
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
        let mut out = encryptor.wrap_output(File::create(&path).unwrap()).unwrap();
        out.write_all(contents).unwrap();
        out.finish().unwrap();
        path
    }

    fn refusal(contents: &[u8]) -> ErrorCode {
        let folder = tempfile::tempdir().unwrap();
        let file = sealed(folder.path(), contents, 2);
        let (database, log) = (folder.path().join("db"), folder.path().join("log"));
        let read = read(&file, &passphrase(), &database, &log);
        read.err().expect("it must be refused").code
    }

    fn sound() -> Vec<u8> {
        let manifest = Manifest {
            store_id: "store_1".to_owned(),
            schema: 1,
            created_at: Timestamp::from_unix(1).unwrap(),
            keys: 0,
            versions: 0,
            events: 0,
            log_entries: 0,
        };
        let json = manifest.to_json();
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_be_bytes());
        out.extend(u32::try_from(json.len()).unwrap().to_be_bytes());
        out.extend(json.as_bytes());
        for part in [&b"database"[..], b"pepper", b"log"] {
            out.extend((part.len() as u64).to_be_bytes());
            out.extend(part);
        }
        out
    }

    #[test]
    fn what_was_put_in_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = sealed(folder.path(), &sound(), 2);
        let (database, log) = (folder.path().join("db"), folder.path().join("log"));
        let out = read(&file, &passphrase(), &database, &log).unwrap();
        assert_eq!(out.manifest.store_id, "store_1");
        assert_eq!(out.pepper.as_str(), "pepper");
        assert_eq!(std::fs::read(database).unwrap(), b"database");
        assert_eq!(std::fs::read(log).unwrap(), b"log");
    }

    #[test]
    fn another_form_and_another_content_are_refused() {
        let mut newer = sound();
        newer[19] = 2;
        assert_eq!(refusal(&newer), ErrorCode::SchemaVersion);
        assert_eq!(
            refusal(b"a letter to a friend of mine"),
            ErrorCode::InvalidArgument
        );
        assert_eq!(refusal(b""), ErrorCode::Tampered);
    }

    #[test]
    fn any_cut_and_anything_behind_the_end_is_refused() {
        let sound = sound();
        for length in 0..sound.len() {
            assert_eq!(refusal(&sound[..length]), ErrorCode::Tampered, "{length}");
        }
        let longer: Vec<u8> = sound.iter().chain(b"x").copied().collect();
        assert_eq!(refusal(&longer), ErrorCode::Tampered);
    }

    #[test]
    fn huge_lengths_are_refused_without_the_memory_for_them() {
        let sound = sound();
        let places = [
            (20, 4),
            (sound.len() - 3 - 8, 8),
            (sound.len() - 3 - 8 - 6 - 8, 8),
        ];
        for (place, size) in places {
            let mut huge = sound.clone();
            huge[place..place + size].fill(0xff);
            assert_eq!(refusal(&huge), ErrorCode::Tampered, "at {place}");
        }
    }
}
