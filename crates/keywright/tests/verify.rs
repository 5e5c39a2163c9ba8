//! What scenarios can't say of verify: the answer that is at hand, the answer `unavailable`, what
//! the log is told, and that a meddled database gives no access.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use keywright::{
    CreateOptions, Created, ErrorCode, ImportRecord, KeyManager, LogLevel, LogRecord, LogSink,
    OpenOptions, RevocationReason, VerifyCode, VerifyOptions,
};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// A bcrypt hash of cost 10 and its secret, from `tests/vectors/foreign_hashes.json`.
fn slow_vector() -> (String, String) {
    let text = include_str!("../../../tests/vectors/foreign_hashes.json");
    let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
    let all = vectors["match"].as_array().unwrap();
    let it = all
        .iter()
        .find(|it| it["name"] == "bcrypt cost 10")
        .unwrap();
    let field = |name: &str| it[name].as_str().unwrap().to_owned();
    (field("value"), field("secret"))
}

#[derive(Default)]
struct Heard(Mutex<Vec<LogRecord>>);

impl LogSink for Heard {
    fn log(&self, record: &LogRecord) {
        self.0.lock().unwrap().push(record.clone());
    }
}

impl Heard {
    fn take(&self) -> Vec<LogRecord> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn open(store: &str, heard: &Arc<Heard>) -> KeyManager {
    let options = OpenOptions {
        log_sink: Some(Arc::clone(heard) as _),
        ..OpenOptions::default()
    };
    block_on(KeyManager::open(Some(store), options)).unwrap()
}

fn memory() -> KeyManager {
    open("memory:", &Arc::default())
}

fn create(keys: &KeyManager, options: CreateOptions) -> Created {
    block_on(keys.create("a", options)).unwrap()
}

fn any() -> VerifyOptions {
    VerifyOptions::default()
}

fn import(keys: &KeyManager, record: ImportRecord) {
    let report = block_on(keys.import_keys(vec![record])).unwrap();
    assert_eq!((report.imported.len(), report.refused), (1, Vec::new()));
}

#[test]
fn what_is_at_hand_is_what_verify_says() {
    let keys = memory();
    let (good, dead) = (
        create(&keys, CreateOptions::default()),
        create(&keys, CreateOptions::default()),
    );
    block_on(keys.revoke(&dead.key.id, RevocationReason::KeyCompromise)).unwrap();
    let unknown = create(&memory(), CreateOptions::default());
    for (secret, code) in [
        (good.secret.reveal(), VerifyCode::Valid),
        (dead.secret.reveal(), VerifyCode::Compromised),
        (unknown.secret.reveal(), VerifyCode::NotFound),
        ("hunter2", VerifyCode::Malformed),
    ] {
        let now = keys.verify_now(secret, &any()).unwrap();
        let later = block_on(keys.verify(secret, &any())).unwrap();
        assert_eq!((now.code(), now.key_id()), (code, later.key_id()));
        assert_eq!(now.code(), later.code());
    }
}

#[test]
fn what_has_to_be_written_or_hashed_first_is_not_at_hand() {
    let keys = memory();
    let limited = CreateOptions {
        rate_limit: Some("1/1h".to_owned()),
        ..CreateOptions::default()
    };
    let limited = create(&keys, limited);
    let first_use = CreateOptions {
        idempotency_key: Some("k".to_owned()),
        ..CreateOptions::default()
    };
    let first_use = create(&keys, first_use);
    import(
        &keys,
        ImportRecord {
            name: "a".to_owned(),
            secret: Some(keywright::Secret::from_string("old-secret".to_owned())),
            ..ImportRecord::default()
        },
    );
    for secret in [
        limited.secret.reveal(),
        first_use.secret.reveal(),
        "old-secret",
    ] {
        assert!(keys.verify_now(secret, &any()).is_none());
        assert!(
            keys.verify_now(secret, &any()).is_none(),
            "asking changes nothing"
        );
        assert!(block_on(keys.verify(secret, &any())).unwrap().valid());
    }
    // Once its first use is stored, the answer is at hand; a charge never is.
    assert!(
        keys.verify_now(first_use.secret.reveal(), &any())
            .unwrap()
            .valid()
    );
    assert!(keys.verify_now(limited.secret.reveal(), &any()).is_none());
}

#[test]
fn where_verify_is_an_error_there_is_no_answer_at_hand() {
    let keys = memory();
    let secret = create(&keys, CreateOptions::default()).secret;
    let bad = VerifyOptions {
        scopes: vec!["Read".to_owned()],
        ..any()
    };
    assert!(keys.verify_now(secret.reveal(), &bad).is_none());
    block_on(keys.close()).unwrap();
    assert!(keys.verify_now(secret.reveal(), &any()).is_none());
    assert_eq!(
        block_on(keys.verify(secret.reveal(), &any()))
            .unwrap_err()
            .code,
        ErrorCode::Closed
    );
}

#[test]
fn more_slow_hashes_than_can_be_checked_in_time_are_unavailable() {
    let heard = Arc::new(Heard::default());
    let keys = open("memory:", &heard);
    let (hash, secret) = slow_vector();
    import(
        &keys,
        ImportRecord {
            name: "a".to_owned(),
            hash_format: Some("bcrypt".to_owned()),
            hash: Some(hash),
            prefix: Some("old_".to_owned()),
            ..ImportRecord::default()
        },
    );
    let (options, guess) = (any(), "old_wrong guess");
    let mut verifies: Vec<_> = (0..60)
        .map(|_| Box::pin(keys.verify(guess, &options)))
        .collect();
    let mut context = Context::from_waker(Waker::noop());
    let mut unavailable = 0;
    for verify in &mut verifies {
        if let Poll::Ready(answer) = verify.as_mut().poll(&mut context) {
            let answer = answer.unwrap();
            assert_eq!(
                (answer.code(), answer.key_id()),
                (VerifyCode::Unavailable, None)
            );
            assert!(!answer.valid());
            unavailable += 1;
        }
    }
    assert!(unavailable > 10, "two are checked, 32 wait");
    let told = heard.take();
    assert!(
        told.iter()
            .any(|it| it.level == LogLevel::Error && it.code.as_deref() == Some("unavailable"))
    );
    // Those that wait get their answer, and then there is room again.
    for verify in verifies.into_iter().take(1) {
        assert_eq!(block_on(verify).unwrap().code(), VerifyCode::NotFound);
    }
    assert!(
        told.iter()
            .all(|it| !format!("{it:?}").contains(guess) && !format!("{it:?}").contains(&secret))
    );
}

#[test]
fn the_log_hears_of_refusals_with_code_and_key_and_without_the_secret() {
    let heard = Arc::new(Heard::default());
    let keys = open("memory:", &heard);
    let made = create(&keys, CreateOptions::default());
    let secret = made.secret.reveal();
    assert!(block_on(keys.verify(secret, &any())).unwrap().valid());
    assert_eq!(heard.take(), Vec::new());
    block_on(keys.disable(&made.key.id)).unwrap();
    for (presented, code, key) in [
        (secret.to_owned(), "disabled", Some(made.key.id.clone())),
        (format!("{secret} "), "malformed", None),
        ("hunter2".to_owned(), "malformed", None),
    ] {
        assert!(!block_on(keys.verify(&presented, &any())).unwrap().valid());
        let told = heard.take();
        assert_eq!(told.len(), 1);
        assert_eq!(
            (told[0].level, told[0].code.as_deref(), &told[0].key_id),
            (LogLevel::Debug, Some(code), &key)
        );
        assert!(!format!("{told:?}").contains(presented.trim()));
    }
}

#[cfg(feature = "sqlite")]
mod meddling {
    use super::*;
    use keywright::{Clock, ManualClock};

