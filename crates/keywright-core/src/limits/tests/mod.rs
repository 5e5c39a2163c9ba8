//! The specification of limits, in examples (one file to a subject) and in properties against
//! slow, obvious models.

mod change;
mod credits;
mod ranges;
mod rates;
mod refill_properties;
mod stored;
mod together;
mod window_properties;
mod wire;

use super::*;

/// Some Monday in 2027, on a full minute.
const START: i64 = 1_800_000_000_000;
const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;

/// One limit and its counter, used as a store would use them.
struct Subject {
    limit: Limit,
    counter: Counter,
}

impl Subject {
    fn new(limit: Limit) -> Self {
        Self {
            limit,
            counter: Counter::default(),
        }
    }

    fn spend(&mut self, credits: u64, now_ms: i64) -> Result<(), Refusal> {
        let mut after = charge(&[(&self.limit, &self.counter)], &Cost { credits }, now_ms)?;
        self.counter = after.pop().expect("one counter for one limit");
        assert!(after.is_empty());
        Ok(())
    }

    fn call(&mut self, now_ms: i64) -> Result<(), Refusal> {
        self.spend(1, now_ms)
    }

    /// Calls until refused; how often it was granted, and the wait that was told.
    fn drain(&mut self, now_ms: i64) -> (u64, Option<u64>) {
        let mut granted = 0;
        loop {
            match self.call(now_ms) {
                Ok(()) => granted += 1,
                Err(refusal) => return (granted, refusal.retry_after_ms),
            }
        }
    }

    fn left(&self, now_ms: i64) -> u64 {
        remaining(&self.limit, &self.counter, now_ms)
    }
}

fn refused(retry_after_ms: impl Into<Option<u64>>) -> Result<(), Refusal> {
    Err(Refusal {
        index: 0,
        retry_after_ms: retry_after_ms.into(),
    })
}

/// `now_ms` after the wait, checked.
fn after(now_ms: i64, wait_ms: u64) -> i64 {
    i64::try_from(i128::from(now_ms) + i128::from(wait_ms)).expect("a time that a clock can show")
}
