//! A store in a folder of its own, and short words for what is done with it.

use futures_executor::block_on;
use keywright::{
    BackupReport, Clock, Created, KeyManager, ManualClock, OpenOptions, RestoreOptions,
    RestoreReport, Result, VerifyCode, VerifyOptions,
};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<ManualClock>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(ManualClock::at(1_800_000_000)),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn try_open(&self, name: &str, must_exist: bool) -> Result<KeyManager> {
        let options = OpenOptions {
            clock: Some(Arc::clone(&self.clock) as Arc<dyn Clock>),
            must_exist,
            ..OpenOptions::default()
        };
        block_on(KeyManager::open(self.path(name).to_str(), options))
    }

    /// Opens the store of that name, or makes it.
    pub(crate) fn open(&self, name: &str) -> KeyManager {
        self.try_open(name, false).unwrap()
    }

    pub(crate) fn restore(&self, file: &str, to: &str) -> Result<RestoreReport> {
        self.restore_with(file, to, PASSPHRASE, false)
    }

    pub(crate) fn restore_over(&self, file: &str, to: &str) -> Result<RestoreReport> {
        self.restore_with(file, to, PASSPHRASE, true)
    }

    pub(crate) fn restore_with(
        &self,
        file: &str,
        to: &str,
        passphrase: &str,
        overwrite: bool,
    ) -> Result<RestoreReport> {
        KeyManager::restore(
            &self.path(file),
            SecretString::from(passphrase),
            self.path(to).to_str(),
            RestoreOptions {
                overwrite,
                actor: Some("test:restorer".to_owned()),
                clock: Some(Arc::clone(&self.clock) as Arc<dyn Clock>),
            },
        )
    }

    /// Every file in the folder with what is in it.
    pub(crate) fn contents(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), std::fs::read(path).unwrap_or_default()))
            .collect();
        files.sort();
        files
    }
}

pub(crate) fn create(keys: &KeyManager, name: &str) -> Created {
    block_on(keys.create(name, keywright::CreateOptions::default())).unwrap()
}

/// Quickly: the passphrase of a test needs no second of work.
pub(crate) fn back_up(keys: &KeyManager, file: &Path) -> Result<BackupReport> {
    block_on(keys.backup_with_work(SecretString::from(PASSPHRASE), file, Some(2)))
}

pub(crate) fn verify(keys: &KeyManager, created: &Created) -> VerifyCode {
    let options = VerifyOptions::default();
    block_on(keys.verify(created.secret.reveal(), &options))
        .unwrap()
        .code()
}

pub(crate) fn close(keys: &KeyManager) {
    block_on(keys.close()).unwrap();
}
