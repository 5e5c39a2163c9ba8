//! Stores in folders of their own.

use keywright_core::pepper::PepperRing;
use keywright_core::{Error, Result};
use keywright_sqlite::{SqliteOptions, SqliteStore};
use keywright_testkit::TestStore;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// A folder with a store in it, that may be opened several times.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) peppers: Arc<PepperRing>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let (peppers, _, _) = TestStore::parts(1);
        Self {
            folder: tempfile::tempdir().unwrap(),
            peppers,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("keywright.db")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("keywright.db.revocations")
    }

    pub(crate) fn try_open(&self) -> Result<SqliteStore> {
        SqliteStore::open(options(&self.path(), &self.peppers))
    }

    /// Why the store can't be opened.
    pub(crate) fn refusal(&self) -> Error {
        self.try_open().expect_err("the store must be refused")
    }

    /// Opens the store; each opening has randomness of its own.
    pub(crate) fn open(&self, seed: u64) -> TestStore {
        Self::open_with(&self.path(), &self.peppers, seed)
    }

    /// Opens a store that another process has made with the same peppers.
    pub(crate) fn open_at(path: &Path, seed: u64) -> TestStore {
        Self::open_with(path, &TestStore::parts(1).0, seed)
    }

    fn open_with(path: &Path, peppers: &Arc<PepperRing>, seed: u64) -> TestStore {
        let (_, clock, random) = TestStore::parts(seed);
        let store = SqliteStore::open(SqliteOptions {
            path: path.to_owned(),
            peppers: Arc::clone(peppers),
            clock: clock.clone(),
            random: random.clone(),
            brand: None,
            create: true,
        })
        .unwrap();
        TestStore {
            peppers: store.peppers(),
            store: Arc::new(store),
            clock,
            random,
            keep: None,
        }
    }

    pub(crate) fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn options(path: &Path, peppers: &Arc<PepperRing>) -> SqliteOptions {
    let (_, clock, random) = TestStore::parts(2);
    SqliteOptions {
        path: path.to_owned(),
        peppers: Arc::clone(peppers),
        clock,
        random,
        brand: None,
        create: true,
    }
}

/// A store of its own folder, for the suite.
pub(crate) fn fresh() -> TestStore {
    let place = Place::new();
    let mut store = place.open(1);
    store.keep = Some(Box::new(place));
    store
}
