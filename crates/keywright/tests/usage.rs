//! How much a key was used lately: the days, and what counts as a use.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use futures_executor::block_on;
use keywright::{
    Class, CreateOptions, Created, DailyUse, ErrorCode, KeyManager, ManualClock, OpenOptions,
    Timestamp, VerifyOptions,
};
use std::sync::Arc;
use std::time::Duration;

/// A second before midnight, at the end of 14 January 2027 in UTC.
const LAST_SECOND: i64 = 1_799_971_199;
const DAY: i64 = 86_400;

fn at(seconds: i64) -> (KeyManager, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(seconds));
    let options = OpenOptions {
        clock: Some(clock.clone()),
        ..OpenOptions::default()
    };
    let keys = block_on(KeyManager::open(Some("memory:"), options)).unwrap();
    (keys, clock)
}

fn create(keys: &KeyManager, options: CreateOptions) -> Created {
    block_on(keys.create("key", options)).unwrap()
}

fn verify(keys: &KeyManager, secret: &str) -> &'static str {
    let answer = block_on(keys.verify(secret, &VerifyOptions::default())).unwrap();
    answer.code().as_str()
}

fn usage(keys: &KeyManager, id: &str, days: u32) -> Vec<DailyUse> {
    block_on(keys.usage(id, days)).unwrap()
}

#[test]
fn there_is_one_entry_for_each_day_and_the_last_is_today() {
    let (keys, clock) = at(LAST_SECOND);
    let key = create(&keys, CreateOptions::default());
    verify(&keys, key.secret.reveal());
    clock.advance(Duration::from_secs(1));
    verify(&keys, key.secret.reveal());
    assert!(
        keys.verify_now(key.secret.reveal(), &VerifyOptions::default())
            .is_some()
    );
    let day = |start: i64, count| DailyUse {
        day: Timestamp::from_unix(start).unwrap(),
        count,
    };
    let midnight = LAST_SECOND + 1;
    assert_eq!(
        usage(&keys, &key.key.id, 3),
        [
            day(midnight - 2 * DAY, 0),
            day(midnight - DAY, 1),
            day(midnight, 2)
        ]
    );
    assert_eq!(usage(&keys, &key.key.id, 1), [day(midnight, 2)]);
    assert_eq!(usage(&keys, &key.key.id, 90).len(), 90);
    let wire = serde_json::to_value(usage(&keys, &key.key.id, 1)).unwrap();
    assert_eq!(wire, serde_json::json!([{ "day": midnight, "count": 2 }]));
}

#[test]
fn only_what_was_valid_is_a_use() {
    let (keys, _) = at(LAST_SECOND);
    let key = create(
        &keys,
        CreateOptions {
            scopes: Some(Vec::new()),
            credits: Some(2),
            ..CreateOptions::default()
        },
    );
    let secret = key.secret.reveal();
    let codes = [(); 3].map(|()| verify(&keys, secret));
    assert_eq!(codes, ["valid", "valid", "usage_exceeded"]);
    let more = VerifyOptions {
        scopes: vec!["write".to_owned()],
        ..VerifyOptions::default()
    };
    assert!(!block_on(keys.verify(secret, &more)).unwrap().valid());
    block_on(keys.identify(secret)).unwrap();
    block_on(keys.disable(&key.key.id)).unwrap();
    verify(&keys, secret);
    assert_eq!(usage(&keys, &key.key.id, 1)[0].count, 2);
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let (keys, _) = at(LAST_SECOND);
    let id = create(&keys, CreateOptions::default()).key.id;
    let code = |id: &str, days| block_on(keys.usage(id, days)).unwrap_err().code;
    for days in [0, 91, u32::MAX] {
        assert_eq!(code(&id, days), ErrorCode::InvalidArgument);
    }
    assert_eq!(code("no id", 1), ErrorCode::InvalidArgument);
    let unknown = format!("key_{}", "0".repeat(24));
    assert_eq!(code(&unknown, 1), ErrorCode::NotFound);
    let admin = block_on(keys.admin_keys().create("admin", None, None)).unwrap();
    assert_eq!(admin.key.class, Class::Admin);
    assert_eq!(code(&admin.key.id, 1), ErrorCode::NotFound);
    block_on(keys.close()).unwrap();
    assert_eq!(code(&id, 1), ErrorCode::Closed);
}

#[test]
fn several_keys_are_asked_for_at_once() {
    let (keys, _) = at(LAST_SECOND);
    let (used, unused) = (
        create(&keys, CreateOptions::default()),
        create(&keys, CreateOptions::default()),
    );
    verify(&keys, used.secret.reveal());
    let unknown = format!("key_{}", "0".repeat(24));
    let ids = [unused.key.id.as_str(), &unknown, &used.key.id];
    let counts = block_on(keys.usage_of_all(&ids, 2)).unwrap();
    assert_eq!(counts, [[0, 0], [0, 0], [0, 1]]);
    assert!(block_on(keys.usage_of_all(&[], 2)).unwrap().is_empty());
    assert!(block_on(keys.usage_of_all(&["x"], 2)).is_err());
}

#[test]
fn before_the_first_day_of_1970_there_are_none() {
    let (keys, _) = at(DAY + 5);
    let key = create(&keys, CreateOptions::default());
    verify(&keys, key.secret.reveal());
    let counts: Vec<(i64, u64)> = usage(&keys, &key.key.id, 30)
        .iter()
        .map(|day| (day.day.unix(), day.count))
        .collect();
    assert_eq!(counts, [(0, 0), (DAY, 1)]);
}
