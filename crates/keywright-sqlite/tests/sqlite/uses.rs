//! Counts of uses: what several processes write, and what somebody else has written there.

use crate::log::raw;
use crate::place::Place;
use futures_executor::block_on;
use keywright_core::VerifyCode;
use keywright_core::daily::{DailyCounts, Day, MOST_BYTES};
use keywright_testkit::{Issued, TestStore, wanted};
use rusqlite::params;
use rusqlite::types::Value;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

fn use_it(store: &TestStore, key: &Issued, times: u64) {
    for _ in 0..times {
        store.store.touch(key.it.versions[0].id, store.now());
    }
}

fn today(store: &TestStore, key: &Issued) -> u64 {
    let (id, today) = (key.id(), Day::of(store.now()));
    let counts = store
        .read(move |rows| rows.daily_uses(id, today, today))
        .unwrap();
    counts.on(today)
}

#[test]
fn what_stores_on_one_file_count_adds_up() {
    const ROUNDS: u64 = 20;
    let place = Place::new();
    let (one, other) = (place.open(1), place.open(2));
    let key = one.issue(&wanted("shared"));
    thread::scope(|scope| {
        for store in [&one, &other] {
            let key = &key;
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    use_it(store, key, 3);
                    block_on(store.store.flush()).unwrap();
                }
            });
        }
    });
    assert_eq!(today(&one, &key), 2 * ROUNDS * 3);
    drop((one, other));
    assert_eq!(today(&place.open(3), &key), 2 * ROUNDS * 3);
}

/// Set where this test program is run again as a process that uses keys until it is killed.
const USE_IN: &str = "KEYWRIGHT_TEST_USE_IN";

/// Not a test by itself: what the test below runs as another process.
#[test]
fn a_process_that_uses_a_key_and_waits_to_be_killed() {
    let Some(path) = std::env::var_os(USE_IN) else {
        return;
    };
    let store = Place::open_at(path.as_ref(), 5);
    let key = store.issue(&wanted("used elsewhere"));
    use_it(&store, &key, 5);
    loop {
        thread::sleep(Duration::from_secs(1));
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_was_counted_a_second_ago_outlives_the_process() {
    let place = Place::new();
    let store = place.open(1);
    let child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "uses::a_process_that_uses_a_key_and_waits_to_be_killed",
        ])
        .env(USE_IN, place.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let child = Killed(child);
    // Nobody asks for it to be written, and nobody closes the store.
    let counted = |store: &TestStore| {
        let query = keywright_core::store::KeyQuery {
            limit: 1,
            ..Default::default()
        };
        let (now, today) = (store.now(), Day::of(store.now()));
        store
            .read(move |rows| {
                let keys = rows.keys(&query, now)?;
                let counts = keys
                    .first()
                    .map(|key| rows.daily_uses(key.id, today, today));
                Ok(counts.transpose()?.map_or(0, |counts| counts.on(today)))
            })
            .unwrap()
    };
    let begun = Instant::now();
    while counted(&store) == 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "it is not written"
        );
        thread::sleep(Duration::from_millis(10));
    }
    drop(child);
    drop(store);
    assert_eq!(counted(&place.open(2)), 5);
}

#[test]
fn whatever_stands_in_place_of_counts_is_no_use_and_keeps_nothing_from_going_on() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("victim"));
    use_it(&store, &key, 4);
    block_on(store.store.flush()).unwrap();
    let raw = raw(&place);
    let too_many = [vec![100], vec![1; 91]].concat();
    let hostile = [
        Value::Null,
        Value::Blob(Vec::new()),
        Value::Blob(vec![0]),
        Value::Blob(vec![0xff; 11]),
        Value::Blob(vec![0xff; MOST_BYTES]),
        Value::Blob(vec![1; 5_000_000]),
        Value::Blob(too_many),
    ];
    for value in hostile {
        raw.execute("UPDATE uses SET daily = ?1", params![value])
            .unwrap();
        assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
        assert_eq!(today(&store, &key), 0);
        use_it(&store, &key, 2);
        block_on(store.store.flush()).unwrap();
        assert_eq!(today(&store, &key), 2);
    }
    // What somebody has put there for days to come, and the largest counts.
    let mut planted = DailyCounts::default();
    planted.add(Day::MAX, u64::MAX);
    planted.add(Day::of(store.now()), u64::MAX - 1);
    raw.execute("UPDATE uses SET daily = ?1", params![planted.to_bytes()])
        .unwrap();
    use_it(&store, &key, 2);
    block_on(store.store.flush()).unwrap();
    assert_eq!(today(&store, &key), u64::MAX);
    // Without the rule that a column holds a blob, anything may stand there.
    raw.execute_batch(
        "DROP TABLE uses; \
         CREATE TABLE uses (version_n INTEGER PRIMARY KEY, last_used_at, daily); \
         INSERT INTO uses SELECT n, 1, 'text' FROM versions;",
    )
    .unwrap();
    assert_eq!(today(&store, &key), 0);
    assert_eq!(store.verify(&key.secret), Ok(VerifyCode::Valid));
    use_it(&store, &key, 1);
    block_on(store.store.flush()).unwrap();
    assert_eq!(today(&store, &key), 1);
}

#[test]
fn a_key_that_was_used_every_day_takes_little_room() {
    let place = Place::new();
    let store = place.open(1);
    let key = store.issue(&wanted("key"));
    for _ in 0..100 {
        use_it(&store, &key, 100);
        store.clock.advance(Duration::from_secs(86_400));
        block_on(store.store.flush()).unwrap();
    }
    let length: i64 = raw(&place)
        .query_row("SELECT length(daily) FROM uses", [], |row| row.get(0))
        .unwrap();
    assert_eq!(length, 3 + 90);
}
