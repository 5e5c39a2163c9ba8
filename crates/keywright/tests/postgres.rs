//! Several managers on one PostgreSQL database, as several machines have them.
#![cfg(feature = "postgres")]
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use keywright::{
    CreateOptions, ErrorCode, KeyManager, Limit, OpenOptions, PepperSource, Result,
    RevocationReason, Secret, SecretStore, VerifyCode, VerifyOptions,
};
use keywright_testkit::postgres::{PostgresServer, wait_until};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

const PEPPER: &str = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a";

fn options() -> OpenOptions {
    OpenOptions {
        pepper: PepperSource::Value(PEPPER.into()),
        ..OpenOptions::default()
    }
}

fn open(url: &str) -> KeyManager {
    block_on(KeyManager::open(Some(url), options())).unwrap()
}

fn new_url(server: &PostgresServer) -> String {
    server.url(&server.new_schema())
}

fn code(keys: &KeyManager, secret: &Secret) -> VerifyCode {
    let answer = block_on(keys.verify(secret.reveal(), &VerifyOptions::default()));
    answer.unwrap().code()
}

#[test]
fn what_one_manager_has_answered_all_others_see_at_once() {
    let url = new_url(PostgresServer::shared());
    let managers = [open(&url), open(&url), open(&url)];
    for round in 0..100 {
        let [one, two, three] = [0, 1, 2].map(|it| &managers[(round + it) % 3]);
        let created = block_on(one.create("key", CreateOptions::default())).unwrap();
        assert_eq!(code(two, &created.secret), VerifyCode::Valid);
        let rotated = block_on(two.rotate(&created.key.id, Some(std::time::Duration::ZERO)));
        let rotated = rotated.unwrap();
        assert_eq!(code(three, &created.secret), VerifyCode::Revoked);
        assert_eq!(code(three, &rotated.secret), VerifyCode::Valid);
        block_on(three.revoke(&created.key.id, RevocationReason::KeyCompromise)).unwrap();
        for keys in &managers {
            assert_eq!(code(keys, &rotated.secret), VerifyCode::Compromised);
        }
    }
    assert_eq!(block_on(managers[0].verify_audit()).unwrap(), None);
}

#[test]
fn a_limit_is_one_limit_for_all_managers() {
    let url = new_url(PostgresServer::shared());
    let managers = [open(&url), open(&url), open(&url)];
    let created = block_on(managers[0].create(
        "limited",
        CreateOptions {
            limits: vec![Limit::credits(100).unwrap()],
            ..CreateOptions::default()
        },
    ))
    .unwrap();
    let granted: usize = std::thread::scope(|scope| {
        let verify = |keys: &KeyManager| match code(keys, &created.secret) {
            VerifyCode::Valid => true,
            other => {
                assert_eq!(other, VerifyCode::UsageExceeded);
                false
            }
        };
        let work: Vec<_> = managers
            .iter()
            .cycle()
            .take(6)
            .map(|keys| scope.spawn(move || (0..30).filter(|_| verify(keys)).count()))
            .collect();
        work.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(granted, 100);
}

#[test]
fn where_the_database_is_gone_a_verify_is_unavailable_and_no_error() {
    let server: &PostgresServer = Box::leak(Box::new(PostgresServer::start()));
    let keys = open(&new_url(server));
    let good = block_on(keys.create("good", CreateOptions::default())).unwrap();
    let dead = block_on(keys.create("dead", CreateOptions::default())).unwrap();
    block_on(keys.revoke(&dead.key.id, RevocationReason::Unspecified)).unwrap();
    server.stop("immediate");
    for _ in 0..20 {
        assert_eq!(code(&keys, &good.secret), VerifyCode::Unavailable);
        assert_eq!(code(&keys, &dead.secret), VerifyCode::Unavailable);
    }
    let refused = block_on(keys.create("more", CreateOptions::default())).err();
    assert_eq!(refused.unwrap().code, ErrorCode::Unavailable);
    // What is no secret of ours needs no database to be refused.
    let malformed = block_on(keys.verify("nonsense", &VerifyOptions::default()));
    assert_eq!(malformed.unwrap().code(), VerifyCode::Malformed);
    server.start_again();
    wait_until("it does not go on", || {
        code(&keys, &good.secret) == VerifyCode::Valid
    });
    assert_eq!(code(&keys, &dead.secret), VerifyCode::Revoked);
}

#[test]
fn nothing_is_at_hand_without_asking_the_database() {
    let keys = open(&new_url(PostgresServer::shared()));
    let made = block_on(keys.create("key", CreateOptions::default())).unwrap();
    let now = |secret: &str| keys.verify_now(secret, &VerifyOptions::default());
    assert!(now(made.secret.reveal()).is_none());
    assert_eq!(now("nonsense").unwrap().code(), VerifyCode::Malformed);
}

#[test]
fn a_manager_is_opened_anew_as_a_child_process_does() {
    let keys = open(&new_url(PostgresServer::shared()));
    let made = block_on(keys.create("key", CreateOptions::default())).unwrap();
    let anew = keys.reopen().unwrap();
    block_on(keys.close()).unwrap();
    assert_eq!(code(&anew, &made.secret), VerifyCode::Valid);
    assert_eq!(keys.path(), None);
    let shown = format!("{anew:?}");
    assert!(
        shown.contains("Postgres") && !shown.contains("schema"),
        "{shown}"
    );
}

/// Where an application keeps secrets.
#[derive(Default)]
struct Kept(Mutex<HashMap<String, String>>);

impl SecretStore for Kept {
    fn load(&self, name: &str) -> Result<Option<Secret>> {
        let kept = self.0.lock().unwrap().get(name).cloned();
        Ok(kept.map(Secret::from_string))
    }

    fn save(&self, name: &str, secret: &Secret) -> Result<()> {
        let text = secret.reveal().to_owned();
        self.0.lock().unwrap().insert(name.to_owned(), text);
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

#[test]
fn a_secret_store_makes_the_pepper_of_a_new_store_and_of_no_other() {
    let url = new_url(PostgresServer::shared());
    let secrets: Arc<Kept> = Arc::default();
    let with = |secrets: &Arc<Kept>| OpenOptions {
        pepper: PepperSource::Store {
            secrets: Arc::clone(secrets) as _,
            name: "pepper".to_owned(),
        },
        ..OpenOptions::default()
    };
    let keys = block_on(KeyManager::open(Some(&url), with(&secrets))).unwrap();
    let made = block_on(keys.create("key", CreateOptions::default())).unwrap();
    let other = block_on(KeyManager::open(Some(&url), with(&secrets))).unwrap();
    assert_eq!(code(&other, &made.secret), VerifyCode::Valid);
    let refused = block_on(KeyManager::open(Some(&url), with(&Arc::default()))).err();
    assert_eq!(refused.unwrap().code, ErrorCode::Pepper);
}

#[test]
fn a_backup_is_pg_dumps_affair() {
    let url = new_url(PostgresServer::shared());
    let keys = open(&url);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.age");
    let backup = keys.backup("passphrase".into(), &file);
    let told = [
        block_on(backup).err().unwrap(),
        KeyManager::upgrade(Some(&url)).err().unwrap(),
    ];
    for error in told {
        assert_eq!(error.code, ErrorCode::Unsupported);
        assert!(error.hint.unwrap().contains("pg_dump"));
    }
}
