//! A store that is reached through a link is the same store, with the same pepper.
#![cfg(all(unix, feature = "sqlite"))]
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use keywright::{CreateOptions, KeyManager, OpenOptions, VerifyOptions, pepper_path};
use std::os::unix::fs::symlink;
use std::path::Path;

fn open(path: &Path) -> KeyManager {
    block_on(KeyManager::open(path.to_str(), OpenOptions::default())).unwrap()
}

#[test]
fn a_link_to_the_file_finds_the_pepper_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (
        folder.path().join("keys.db"),
        folder.path().join("elsewhere.db"),
    );
    let keys = open(&real);
    let made = block_on(keys.create("a", CreateOptions::default())).unwrap();
    symlink(&real, &link).unwrap();
    let through_the_link = open(&link);
    let any = VerifyOptions::default();
    let answer = block_on(through_the_link.verify(made.secret.reveal(), &any));
    assert!(answer.unwrap().valid());
    assert_eq!(
        pepper_path(&link).canonicalize().unwrap(),
        pepper_path(&real).canonicalize().unwrap()
    );
    assert!(!folder.path().join("elsewhere.db.pepper").exists());
}
