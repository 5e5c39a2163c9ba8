//! Measures the store: `cargo run --release -p keywright-sqlite --example figures [KEYS] [FOLDER]`.
//! Fills a new store with keys, then looks random ones up and issues more, from 1 and 8 threads.
//! Where a folder is named the store stays there, and is used again by the next run.
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use futures_executor::block_on;
use keywright_core::pepper::PepperRing;
use keywright_core::random::{Random, SeededRandom};
use keywright_core::secret::Locator;
use keywright_core::store::Lookup;
use keywright_core::time::ManualClock;
use keywright_core::{Result, ids, operations};
use keywright_sqlite::{SqliteOptions, SqliteStore};
use keywright_testkit::{START, TestStore, wanted};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

const AT_ONCE: usize = 1_000;
const LOOK_UPS: usize = 300_000;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let keys = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let named = arguments.next().map(PathBuf::from);
    let temporary = tempfile::tempdir().map_err(|error| {
        keywright_core::Error::invalid(format!("no folder to measure in: {}", error.kind()))
    })?;
    let path = named
        .as_deref()
        .unwrap_or(temporary.path())
        .join("measured.db");
    let filled = SqliteStore::exists(&path);
    let store = open(&path)?;
    let locators = if filled {
        read_locators(&path)
    } else {
        fill(&store, keys)?
    };
    println!("{} keys", locators.len());
    floor(&path, &store, &locators);
    look_up(&store, &locators, 1);
    look_up(&store, &locators, 8);
    create(&store, 1, 2_000);
    create(&store, 8, 2_000);
    look_up(&store, &locators, 1);
    block_on(store.store.close())
}

fn open(path: &Path) -> Result<TestStore> {
    let peppers = Arc::new(PepperRing::generate(&SeededRandom::new(7))?);
    let seed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let random = Arc::new(SeededRandom::new(seed.as_secs()));
    let clock = Arc::new(ManualClock::at(START));
    let store = SqliteStore::open(SqliteOptions {
        path: path.to_owned(),
        peppers: Arc::clone(&peppers),
        clock: clock.clone(),
        random: random.clone(),
        brand: None,
        create: true,
    })?;
    Ok(TestStore {
        store: Arc::new(store),
        peppers,
        clock,
        random,
        keep: None,
    })
}

fn read_locators(path: &Path) -> Vec<Locator> {
    let read = || {
        let connection = rusqlite::Connection::open(path)?;
        let mut statement = connection.prepare("SELECT locator FROM versions")?;
        let locators = statement.query_map([], |row| row.get::<_, String>(0))?;
        locators.collect::<rusqlite::Result<Vec<_>>>()
    };
    let locators = read().unwrap_or_default();
    locators
        .iter()
        .filter_map(|text| Locator::parse(text))
        .collect()
}