    /// A store in a file, a key in it, and its file's path.
    fn with_file(options: CreateOptions) -> (tempfile::TempDir, Arc<Heard>, KeyManager, Created) {
        let folder = tempfile::tempdir().unwrap();
        let heard = Arc::new(Heard::default());
        let keys = open(folder.path().join("keys.db").to_str().unwrap(), &heard);
        let made = create(&keys, options);
        (folder, heard, keys, made)
    }

    fn sql(keys: &KeyManager, statement: &str) {
        let connection = rusqlite::Connection::open(keys.path().unwrap()).unwrap();
        connection
            .busy_timeout(std::time::Duration::from_secs(10))
            .unwrap();
        connection.execute_batch(statement).unwrap();
    }

    #[test]
    fn a_row_that_was_changed_by_hand_is_unavailable_and_told() {
        for statement in [
            "UPDATE keys SET scopes = NULL",
            "UPDATE keys SET expires_at = NULL",
            "UPDATE keys SET state = 'active', revoked_at = NULL, revoked_for = NULL, row_version = row_version + 9",
            "UPDATE keys SET networks = NULL",
            "UPDATE keys SET limits = NULL",
            "UPDATE keys SET project_id = 'proj_000000000000000000000000'",
            "UPDATE keys SET owner_id = 'somebody else'",
            "UPDATE versions SET ends_at = 9999999999",
            "UPDATE versions SET number = 2",
            "UPDATE versions SET created_at = created_at - 1",
        ] {
            let options = CreateOptions {
                scopes: Some(Vec::new()),
                expires_in: Some(std::time::Duration::from_secs(3600)),
                allowed_ips: Some(vec!["192.0.2.1".to_owned()]),
                rate_limit: Some("9/1h".to_owned()),
                ..CreateOptions::default()
            };
            let (_folder, heard, keys, made) = with_file(options);
            let from_there = VerifyOptions {
                ip: Some("192.0.2.1".to_owned()),
                ..any()
            };
            let verify = || block_on(keys.verify(made.secret.reveal(), &from_there)).unwrap();
            assert!(verify().valid());
            heard.take();
            sql(&keys, statement);
            assert_eq!(verify().code(), VerifyCode::Unavailable, "{statement}");
            assert!(
                heard
                    .take()
                    .iter()
                    .any(|it| it.code.as_deref() == Some("tampered")),
                "{statement}"
            );
            assert_eq!(
                block_on(keys.get(&made.key.id)).unwrap_err().code,
                ErrorCode::Tampered,
                "{statement}"
            );
        }
    }

