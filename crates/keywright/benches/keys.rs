//! `cargo bench -p keywright`: what verify and create cost, each beside its floor in the same run.
//!
//! Prints a Markdown table for `docs/performance.md`. `KEYWRIGHT_BENCH_KEYS` sets how many keys
//! there are (1,000,000 if absent). The filled store is kept in `target/bench` and used again, also
//! by the benchmarks of Python and Node.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark has nobody to hand an error to"
)]

mod prepare;

use futures_executor::block_on;
use hmac::{Hmac, KeyInit, Mac};
use keywright::{CreateOptions, KeyManager, OpenOptions, VerifyOptions};
use rusqlite::{Connection, OpenFlags};
use sha2::Sha256;
use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    // `cargo test --benches` only wants to know that it builds.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let count = std::env::var("KEYWRIGHT_BENCH_KEYS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let prepared = prepare::store_with(count);
    println!("\n{count} keys, single thread, warm; CPU time per operation\n");
    println!("| what | CPU per operation | wall p50 | wall p99 |\n|---|---|---|---|");
    verify(&prepared);
    create(&prepared.folder);
}

fn verify(prepared: &prepare::Prepared) {
    let keys = block_on(KeyManager::open(
        Some(&prepared.path.display().to_string()),
        OpenOptions::default(),
    ))
    .unwrap();
    let options = VerifyOptions::default();
    let secrets = &prepared.secrets;
    let picks = random_picks(secrets.len(), 400_000);
    row(
        "floor: HMAC-SHA-256 and a look-up in a `HashMap`",
        &picks,
        {
            let key = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
            let map: HashMap<&str, usize> = secrets
                .iter()
                .enumerate()
                .map(|(at, secret)| (locator(secret), at))
                .collect();
            move |pick| {
                black_box(digest(&key, &secrets[pick]));
                black_box(map.get(locator(&secrets[pick])));
            }
        },
    );
    let connection =
        Connection::open_with_flags(&prepared.path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection
        .pragma_update(None, "mmap_size", 1_i64 << 31)
        .unwrap();
    let mut statement = connection.prepare(prepare::FLOOR_QUERY).unwrap();
    let key = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
    row(
        "floor: HMAC-SHA-256 and one bare SQLite row by the locator",
        &picks,
        |pick| {
            black_box(digest(&key, &secrets[pick]));
            let row: Vec<u8> = statement
                .query_row([locator(&secrets[pick])], |row| row.get(0))
                .unwrap();
            black_box(row);
        },
    );
    row("verify, a random valid key", &picks, |pick| {
        assert!(
            keys.verify_now(secrets[pick].as_str(), &options)
                .unwrap()
                .valid()
        );
    });
    let unknown = prepare::unknown_secrets(10_000);
    let unknown_picks = random_picks(unknown.len(), 200_000);
    row("verify, well-formed and unknown", &unknown_picks, |pick| {
        assert!(
            !keys
                .verify_now(unknown[pick].as_str(), &options)
                .unwrap()
                .valid()
        );
    });
    row("verify, malformed", &unknown_picks, |pick| {
        assert!(
            !keys
                .verify_now(&unknown[pick][1..], &options)
                .unwrap()
                .valid()
        );
    });
}

fn create(folder: &Path) {
    let path = folder.join("create.db");
    prepare::remove(&path);
    let floor = folder.join("floor.db");
    prepare::remove(&floor);
    let connection = Connection::open(&floor).unwrap();
    connection
        .pragma_update(None, "journal_mode", "wal")
        .unwrap();
    connection
        .pragma_update(None, "synchronous", "full")
        .unwrap();
    connection
        .execute_batch("CREATE TABLE k(id TEXT PRIMARY KEY, name TEXT, digest BLOB) WITHOUT ROWID")
        .unwrap();
    let picks = random_picks(2_000, 2_000);
    let mut next = 0_u64;
    row(
        "floor: one bare SQLite insert, `synchronous=FULL`",
        &picks,
        |_| {
            next += 1;
            connection
                .execute(
                    "INSERT INTO k VALUES(?1,?2,?3)",
                    (next.to_string(), "name", [0_u8; 32]),
                )
                .unwrap();
        },
    );
    let keys = block_on(KeyManager::open(
        Some(&path.display().to_string()),
        OpenOptions::default(),
    ))
    .unwrap();
    row("create, one after the other", &picks, |_| {
        black_box(block_on(keys.create("bench", CreateOptions::default())).unwrap());
    });
    let start = (Instant::now(), cpu_time());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let keys = &keys;
            scope.spawn(move || {
                for _ in 0..1_000 {
                    block_on(keys.create("bench", CreateOptions::default())).unwrap();
                }
            });
        }
    });
    let (wall, cpu) = (start.0.elapsed() / 8_000, cpu_since(start.1) / 8_000);
    println!(
        "| create, 8 threads (group commit) | {} | {} each | – |",
        show(cpu),
        show(wall)
    );
    block_on(keys.close()).unwrap();
}

fn row(what: &str, picks: &[usize], mut run: impl FnMut(usize)) {
    for pick in picks.iter().take(picks.len() / 4) {
        run(*pick);
    }
    let before = cpu_time();
    for pick in picks {
        run(*pick);
    }
    let cpu = cpu_since(before) / u32::try_from(picks.len()).unwrap();
    let mut walls: Vec<Duration> = picks
        .iter()
        .take(20_000)
        .map(|pick| {
            let start = Instant::now();
            run(*pick);
            start.elapsed()
        })
        .collect();
    walls.sort_unstable();
    let at = |share: usize| walls[(walls.len() - 1) * share / 100];
    println!(
        "| {what} | {} | {} | {} |",
        show(cpu),
        show(at(50)),
        show(at(99))
    );
}

fn show(time: Duration) -> String {
    let ns = time.as_nanos();
    if ns < 100_000 {
        format!("{}.{:02} µs", ns / 1000, ns % 1000 / 10)
    } else {
        format!("{} µs", ns / 1000)
    }
}

/// CPU time of this process so far, all threads, in steps of 10 ms (Linux).
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    // proc(5): utime and stime are fields 14 and 15; the state, field 3, is the first one here.
    let ticks: u64 = fields[11..=12]
        .iter()
        .map(|field| field.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn cpu_since(before: Duration) -> Duration {
    cpu_time().saturating_sub(before)
}

fn digest(key: &Hmac<Sha256>, secret: &str) -> [u8; 32] {
    let mut mac = key.clone();
    mac.update(b"keywright/v1\0");
    mac.update(secret.as_bytes());
    mac.finalize().into_bytes().into()
}

fn locator(secret: &str) -> &str {
    let end = secret.len() - 50;
    &secret[end - 16..end]
}

/// Places in random order (a fixed sequence).
fn random_picks(len: usize, count: usize) -> Vec<usize> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 1).unwrap()
    };
    (0..count).map(|_| next() % len).collect()
}
