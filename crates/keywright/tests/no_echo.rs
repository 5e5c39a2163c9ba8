//! What was given in the wrong place could be a secret: no error, report, log line or event repeats
//! it, whichever call it was given to.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use keywright::{
    AuditOptions, CreateOptions, Error, HashKey, ImportRecord, KeyManager, Limit, ListOptions,
    LogRecord, LogSink, OpenOptions, PepperSource, ProjectOptions, Result, RevocationReason,
    Secret, UpdateOptions, VerifyOptions,
};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

/// It has a control character and capital letters in it, so that no place takes it.
const CANARY: &str = "Hunter2-Canary\u{1}";
/// What must not be seen of it.
const SEEN: &str = "Hunter2";

#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl LogSink for Heard {
    fn log(&self, record: &LogRecord) {
        self.0.lock().unwrap().push(format!("{record:?}"));
    }
}

/// That the call is refused, in words that don't repeat the canary.
fn refused<T: Debug>(what: &str, outcome: Result<T>) -> Error {
    let error = outcome.expect_err(what);
    assert!(
        !format!("{error:?} {error}").contains(SEEN),
        "{what}: {error:?}"
    );
    error
}

fn canary() -> String {
    CANARY.to_owned()
}

fn open(options: OpenOptions) -> Result<KeyManager> {
    block_on(KeyManager::open(Some("memory:"), options))
}

#[test]
fn opening_repeats_nothing() {
    let with = |change: fn(&mut OpenOptions)| {
        let mut options = OpenOptions::default();
        change(&mut options);
        open(options)
    };
    refused("brand", with(|it| it.brand = Some(canary())));
    refused(
        "pepper file",
        with(|it| it.pepper = PepperSource::File(canary().into())),
    );
    for scheme in ["mysql", "redis", "file", "MongoDB+srv", "HTTPS"] {
        let address = format!("{scheme}://user:{SEEN}@localhost/keys");
        let opened = KeyManager::open(Some(&address), OpenOptions::default());
        let error = refused(scheme, block_on(opened));
        assert_eq!(error.code, keywright::ErrorCode::Unsupported);
    }
    refused("actor", with(|it| it.actor = Some(canary())));
    refused(
        "pepper",
        with(|it| it.pepper = PepperSource::Value(canary().into())),
    );
    for address in [
        "postgres://user:Hunter2@host/keys",
        "postgresql://Hunter2@127.0.0.1:1/Hunter2?sslmode=disable",
        "postgres://user:a@Hunter2/keys",
        "postgres://host/keys?password=Hunter2&sslmode=Hunter2",
    ] {
        // Without a pepper nothing is connected to.
        let opened = KeyManager::open(Some(address), OpenOptions::default());
        refused("store", block_on(opened));
        let pepper = PepperSource::Value("5".repeat(64).into());
        let options = OpenOptions {
            pepper,
            ..OpenOptions::default()
        };
        if address.contains("127.0.0.1") {
            refused("store", block_on(KeyManager::open(Some(address), options)));
        }
    }
    let keys = open(OpenOptions::default()).unwrap();
    refused("acting_as", keys.acting_as(CANARY, None));
    refused("acting_as from", keys.acting_as("a", Some(CANARY)));
}

