//! What scenarios can't say of imported keys: bounds, and what lies between two steps of a verify.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use hmac::{Hmac, KeyInit, Mac};
use keywright::{
    ImportRecord, ImportReport, KeyManager, OpenOptions, Secret, VerifyCode, VerifyOptions,
};
use sha2::Sha256;

fn memory() -> KeyManager {
    block_on(KeyManager::open(Some("memory:"), OpenOptions::default())).unwrap()
}

fn import(keys: &KeyManager, records: Vec<ImportRecord>) -> ImportReport {
    block_on(keys.import_keys(records)).unwrap()
}

fn code(keys: &KeyManager, secret: &str) -> VerifyCode {
    block_on(keys.verify(secret, &VerifyOptions::default()))
        .unwrap()
        .code()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A secret of another system, known by its HMAC under a key of this number.
fn under_hmac_key(number: usize, secret: &str) -> ImportRecord {
    let key = format!("hmac key {number}");
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(secret.as_bytes());
    ImportRecord {
        name: secret.to_owned(),
        hash_format: Some("hmac-sha256".to_owned()),
        hash: Some(hex(&mac.finalize().into_bytes())),
        hash_key: Some(Secret::from_string(key)),
        ..ImportRecord::default()
    }
}

#[test]
fn a_seventeenth_hmac_key_is_refused_and_harms_none_of_the_others() {
    let keys = memory();
    let records = (0..17).map(|n| under_hmac_key(n, &format!("old-secret-{n}")));
    let report = import(&keys, records.collect());
    assert_eq!(report.imported.len(), 16);
    let [refused] = report.refused.as_slice() else {
        unreachable!("one record is refused: {report:?}")
    };
    assert_eq!(
        (refused.index, refused.code.as_str()),
        (16, "invalid_argument")
    );
    assert!(refused.message.contains("16 HMAC keys"));
    // More hashes under the keys that are known are welcome.
    let more = import(&keys, vec![under_hmac_key(3, "another-secret")]);
    assert_eq!(more.imported.len(), 1);
    for n in 0..16 {
        assert_eq!(code(&keys, &format!("old-secret-{n}")), VerifyCode::Valid);
    }
    assert_eq!(code(&keys, "old-secret-16"), VerifyCode::NotFound);
    assert_eq!(code(&keys, "another-secret"), VerifyCode::Valid);
}