    #[test]
    fn a_key_can_not_be_brought_back_from_a_copy_of_its_rows() {
        let (_folder, _, keys, made) = with_file(CreateOptions::default());
        sql(&keys, "CREATE TABLE old AS SELECT * FROM keys");
        block_on(keys.revoke(&made.key.id, RevocationReason::KeyCompromise)).unwrap();
        let columns = "row_version, state, revoked_at, revoked_for, seal";
        sql(
            &keys,
            &format!("UPDATE keys SET ({columns}) = (SELECT {columns} FROM old)"),
        );
        let answer = block_on(keys.verify(made.secret.reveal(), &any())).unwrap();
        assert_eq!(answer.code(), VerifyCode::Unavailable);
    }

    #[test]
    fn what_happens_while_a_charge_or_a_first_use_waits_counts() {
        for first_use in [false, true] {
            let clock = Arc::new(ManualClock::at(1_800_000_000));
            let folder = tempfile::tempdir().unwrap();
            let options = OpenOptions {
                clock: Some(Arc::clone(&clock) as Arc<dyn Clock>),
                ..OpenOptions::default()
            };
            let path = folder.path().join("keys.db");
            let keys = block_on(KeyManager::open(path.to_str(), options)).unwrap();
            let options = |name: &str| CreateOptions {
                expires_in: Some(std::time::Duration::from_secs(10)),
                credits: (!first_use).then_some(9),
                idempotency_key: first_use.then(|| name.to_owned()),
                ..CreateOptions::default()
            };
            let (expiring, revoked) = (create(&keys, options("a")), create(&keys, options("b")));
            // Somebody else writes, so all that is to be written waits.
            let other = rusqlite::Connection::open(&path).unwrap();
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
            let any = any();
            let mut revoke = Box::pin(keys.revoke(&revoked.key.id, RevocationReason::Unspecified));
            let mut verifies: Vec<_> = [&expiring, &revoked]
                .map(|made| Box::pin(keys.verify(made.secret.reveal(), &any)))
                .into();
            let mut context = Context::from_waker(Waker::noop());
            assert!(revoke.as_mut().poll(&mut context).is_pending());
            for verify in &mut verifies {
                assert!(verify.as_mut().poll(&mut context).is_pending());
            }
            clock.advance(std::time::Duration::from_secs(10));
            other.execute_batch("COMMIT").unwrap();
            let codes: Vec<_> = verifies
                .into_iter()
                .map(|verify| block_on(verify).unwrap().code())
                .collect();
            assert_eq!(codes, [VerifyCode::Expired, VerifyCode::Revoked]);
            block_on(revoke).unwrap();
            // What was refused was not charged, and was no first use.
            let limits = block_on(keys.get(&expiring.key.id)).unwrap().limits;
            assert_eq!(
                limits.first().and_then(|it| it.remaining),
                (!first_use).then_some(9)
            );
        }
    }

