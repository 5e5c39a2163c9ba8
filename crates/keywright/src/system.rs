//! The machine's own clock and randomness.

use keywright_core::random::Random;
use keywright_core::time::Clock;
use keywright_core::{Error, ErrorCode, Result};
use std::time::{SystemTime, UNIX_EPOCH};

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The operating system's random source, asked directly each time: nothing to seed, nothing to
/// repeat after a fork.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        getrandom::fill(buffer).map_err(|_| {
            Error::new(
                ErrorCode::Internal,
                "the operating system gives no random bytes",
            )
        })
    }
}
