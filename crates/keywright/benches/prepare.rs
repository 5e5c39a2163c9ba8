//! A store with many keys whose secrets are known, made once and kept.

use futures_executor::block_on;
use keywright::{ImportRecord, KeyManager, OpenOptions, Random, Secret, SeededRandom};
use keywright_core::secret::{Brand, Class, Locator};
use std::fs;
use std::path::{Path, PathBuf};

/// One row by its locator, and nothing else.
pub(crate) const FLOOR_QUERY: &str = "SELECT digest FROM versions WHERE locator = ?1";

pub(crate) struct Prepared {
    pub(crate) folder: PathBuf,
    pub(crate) path: PathBuf,
    pub(crate) secrets: Vec<String>,
}

/// The store with so many keys. Its secrets are in `keys-COUNT.secrets`, one to a line.
pub(crate) fn store_with(count: usize) -> Prepared {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("keys-{count}.db"));
    let list = folder.join(format!("keys-{count}.secrets"));
    if let Ok(text) = fs::read_to_string(&list) {
        let secrets: Vec<String> = text.lines().map(str::to_owned).collect();
        if secrets.len() == count {
            return Prepared {
                folder,
                path,
                secrets,
            };
        }
    }
    eprintln!("filling {} with {count} keys …", path.display());
    remove(&path);
    let secrets = make_secrets(count, 1);
    let keys = block_on(KeyManager::open(
        Some(&path.display().to_string()),
        OpenOptions::default(),
    ))
    .unwrap();
    for chunk in secrets.chunks(10_000) {
        let records = chunk.iter().map(|secret| ImportRecord {
            name: "bench".to_owned(),
            secret: Some(Secret::from_string(secret.clone())),
            ..ImportRecord::default()
        });
        let report = block_on(keys.import_keys(records.collect())).unwrap();
        assert!(report.refused.is_empty());
    }
    block_on(keys.close()).unwrap();
    // Written last: its presence says that the store is whole.
    fs::write(&list, secrets.join("\n")).unwrap();
    Prepared {
        folder,
        path,
        secrets,
    }
}

/// Secrets of the right form that no store has.
pub(crate) fn unknown_secrets(count: usize) -> Vec<String> {
    make_secrets(count, 2)
}

fn make_secrets(count: usize, seed: u64) -> Vec<String> {
    let (random, brand) = (SeededRandom::new(seed), Brand::default());
    let make = || {
        let locator = Locator::generate(&random as &dyn Random)?;
        Secret::generate(&brand, Class::Live, &locator, &random)
    };
    (0..count)
        .map(|_| make().unwrap().reveal().to_owned())
        .collect()
}

/// Removes a store and all that lies beside it.
pub(crate) fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm", ".pepper", ".revocations"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _ = fs::remove_file(name);
    }
}