    #[test]
    fn what_is_only_shown_of_a_key_keeps_it_not_from_being_revoked() {
        for damage in [
            "UPDATE counters SET counter = x'ff'",
            "UPDATE versions SET digest = x'00' WHERE number = 1",
        ] {
            let options = CreateOptions {
                credits: Some(9),
                ..CreateOptions::default()
            };
            let (_folder, heard, keys, made) = with_file(options);
            let new = block_on(keys.rotate(&made.key.id, Some(std::time::Duration::ZERO))).unwrap();
            let verify = || block_on(keys.verify(new.secret.reveal(), &any())).unwrap();
            assert!(verify().valid());
            sql(&keys, damage);
            heard.take();
            let revoked = block_on(keys.revoke(&made.key.id, RevocationReason::Unspecified));
            assert_eq!(
                revoked.unwrap().revocation_reason,
                Some(RevocationReason::Unspecified)
            );
            assert_eq!(verify().code(), VerifyCode::Revoked, "{damage}");
            let told = heard.take();
            let told = told.iter().any(|it| it.level == LogLevel::Error);
            assert_eq!(told, damage.contains("versions"));
        }
    }

    #[test]
    fn names_metadata_and_last_uses_may_be_changed_by_hand() {
        let (_folder, _, keys, made) = with_file(CreateOptions::default());
        sql(
            &keys,
            "UPDATE keys SET name = 'renamed', metadata = '{\"k\":\"v\"}'",
        );
        assert!(
            block_on(keys.verify(made.secret.reveal(), &any()))
                .unwrap()
                .valid()
        );
        assert_eq!(block_on(keys.get(&made.key.id)).unwrap().name, "renamed");
    }

    #[test]
    fn an_audit_trail_that_was_meddled_with_is_found_out() {
        for (statement, seq) in [
            ("UPDATE audit SET actor = 'somebody else' WHERE seq = 2", 2),
            ("DELETE FROM audit WHERE seq = 2", 3),
            ("DELETE FROM audit WHERE seq = 1", 2),
            ("DELETE FROM audit WHERE seq = 4", 4),
            ("DELETE FROM audit WHERE seq > 1", 2),
            ("DELETE FROM audit", 1),
        ] {
            let (_folder, _, keys, made) = with_file(CreateOptions::default());
            block_on(keys.disable(&made.key.id)).unwrap();
            block_on(keys.revoke(&made.key.id, RevocationReason::Unspecified)).unwrap();
            assert_eq!(block_on(keys.verify_audit()).unwrap(), None);
            sql(&keys, statement);
            let broken = block_on(keys.verify_audit()).unwrap().unwrap();
            assert_eq!(broken.seq, seq, "{statement}: {}", broken.problem);
        }
    }
}