#[test]
fn creating_and_updating_repeat_nothing() {
    let keys = open(OpenOptions::default()).unwrap();
    let made = block_on(keys.create("a", CreateOptions::default())).unwrap();
    let limit = Limit {
        name: canary(),
        unit: "requests".to_owned(),
        ..Limit::credits(1).unwrap()
    };
    let pairs: BTreeMap<_, _> = [(canary(), canary())].into();
    refused(
        "name",
        block_on(keys.create(CANARY, CreateOptions::default())),
    );
    let create = |change: &dyn Fn(&mut CreateOptions)| {
        let mut options = CreateOptions::default();
        change(&mut options);
        block_on(keys.create("a", options))
    };
    refused("project", create(&|it| it.project = Some(canary())));
    refused("owner", create(&|it| it.owner = Some(canary())));
    refused("scopes", create(&|it| it.scopes = Some(vec![canary()])));
    refused(
        "networks",
        create(&|it| it.allowed_ips = Some(vec![canary()])),
    );
    refused("metadata", create(&|it| it.metadata = pairs.clone()));
    refused("rate", create(&|it| it.rate_limit = Some(canary())));
    refused("limit", create(&|it| it.limits = vec![limit.clone()]));
    refused(
        "unit",
        create(&|it| {
            it.limits = vec![Limit {
                name: "l".to_owned(),
                unit: canary(),
                ..limit.clone()
            }];
        }),
    );
    refused(
        "idempotency",
        create(&|it| it.idempotency_key = Some(canary().repeat(20))),
    );
    let update = |change: &dyn Fn(&mut UpdateOptions)| {
        let mut changes = UpdateOptions::default();
        change(&mut changes);
        block_on(keys.update(&made.key.id, changes))
    };
    refused("new name", update(&|it| it.name = Some(canary())));
    refused(
        "new metadata",
        update(&|it| it.metadata = Some(pairs.clone())),
    );
    refused(
        "new scopes",
        update(&|it| it.scopes = Some(Some(vec![canary()]))),
    );
    refused(
        "new networks",
        update(&|it| it.allowed_ips = Some(Some(vec![canary()]))),
    );
    refused(
        "new limits",
        update(&|it| it.limits = Some(vec![limit.clone()])),
    );
}

#[test]
fn ids_filters_and_words_repeat_nothing() {
    let keys = open(OpenOptions::default()).unwrap();
    refused("get", block_on(keys.get(CANARY)));
    refused("rotate", block_on(keys.rotate(CANARY, None)));
    refused("disable", block_on(keys.disable(CANARY)));
    refused(
        "revoke",
        block_on(keys.revoke(CANARY, RevocationReason::Unspecified)),
    );
    refused(
        "revoke_all",
        block_on(keys.revoke_all(CANARY, RevocationReason::Unspecified)),
    );
    refused("admin get", block_on(keys.admin_keys().get(CANARY)));
    refused(
        "admin create",
        block_on(keys.admin_keys().create(CANARY, None, None)),
    );
    refused("project", block_on(keys.projects().get(CANARY)));
    refused(
        "new project",
        block_on(keys.projects().create(CANARY, ProjectOptions::default())),
    );
    refused("archive", block_on(keys.projects().archive(CANARY)));
    refused("new user", block_on(keys.users().create(CANARY)));
    refused("user", block_on(keys.users().delete(CANARY)));
    refused(
        "new account",
        block_on(keys.service_accounts().create(CANARY, None)),
    );
    refused(
        "account's project",
        block_on(keys.service_accounts().create("a", Some(CANARY))),
    );
    refused("account", block_on(keys.service_accounts().delete(CANARY)));
    let list = |options| block_on(keys.list(options));
    refused(
        "after",
        list(ListOptions {
            after: Some(canary()),
            ..ListOptions::default()
        }),
    );
    refused(
        "in project",
        list(ListOptions {
            project: Some(canary()),
            ..ListOptions::default()
        }),
    );
    refused(
        "of owner",
        list(ListOptions {
            owner: Some(canary()),
            ..ListOptions::default()
        }),
    );
    refused(
        "search",
        list(ListOptions {
            search: Some(canary().repeat(50)),
            ..ListOptions::default()
        }),
    );
    let types = AuditOptions {
        event_types: vec![canary()],
        ..AuditOptions::default()
    };
    refused("event type", block_on(keys.audit(types)));
    refused("reason", RevocationReason::parse(CANARY));
    refused("class", keywright::Class::parse(CANARY));
    refused("status", keywright::KeyStatus::parse(CANARY));
    refused("limit", Limit::rate(CANARY));
}

