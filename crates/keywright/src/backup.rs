//! Backup, restore and upgrade of an SQLite store. What is in the file, and what a restore does
//! with what was revoked since, is in docs/backup.md.

use crate::manager::Inner;
use crate::options::Location;
use crate::system::{SystemClock, SystemRandom};
use crate::{KeyManager, pepper_path};
use futures_channel::oneshot;
use keywright_core::audit::Actor;
use keywright_core::time::Clock;
use keywright_core::{Error, ErrorCode, Result};
use keywright_sqlite::{BackupRequest, RestoreRequest};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use keywright_sqlite::{BackupReport, RestoreReport, UpgradeReport};

/// How a backup is given back.
#[derive(Default)]
pub struct RestoreOptions {
    /// Put it in the place of the store that is there, if that is the same store. Without this
    /// nothing that exists is replaced.
    pub overwrite: bool,
    /// Who restores, in the audit trail; `library` if absent.
    pub actor: Option<String>,
    /// What tells the time; the machine's clock if absent.
    pub clock: Option<Arc<dyn Clock>>,
}

impl KeyManager {
    /// Writes database, pepper and revocation log into one file that only the passphrase opens,
    /// while the store is in use. The file is an [age](https://age-encryption.org/v1) file,
    /// readable by its owner alone; it appears whole or not at all.
    ///
    /// Takes about a second and 256 MiB of memory for the passphrase (scrypt, N = 2^18), and while
    /// it runs as much room beside the store as the database has.
    ///
    /// ```
    /// # use keywright::{KeyManager, OpenOptions, RestoreOptions, PepperSource};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = |name: &str| folder.path().join(name);
    /// # let text = |name: &str| path(name).to_str().unwrap().to_owned();
    /// # futures_executor::block_on(async {
    /// let keys = KeyManager::open(Some(&text("keys.db")), OpenOptions::default()).await?;
    /// keys.create("billing", Default::default()).await?;
    /// let passphrase = || "seven words that nobody else would ever say".into();
    /// let report = keys.backup(passphrase(), &path("keys.age")).await?;
    /// assert_eq!(report.keys, 1);
    ///
    /// // On another machine:
    /// let elsewhere = text("elsewhere.db");
    /// KeyManager::restore(&path("keys.age"), passphrase(), Some(&elsewhere), RestoreOptions::default())?;
    /// # Ok::<(), keywright::Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// `already_exists` if the file is there; `invalid_argument` for an empty passphrase;
    /// `unsupported` for a store in memory; `unavailable` if something can't be read or written.
    pub async fn backup(&self, passphrase: SecretString, file: &Path) -> Result<BackupReport> {
        self.backup_with_work(passphrase, file, None).await
    }

    /// As [`KeyManager::backup`], with another work factor for the passphrase: tests have no second
    /// to spend on each.
    #[doc(hidden)]
    pub async fn backup_with_work(
        &self,
        passphrase: SecretString,
        file: &Path,
        work_factor: Option<u8>,
    ) -> Result<BackupReport> {
        self.flush().await?;
        let Some(store) = self.inner.sqlite.clone() else {
            return Err(self.inner.no_backup());
        };
        let request = BackupRequest {
            file: file.to_owned(),
            passphrase,
            now: self.now(),
            work_factor,
        };
        let (reply, answer) = oneshot::channel();
        std::thread::Builder::new()
            .name("keywright-backup".to_owned())
            .spawn(move || {
                let outcome = store.backup(&request);
                // The store goes first: its last owner must not be a thread that it waits for.
                drop(store);
                let _ = reply.send(outcome);
            })
            .map_err(|_| Error::new(ErrorCode::Internal, "the system gives no thread"))?;
        answer
            .await
            .unwrap_or_else(|_| Err(Error::new(ErrorCode::Internal, "the backup panicked")))
    }

    /// Gives back what [`KeyManager::backup`] saved, after checking all of it. Blocks; nothing may
    /// have the store open.
    ///
    /// `store` is where it goes: a path or `sqlite:PATH`; where it is absent `KEYWRIGHT_STORE`
    /// counts, then `./keywright.db`. The pepper goes to `STORE.pepper`. Where the store's own
    /// revocation log is still there it counts, so that nothing that was revoked, disabled,
    /// narrowed or rotated away since the backup comes back to life: see [`RestoreReport`].
    ///
    /// # Errors
    /// `invalid_argument` for a wrong passphrase or a file that is no backup; `tampered` for a
    /// damaged one; `schema_version` for one from a newer program; `already_exists` if a store is
    /// there and `overwrite` isn't set, or if it is another store; `wrong_pepper` if another pepper
    /// is there; `unavailable` if the store is in use, or something can't be read or written. The
    /// store that is there stays as it was.
    pub fn restore(
        file: &Path,
        passphrase: SecretString,
        store: Option<&str>,
        options: RestoreOptions,
    ) -> Result<RestoreReport> {
        let path = file_of(store)?;
        let actor = match options.actor {
            None => Actor::default(),
            Some(name) => Actor {
                name: keywright_core::names::Name::parse(&name)?
                    .as_str()
                    .to_owned(),
                address: None,
            },
        };
        keywright_sqlite::restore(&RestoreRequest {
            file: file.to_owned(),
            passphrase,
            pepper_path: pepper_path(&path),
            store: path,
            overwrite: options.overwrite,
            actor,
            clock: options.clock.unwrap_or_else(|| Arc::new(SystemClock)),
            random: Arc::new(SystemRandom),
            interrupt: None,
        })
    }

    /// Takes the store to the schema that this version writes. Blocks; nothing may have the store
    /// open. Opening never does this by itself. A crash leaves the store as it was.
    ///
    /// # Errors
    /// `schema_version` for a store that a newer program wrote; `unavailable` if there is none, or
    /// if it is in use.
    pub fn upgrade(store: Option<&str>) -> Result<UpgradeReport> {
        keywright_sqlite::upgrade(&file_of(store)?)
    }
}

fn file_of(store: Option<&str>) -> Result<PathBuf> {
    match Location::choose(store)? {
        Location::Sqlite(path) => Ok(path),
        Location::Memory => Err(Error::new(
            ErrorCode::Unsupported,
            "a store in memory is gone with its process",
        )
        .hint("name a file")),
        #[cfg(feature = "postgres")]
        Location::Postgres(_) => Err(of_postgres()),
    }
}

impl Inner {
    fn no_backup(&self) -> Error {
        #[cfg(feature = "postgres")]
        if self.postgres.is_some() {
            return of_postgres();
        }
        Error::new(ErrorCode::Unsupported, "a store in memory has no backup")
            .hint("use `export_keys`, or a file as the store")
    }
}

#[cfg(feature = "postgres")]
fn of_postgres() -> Error {
    Error::new(
        ErrorCode::Unsupported,
        "backup, restore and upgrade are for SQLite stores",
    )
    .hint("a PostgreSQL store is saved by pg_dump and put back by pg_restore; keep the pepper, too")
}
