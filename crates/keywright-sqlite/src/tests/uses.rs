//! Uses that can't be written are kept, and counted once.

use super::group::store;
use crate::touch::{Touches, without_counts};
use futures_executor::block_on;
use keywright_core::ErrorCode;
use keywright_core::daily::{DailyCounts, Day};
use keywright_core::ids::VersionId;
use keywright_core::random::SeededRandom;
use keywright_core::store::Store;
use keywright_core::time::Timestamp;
use std::sync::atomic::Ordering;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(seconds).unwrap()
}

/// The counts of the only version that was used.
fn counts(touches: &Touches) -> DailyCounts {
    let mut counts = DailyCounts::default();
    for used in touches.take().values() {
        used.count_into(&mut counts);
    }
    counts
}

#[test]
fn what_is_put_back_is_counted_once() {
    const DAY: i64 = 86_400;
    let version = VersionId::generate(&SeededRandom::new(1)).unwrap();
    let touches = Touches::default();
    for day in [5, 5, 4, 5] {
        touches.add(version, at(day * DAY));
    }
    let unwritten = touches.take();
    touches.add(version, at(6 * DAY));
    touches.put_back(unwritten);
    touches.put_back(touches.take());
    touches.add(version, at(4 * DAY));
    let counted: Vec<(i64, u64)> = counts(&touches)
        .iter()
        .map(|(day, count)| (day.start().unix() / DAY, count))
        .collect();
    assert_eq!(counted, [(6, 1), (5, 3), (4, 2)]);
    touches.add(version, at(DAY));
    touches.put_back(without_counts(touches.take()));
    touches.add(version, at(2 * DAY));
    let counted = counts(&touches);
    assert_eq!(counted.on(Day::of(at(DAY))), 0);
    assert_eq!(counted.on(Day::of(at(2 * DAY))), 1);
}

#[test]
fn uses_wait_until_the_disk_has_room_again() {
    /// Their rows of uses take more than the page that there is.
    const VERSIONS: usize = 1_000;
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let connection = rusqlite::Connection::open(folder.path().join("keywright.db")).unwrap();
    let random = SeededRandom::new(9);
    connection.execute_batch("BEGIN").unwrap();
    let versions: Vec<VersionId> = (0_i64..)
        .take(VERSIONS)
        .map(|n| {
            let version = VersionId::generate(&random).unwrap();
            connection
                .execute(
                    "INSERT INTO versions (id, key_n, number, row_version, locator, \
                     redacted_value, created_at, unconfirmed, seal) \
                     VALUES (?1, ?2, 1, 1, ?2, '', 0, 0, x'')",
                    rusqlite::params![version.to_string(), n],
                )
                .unwrap();
            version
        })
        .collect();
    connection.execute_batch("COMMIT").unwrap();
    let most = &store.shared.most_pages;
    most.store(1, Ordering::SeqCst);
    let use_all = || {
        for version in &versions {
            store.touch(*version, at(0));
        }
    };
    use_all();
    let refused = block_on(store.flush()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    use_all();
    most.store(i64::from(u32::MAX) - 1, Ordering::SeqCst);
    block_on(store.flush()).unwrap();
    let mut statement = connection.prepare("SELECT daily FROM uses").unwrap();
    let counted = statement.query_map([], |row| row.get::<_, Vec<u8>>(0));
    let today = Day::of(at(0));
    let counted: Vec<u64> = counted
        .unwrap()
        .map(|bytes| DailyCounts::from_bytes(&bytes.unwrap()).on(today))
        .collect();
    assert_eq!(counted, [2; VERSIONS]);
}
