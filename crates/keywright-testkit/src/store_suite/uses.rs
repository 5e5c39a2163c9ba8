//! When versions were used last, and how often keys were used on which day.

use crate::{Issued, TestStore, wanted};
use futures_executor::block_on;
use keywright_core::daily::Day;
use keywright_core::ids::{KeyId, VersionId};
use keywright_core::keys::{KeyStatus, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::secret::Class;
use keywright_core::time::Timestamp;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn use_it(store: &TestStore, version: VersionId, times: usize) {
    for _ in 0..times {
        store.store.touch(version, store.now());
    }
}

/// The uses of the last `days` days, oldest first.
fn uses(store: &TestStore, key: KeyId, days: u32) -> Vec<u64> {
    let asked: Vec<Day> = Day::of(store.now()).last(days).collect();
    let (first, last) = (asked[0], asked[asked.len() - 1]);
    block_on(store.store.flush()).unwrap();
    let counts = store
        .read(move |rows| rows.daily_uses(key, first, last))
        .unwrap();
    asked.into_iter().map(|day| counts.on(day)).collect()
}

pub fn a_use_is_stored_at_the_latest_by_a_flush(store: &TestStore) {
    let issued = store.issue(&wanted("used"));
    let unused = store.issue(&wanted("unused"));
    let version = issued.it.versions[0].id;
    let last = |issued: &Issued| {
        store
            .find(&issued.secret)
            .unwrap()
            .unwrap()
            .version
            .last_used_at
    };
    assert_eq!(last(&issued), None);
    store.store.touch(version, store.now());
    block_on(store.store.flush()).unwrap();
    assert_eq!(last(&issued), Some(store.now()));
    assert_eq!(last(&unused), None);
    let id = issued.id();
    let versions = store.read(move |rows| rows.versions(id)).unwrap();
    assert_eq!(versions[0].last_used_at, Some(store.now()));
}

pub fn a_use_never_goes_back_and_changes_nothing_else(store: &TestStore) {
    let issued = store.issue(&wanted("used"));
    let mut expected = issued.it.versions[0].clone();
    let touch = |at: i64| {
        store
            .store
            .touch(issued.it.versions[0].id, Timestamp::from_unix(at).unwrap());
        block_on(store.store.flush()).unwrap();
    };
    touch(100);
    touch(50);
    store
        .store
        .touch(issued.it.versions[0].id, Timestamp::from_unix(70).unwrap());
    touch(60);
    store.store.touch(
        VersionId::generate(store.random.as_ref()).unwrap(),
        store.now(),
    );
    block_on(store.store.flush()).unwrap();
    expected.last_used_at = Timestamp::from_unix(100);
    assert_eq!(
        store.find(&issued.secret).unwrap().unwrap().version,
        expected
    );
}

pub fn uses_are_counted_day_by_day(store: &TestStore) {
    let (one, other) = (store.issue(&wanted("one")), store.issue(&wanted("other")));
    let version = one.it.versions[0].id;
    assert_eq!(uses(store, one.id(), 3), [0, 0, 0]);
    use_it(store, version, 2);
    assert_eq!(uses(store, one.id(), 3), [0, 0, 2]);
    use_it(store, version, 3);
    store.clock.advance(DAY);
    // Both days are still to be written.
    use_it(store, version, 1);
    use_it(store, other.it.versions[0].id, 1);
    assert_eq!(uses(store, one.id(), 3), [0, 5, 1]);
    assert_eq!(uses(store, other.id(), 3), [0, 0, 1]);
    store.clock.advance(DAY * 2);
    use_it(store, version, 1);
    assert_eq!(uses(store, one.id(), 5), [0, 5, 1, 0, 1]);
    let nobody = VersionId::generate(store.random.as_ref()).unwrap();
    use_it(store, nobody, 1);
    let nobody = KeyId::generate(store.random.as_ref()).unwrap();
    assert_eq!(uses(store, nobody, 2), [0, 0]);
}

pub fn uses_are_told_from_one_day_to_another(store: &TestStore) {
    let key = store.issue(&wanted("key"));
    for _ in 0..95 {
        use_it(store, key.it.versions[0].id, 1);
        block_on(store.store.flush()).unwrap();
        store.clock.advance(DAY);
    }
    let (id, today) = (key.id(), Day::of(store.now()));
    let told = move |first: u32, last: u32| {
        let (first, last) = (today.before(first).unwrap(), today.before(last).unwrap());
        let counts = store.read(move |rows| rows.daily_uses(id, first, last));
        let days = counts.unwrap().iter().count();
        u32::try_from(days).unwrap()
    };
    assert_eq!(told(5, 1), 5);
    assert_eq!(told(3, 3), 1);
    assert_eq!(told(1, 3), 0);
    assert_eq!(told(95, 0), keywright_core::daily::MOST_DAYS);
}

pub fn a_keys_uses_are_those_of_all_its_versions(store: &TestStore) {
    let key = store.issue(&wanted("key"));
    let first = key.it.versions[0].id;
    use_it(store, first, 2);
    store.clock.advance(DAY);
    use_it(store, first, 3);
    let (_, kept) = store.secret(Class::Live);
    let second = VersionId::generate(store.random.as_ref()).unwrap();
    let rotation = Command::Rotate {
        version: second,
        secret: kept,
        overlap: Duration::from_secs(60),
    };
    store.change(key.id(), rotation).unwrap();
    use_it(store, first, 4);
    use_it(store, second, 5);
    assert_eq!(uses(store, key.id(), 2), [2, 12]);
    store.change(key.id(), Command::FinishRotation).unwrap();
    store.clock.advance(DAY);
    use_it(store, second, 1);
    assert_eq!(uses(store, key.id(), 3), [2, 12, 1]);
    let revoked = store
        .change(key.id(), Command::Revoke(RevocationReason::default()))
        .unwrap();
    assert_eq!(revoked.key.status(store.now()), KeyStatus::Revoked);
    assert_eq!(uses(store, key.id(), 3), [2, 12, 1]);
}

pub fn a_clock_that_is_put_right_takes_no_count_away(store: &TestStore) {
    let key = store.issue(&wanted("key"));
    let version = key.it.versions[0].id;
    use_it(store, version, 2);
    assert_eq!(uses(store, key.id(), 1), [2]);
    for wrong in [0, Timestamp::MAX.unix(), crate::START + 40_000_000] {
        store.clock.set_ms(wrong * 1000);
        use_it(store, version, 7);
        assert_eq!(uses(store, key.id(), 1), [7], "{wrong}");
    }
    store.clock.set_ms((crate::START + 86_400) * 1000);
    use_it(store, version, 3);
    assert_eq!(uses(store, key.id(), 2), [2, 3]);
    store.clock.set_ms(crate::START * 1000);
    use_it(store, version, 1);
    assert_eq!(uses(store, key.id(), 2), [0, 3]);
}
