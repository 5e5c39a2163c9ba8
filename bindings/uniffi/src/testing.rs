//! What tests need: repeatable randomness, a panic on demand, a look into the process's memory. Not
//! in what is published.

use crate::call::{Token, Told};
use crate::manager::NativeManager;
use crate::open::{NativeOpenInput, open_with};
use crate::records::Count;
use crate::secret::NativeSecret;
use keywright::{Random, SeededRandom};
use std::fs::File;
use std::io::{BufRead, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

static PANIC: AtomicBool = AtomicBool::new(false);

pub(crate) fn panic_if_asked() {
    assert!(!PANIC.swap(false, Ordering::SeqCst), "the test's panic");
}

/// The next export panics.
#[uniffi::export]
pub fn native_panic_next() {
    PANIC.store(true, Ordering::SeqCst);
}

/// Opens a store with seeded randomness.
#[uniffi::export]
pub async fn native_open_for_tests(
    store: Option<String>,
    input: NativeOpenInput,
    seed: u32,
    cancel: Token,
) -> Told<Arc<NativeManager>> {
    let random = Arc::new(SeededRandom::new(u64::from(seed)));
    open_with(store, input, Some(random as Arc<dyn Random>), cancel).await
}

/// What a test may know of a secret without holding it: its bytes, each turned by `MASK`.
const MASK: u8 = 0x5A;

/// The masked bytes of a secret.
#[uniffi::export]
pub fn native_masked(secret: Arc<NativeSecret>) -> Vec<u8> {
    let masked = secret.with(|bytes| bytes.iter().map(|byte| byte ^ MASK).collect());
    masked.unwrap_or_default()
}

/// How many copies of a masked secret are in this process's memory, in one byte for a letter (UTF-8,
/// Latin-1) or in two (UTF-16).
#[uniffi::export]
pub fn native_copies(masked: Vec<u8>) -> Count {
    let narrow = count(&masked, 1);
    let wide = count(&masked, 2);
    (narrow + wide).into()
}

fn count(masked: &[u8], width: usize) -> u64 {
    let Some(first) = masked.first().map(|byte| byte ^ MASK) else {
        return 0;
    };
    let mut copies = 0;
    each_writable_part(|bytes| {
        let mut rest = bytes;
        // The library's own search for a byte is fast in a build without optimisation, too.
        while rest.skip_until(first).is_ok_and(|skipped| skipped > 0) {
            let at = bytes.len() - rest.len() - 1;
            let here = &bytes[at..];
            copies += u64::from(here.len() >= masked.len() * width && is_copy(here, masked, width));
        }
    });
    copies
}

fn is_copy(bytes: &[u8], masked: &[u8], width: usize) -> bool {
    bytes.chunks(width).zip(masked).all(|(letter, byte)| {
        letter[0] ^ MASK == *byte && letter[1..].iter().all(|zero| *zero == 0)
    })
}

/// Reads every part of the memory that can be written to, but for the buffer that it is read into.
fn each_writable_part(mut look: impl FnMut(&[u8])) {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let Ok(mut memory) = File::open("/proc/self/mem") else {
        return;
    };
    // Larger than what an allocator serves from a heap, so that it has a part of its own.
    let mut buffer = vec![0u8; 64 << 20];
    let own = buffer.as_ptr() as u64;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else {
            continue;
        };
        let Some((from, to)) = range.split_once('-') else {
            continue;
        };
        let (Ok(from), Ok(to)) = (u64::from_str_radix(from, 16), u64::from_str_radix(to, 16))
        else {
            continue;
        };
        if !rights.starts_with("rw") || (from..to).contains(&own) {
            continue;
        }
        let mut at = from;
        while at < to {
            let room = usize::try_from(to - at)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            let part = &mut buffer[..room];
            if memory.seek(SeekFrom::Start(at)).is_err() || memory.read_exact(part).is_err() {
                break;
            }
            look(part);
            // Parts that are looked at one after the other share what a secret's length could hide.
            at += if room == 64 << 20 {
                room as u64 - 1024
            } else {
                room as u64
            };
        }
    }
    buffer.fill(0);
}