fn fill(store: &TestStore, keys: usize) -> Result<Vec<Locator>> {
    let begun = Instant::now();
    let mut locators = Vec::with_capacity(keys);
    let pattern = store.issue(&wanted("pattern")).it;
    while locators.len() < keys {
        let mut rows = Vec::with_capacity(AT_ONCE);
        for _ in 0..AT_ONCE {
            let (_, new) = store.new_secret(pattern.key.class);
            let mut key = pattern.key.clone();
            let mut version = pattern.versions[0].clone();
            key.id = ids::KeyId::generate(store.random.as_ref())?;
            version.id = new.version;
            version.key = key.id;
            version.locator = new.kept.locator;
            version.material = new.kept.material;
            version.redacted_value = new.kept.redacted_value;
            locators.push(version.locator);
            rows.push((key, version));
        }
        store.write(move |tx| {
            rows.iter()
                .try_for_each(|(key, version)| tx.insert_key(key, version))
        })?;
    }
    println!(
        "filled with {keys} keys in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    Ok(locators)
}

fn look_up(store: &TestStore, locators: &[Locator], threads: usize) {
    let each = LOOK_UPS / threads;
    let begun = Instant::now();
    let mut worst: Vec<u64> = std::thread::scope(|scope| {
        let work = (0..threads).map(|thread| {
            scope.spawn(move || {
                let order = SeededRandom::new(thread as u64);
                let mut times = Vec::with_capacity(each);
                for _ in 0..each {
                    let mut bytes = [0; 8];
                    let _ = order.fill(&mut bytes);
                    let place = usize::try_from(u64::from_be_bytes(bytes) >> 1).unwrap_or(0);
                    let lookup = Lookup::Locator(locators[place % locators.len()]);
                    let one = Instant::now();
                    let found = store.store.find_now(&lookup);
                    times.push(u64::try_from(one.elapsed().as_nanos()).unwrap_or(u64::MAX));
                    assert!(matches!(found, Some(Ok(Some(_)))), "a key was not found");
                }
                times
            })
        });
        let work: Vec<_> = work.collect();
        work.into_iter()
            .flat_map(|thread| thread.join().unwrap_or_default())
            .collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    worst.sort_unstable();
    let at = |share: usize| worst[(worst.len() - 1) * share / 1000];
    println!(
        "find_now, {threads} threads: p50 {} ns, p99 {} ns, p99.9 {} ns; {:.0}/s",
        at(500),
        at(990),
        at(999),
        worst.len() as f64 / seconds
    );
}

/// What SQLite itself needs for one indexed row, taken in turns with our own look-up so that both
/// suffer the same neighbours.
fn floor(path: &Path, store: &TestStore, locators: &[Locator]) {
    let connection =
        rusqlite::Connection::open(path).unwrap_or_else(|_| unreachable!("it is there"));
    // With what the store sets for its own readers.
    let _ = connection.execute_batch("PRAGMA mmap_size = 2147418112; PRAGMA cache_size = -16000");
    let mut statement = connection
        .prepare("SELECT digest FROM versions WHERE locator = ?1")
        .unwrap_or_else(|_| unreachable!("it is sound"));
    let order = SeededRandom::new(99);
    let (mut raw, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..LOOK_UPS {
        let mut bytes = [0; 8];
        let _ = order.fill(&mut bytes);
        let place = usize::try_from(u64::from_be_bytes(bytes) >> 1).unwrap_or(0);
        let (a, b) = (
            locators[place % locators.len()],
            locators[place / 7 % locators.len()],
        );
        let one = Instant::now();
        let digest = statement.query_row([a.as_str()], |row| row.get::<_, [u8; 32]>(0));
        raw.push(one.elapsed().as_nanos());
        assert!(digest.is_ok(), "a row was not found");
        let lookup = Lookup::Locator(b);
        let one = Instant::now();
        let found = store.store.find_now(&lookup);
        ours.push(one.elapsed().as_nanos());
        assert!(matches!(found, Some(Ok(Some(_)))), "a key was not found");
    }
    raw.sort_unstable();
    ours.sort_unstable();
    let middle = raw.len() / 2;
    println!(
        "one row by SQLite alone: p50 {} ns; find_now beside it: p50 {} ns",
        raw[middle], ours[middle]
    );
}

fn create(store: &TestStore, threads: usize, each: usize) {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(move || {
                for _ in 0..each {
                    let (_, new) = store.new_secret(keywright_core::secret::Class::Live);
                    let (context, wanted) = (store.context(), wanted("more"));
                    let issued =
                        store.write(move |tx| operations::create_key(tx, &context, &wanted, &new));
                    assert!(matches!(issued, Ok(Ok(_))), "a key was not issued");
                }
            });
        }
    });
    let (count, time) = ((threads * each) as f64, begun.elapsed());
    println!(
        "create, {threads} threads: {:.0}/s, {:.0} µs each",
        count / time.as_secs_f64(),
        time.as_micros() as f64 / each as f64
    );
}
