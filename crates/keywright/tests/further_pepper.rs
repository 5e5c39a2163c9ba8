//! A pepper that some programs have already and others don't have yet.
#![cfg(feature = "sqlite")]

use futures_executor::block_on;
use keywright::{
    CreateOptions, ErrorCode, KeyManager, OpenOptions, PepperSource, Result, RevocationReason,
    VerifyCode, VerifyOptions,
};
use std::path::Path;

fn peppers(count: u8) -> PepperSource {
    let line = |number: u8| format!("{number}:{}\n", format!("{number:02x}").repeat(32));
    PepperSource::Value((1..=count).map(line).collect::<String>().into())
}

fn open(path: &Path, count: u8) -> Result<KeyManager> {
    let options = OpenOptions {
        pepper: peppers(count),
        ..OpenOptions::default()
    };
    block_on(KeyManager::open(path.to_str(), options))
}

#[test]
fn what_a_program_with_one_more_pepper_does_is_understood_by_those_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keywright.db");
    let server = open(&path, 1).unwrap();
    let command = open(&path, 2).unwrap();
    let verify = |secret: &str| {
        let answer = block_on(server.verify(secret, &VerifyOptions::default()));
        answer.unwrap().code()
    };
    let key = block_on(command.create("key", CreateOptions::default())).unwrap();
    assert_eq!(verify(key.secret.reveal()), VerifyCode::Valid);
    block_on(command.revoke(&key.key.id, RevocationReason::Unspecified)).unwrap();
    assert_eq!(verify(key.secret.reveal()), VerifyCode::Revoked);
    assert_eq!(block_on(server.verify_audit()).unwrap(), None);
    for keys in [server, command] {
        block_on(keys.close()).unwrap();
    }
    // The first that has the store for itself puts the new pepper into use.
    block_on(open(&path, 2).unwrap().close()).unwrap();
    assert_eq!(open(&path, 1).err().unwrap().code, ErrorCode::Pepper);
}
