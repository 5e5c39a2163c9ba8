//! What is kept beside keys: idempotency records, counters, notes of imports. And the end of a
//! store.

use crate::{TestStore, wanted};
use futures_executor::block_on;
use keywright_core::ErrorCode;
use keywright_core::ids::KeyId;
use keywright_core::limits::{Cost, Counter, LimitName, charge, credits, remaining};
use keywright_core::store::{ForeignScheme, IdempotencyRecord, Lookup};
use keywright_core::time::Timestamp;
use std::sync::Arc;
use std::time::Duration;

pub fn an_idempotency_record_is_kept_replaced_and_dropped(store: &TestStore) {
    let record = |hash: u8, fingerprint: u8, at: Timestamp| IdempotencyRecord {
        key_hash: [hash; 32],
        fingerprint: [fingerprint; 32],
        key: KeyId::generate(store.random.as_ref()).unwrap(),
        created_at: at,
    };
    let put = |record: &IdempotencyRecord, before: i64| {
        let (record, before) = (record.clone(), Timestamp::from_unix(before).unwrap());
        store
            .write(move |tx| tx.put_idempotency(&record, before))
            .unwrap();
    };
    let get = |hash: u8| {
        store
            .read(move |rows| rows.idempotency(&[hash; 32]))
            .unwrap()
    };
    let now = store.now();
    let (first, second) = (record(1, 1, now), record(2, 1, now));
    put(&first, 0);
    put(&second, 0);
    assert_eq!(
        (get(1), get(2), get(3)),
        (Some(first), Some(second.clone()), None)
    );
    let replaced = record(1, 9, now.after(Duration::from_secs(5)).unwrap());
    put(&replaced, now.unix());
    assert_eq!((get(1), get(2)), (Some(replaced.clone()), Some(second)));
    let third = record(3, 1, replaced.created_at);
    put(&third, now.unix() + 1);
    assert_eq!(
        (get(1), get(2), get(3)),
        (Some(replaced), None, Some(third))
    );
}

pub fn a_counter_belongs_to_one_limit_of_one_key(store: &TestStore) {
    let (a, b) = (
        store.issue(&wanted("a")).id(),
        store.issue(&wanted("b")).id(),
    );
    let limit = credits(5).unwrap();
    let name = |text: &str| text.parse::<LimitName>().unwrap();
    let get = |key, limit: &str| {
        let limit = name(limit);
        store.read(move |rows| rows.counter(key, &limit)).unwrap()
    };
    let put = |key, limit: &str, counter: &Counter| {
        let (limit, counter) = (name(limit), counter.clone());
        store
            .write(move |tx| tx.put_counter(key, &limit, &counter))
            .unwrap();
    };
    assert_eq!(get(a, "credits"), None);
    let once = charge(&[(&limit, &Counter::default())], &Cost::default(), 0)
        .unwrap()
        .remove(0);
    let twice = charge(&[(&limit, &once)], &Cost::default(), 0)
        .unwrap()
        .remove(0);
    put(a, "credits", &once);
    put(b, "credits", &Counter::default());
    put(a, "other", &Counter::default());
    put(a, "credits", &twice);
    assert_eq!(remaining(&limit, &get(a, "credits").unwrap(), 0), 3);
    assert_eq!(get(a, "other"), Some(Counter::default()));
    assert_eq!(get(b, "credits"), Some(Counter::default()));
    assert_eq!(get(b, "other"), None);
}

pub fn the_first_note_of_an_imported_kind_stays(store: &TestStore) {
    let scheme = |name: &str, key: Option<&[u8]>| ForeignScheme {
        name: name.to_owned(),
        sealed_key: key.map(<[u8]>::to_vec),
    };
    let put = |scheme: &ForeignScheme| {
        let scheme = scheme.clone();
        store
            .write(move |tx| tx.put_foreign_scheme(&scheme))
            .unwrap();
    };
    assert!(store.store.foreign_schemes_now().is_empty());
    let (hmac, sha) = (
        scheme("hmac-sha256:00", Some(b"sealed")),
        scheme("sha256", None),
    );
    put(&sha);
    put(&hmac);
    put(&scheme("sha256", Some(b"another")));
    let expected = vec![hmac, sha];
    assert_eq!(store.read(|rows| rows.foreign_schemes()).unwrap(), expected);
    assert_eq!(*store.store.foreign_schemes_now(), *expected);
}

pub fn a_closed_store_refuses_everything(store: &TestStore) {
    let issued = store.issue(&wanted("key"));
    let version = &issued.it.versions[0];
    let foreign = Arc::clone(&store.store);
    block_on(store.store.close()).unwrap();
    let closed = |code: Option<ErrorCode>| assert_eq!(code, Some(ErrorCode::Closed));
    closed(store.create(&wanted("late")).err().map(|error| error.code));
    closed(
        store
            .read(|rows| rows.projects(true))
            .err()
            .map(|error| error.code),
    );
    closed(store.find(&issued.secret).err().map(|error| error.code));
    closed(
        store
            .store
            .find_now(&Lookup::Locator(version.locator))
            .and_then(Result::err)
            .map(|e| e.code),
    );
    closed(block_on(store.store.flush()).err().map(|error| error.code));
    foreign.touch(version.id, store.now());
    let _ = foreign.foreign_schemes_now();
    block_on(store.store.close()).unwrap();
}