#[test]
fn verifying_repeats_nothing_in_errors_answers_or_log() {
    let heard = Arc::new(Heard::default());
    let options = OpenOptions {
        log_sink: Some(Arc::clone(&heard) as _),
        ..OpenOptions::default()
    };
    let keys = open(options).unwrap();
    let bad = |scopes, ip| VerifyOptions {
        scopes,
        ip,
        cost: None,
    };
    refused(
        "scopes",
        block_on(keys.verify(CANARY, &bad(vec![canary()], None))),
    );
    refused(
        "address",
        block_on(keys.verify(CANARY, &bad(Vec::new(), Some(canary())))),
    );
    let answer = block_on(keys.verify(CANARY, &VerifyOptions::default())).unwrap();
    assert!(!format!("{answer:?}").contains(SEEN));
    assert!(!heard.0.lock().unwrap().concat().contains(SEEN));
}

#[test]
fn a_record_to_import_shows_neither_its_secret_nor_its_key() {
    let secret = || Some(Secret::from_string(canary()));
    let record = ImportRecord {
        secret: secret(),
        hash_key: Some(HashKey::from_bytes(canary().into())),
        hash_key_hex: secret(),
        ..ImportRecord::default()
    };
    assert!(!format!("{record:?}").contains(SEEN));
}

#[test]
fn importing_repeats_nothing() {
    let keys = open(OpenOptions::default()).unwrap();
    let record = |change: &dyn Fn(&mut ImportRecord)| {
        let mut record = ImportRecord {
            name: "a".to_owned(),
            ..ImportRecord::default()
        };
        change(&mut record);
        record
    };
    let hashed = |it: &mut ImportRecord| {
        it.hash_format = Some("hmac-sha256".to_owned());
        it.hash = Some("0".repeat(64));
    };
    let secret = |text: &str| Some(Secret::from_string(text.to_owned()));
    let records = vec![
        record(&|it| it.name = canary()),
        record(&|it| it.hash_format = Some(canary())),
        record(&|it| (it.hash_format, it.hash) = (Some("sha256".to_owned()), Some(canary()))),
        record(&|it| (it.hash_format, it.hash) = (Some(canary()), Some(canary()))),
        record(&|it| {
            hashed(it);
            it.hash_key = Some(HashKey::from_bytes(CANARY.repeat(100).into()));
        }),
        record(&|it| {
            hashed(it);
            it.hash_key_hex = secret(CANARY);
        }),
        record(&|it| {
            it.secret = secret("s");
            it.prefix = Some(canary());
        }),
        record(&|it| {
            it.secret = secret("Hunter2-Canary-Secret");
            it.redacted_value = Some("Hunter2-Canary-Secret".to_owned());
        }),
        record(&|it| {
            it.secret = secret("s");
            it.project = Some(canary());
        }),
    ];
    let count = records.len();
    let report = block_on(keys.import_keys(records)).unwrap();
    assert_eq!((report.imported.len(), report.refused.len()), (0, count));
    assert!(!format!("{report:?}").contains(SEEN));
    for line in [
        format!("{{\"name\":\"a\",\"secret\":{SEEN}}}"),
        format!("{{\"{SEEN}\":1}}"),
        SEEN.to_owned(),
    ] {
        refused("line", ImportRecord::from_json(&line));
    }
}

#[test]
fn the_audit_trail_has_no_canary_that_was_no_name() {
    let keys = open(OpenOptions::default()).unwrap();
    let project = CreateOptions {
        project: Some(canary()),
        ..CreateOptions::default()
    };
    refused("project", block_on(keys.create("a", project)));
    refused("archive", block_on(keys.projects().archive(CANARY)));
    let events = block_on(keys.audit(AuditOptions::default())).unwrap();
    assert_eq!(events.data.len(), 3);
    assert!(!format!("{events:?}").contains(SEEN));
}
