//! What scenarios can't say of imported keys: bounds, and what lies between two steps of a verify.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use hmac::{Hmac, KeyInit, Mac};
use keywright::{
    Clock, HashKey, ImportRecord, ImportReport, KeyManager, ManualClock, OpenOptions,
    RevocationReason, Timestamp, VerifyCode, VerifyOptions,
};
use sha2::Sha256;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

/// When tests begin, in Unix seconds.
const START: i64 = 1_800_000_000;

/// Begins a future and leaves it waiting.
fn begin<F: Future>(future: &mut Pin<Box<F>>) {
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
}

/// A bcrypt hash of cost 10 and its secret, from `tests/vectors/foreign_hashes.json`.
fn slow(name: &str) -> (ImportRecord, String) {
    let text = include_str!("../../../tests/vectors/foreign_hashes.json");
    let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
    let all = vectors["match"].as_array().unwrap();
    let it = all
        .iter()
        .find(|it| it["name"] == "bcrypt cost 10")
        .unwrap();
    let field = |name: &str| it[name].as_str().unwrap().to_owned();
    let record = ImportRecord {
        name: name.to_owned(),
        hash_format: Some("bcrypt".to_owned()),
        hash: Some(field("value")),
        prefix: Some("old_".to_owned()),
        ..ImportRecord::default()
    };
    (record, field("secret"))
}

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
        hash_key: Some(HashKey::from_bytes(key.into_bytes())),
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

#[test]
fn what_happens_while_a_slow_hash_is_checked_counts() {
    let any = VerifyOptions::default();
    for (what, code) in [
        ("it expires", VerifyCode::Expired),
        ("it is revoked", VerifyCode::Revoked),
    ] {
        let clock = Arc::new(ManualClock::at(START));
        let options = OpenOptions {
            clock: Some(Arc::clone(&clock) as Arc<dyn Clock>),
            ..OpenOptions::default()
        };
        let keys = block_on(KeyManager::open(Some("memory:"), options)).unwrap();
        let (mut record, secret) = slow("old");
        record.expires_at = Timestamp::from_unix(START + 10);
        let id = import(&keys, vec![record]).imported.remove(0);
        let mut verify = Box::pin(keys.verify(&secret, &any));
        begin(&mut verify);
        if code == VerifyCode::Expired {
            clock.advance(Duration::from_secs(10));
        } else {
            block_on(keys.revoke(&id, RevocationReason::Unspecified)).unwrap();
        }
        assert_eq!(block_on(verify).unwrap().code(), code, "{what}");
    }
}

#[cfg(feature = "sqlite")]
#[test]
fn a_process_that_has_not_heard_of_an_upgrade_yet_finds_the_key_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.db");
    let open = || block_on(KeyManager::open(path.to_str(), OpenOptions::default())).unwrap();
    for (number, secret) in ["old-secret", "old-secret-2"].iter().enumerate() {
        let upgrading = open();
        import(&upgrading, vec![under_hmac_key(number, secret)]);
        let other = open();
        assert_eq!(code(&upgrading, secret), VerifyCode::Valid);
        block_on(upgrading.flush()).unwrap();
        assert_eq!(code(&other, secret), VerifyCode::Valid);
    }
}

#[test]
fn no_imported_hash_is_shown_by_debug() {
    let keys = memory();
    let (record, secret) = slow("old");
    let hash = record.hash.clone().unwrap();
    let unsalted = under_hmac_key(1, "old-secret");
    let mac = unsalted.hash.clone().unwrap();
    let shown = format!("{record:?} {unsalted:?}");
    assert!(shown.contains("hmac-sha256") && !shown.contains(&hash) && !shown.contains(&mac));
    import(&keys, vec![record, unsalted]);
    let any = VerifyOptions::default();
    for secret in [secret.as_str(), "old-secret"] {
        let answer = block_on(keys.verify(secret, &any)).unwrap();
        let shown = format!("{answer:?}");
        assert!(answer.valid() && shown.contains("redacted_value"));
        // As text, and as a list of bytes.
        assert!(
            !shown.contains(&hash[7..]) && !shown.contains(&mac),
            "{shown}"
        );
        assert!(
            !shown.contains("lookup") && !shown.contains("bcrypt"),
            "{shown}"
        );
    }
}
