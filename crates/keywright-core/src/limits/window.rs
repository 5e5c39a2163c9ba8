//! Sliding windows: what was used in the last `T` seconds, counted in sixtieths of `T`. Every
//! rounding goes against the caller, so no window of length `T` ever holds more than was allowed.

/// A window of 60 buckets touches 61 of them, unless it begins exactly where one does. All 61 are
/// counted, so a use is forgotten when it is at least `T` and at most `T` and a sixtieth old.
const OLDEST_AGE: u8 = 60;

/// Uses that fell in the same sixtieth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// How many buckets before the newest one, `0..=60`.
    pub age: u8,
    /// What was used in it, in the limit's unit.
    pub count: u64,
}

/// What was used in the last window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// The window's length when this was written.
    pub seconds: u32,
    /// The newest time at which something was granted. The clock may step back, this doesn't.
    pub newest_ms: i64,
    /// Non-empty buckets, oldest first.
    pub slots: Vec<Slot>,
}

impl Window {
    pub(super) fn new(seconds: u32, now_ms: i64) -> Self {
        Self {
            seconds,
            newest_ms: now_ms,
            slots: Vec::new(),
        }
    }

    /// The same uses as a window of `seconds` sees them at `now_ms`, or at the newest time seen
    /// where that is later.
    pub(super) fn at(&self, seconds: u32, now_ms: i64) -> Self {
        let mut window = if seconds == self.seconds {
            self.clone()
        } else {
            self.resized(seconds)
        };
        window.advance(now_ms);
        window
    }

    /// What is still counted as used.
    pub(super) fn used(&self) -> u64 {
        self.slots
            .iter()
            .fold(0, |sum, slot| sum.saturating_add(slot.count))
    }

    /// Counts a use at the newest time.
    pub(super) fn add(&mut self, amount: u64) {
        match self.slots.last_mut() {
            _ if amount == 0 => {}
            Some(slot) if slot.age == 0 => slot.count = slot.count.saturating_add(amount),
            _ => self.slots.push(Slot {
                age: 0,
                count: amount,
            }),
        }
    }

    /// The first millisecond at which no more than `allowed` is counted as used.
    pub(super) fn free_at(&self, allowed: u64) -> i128 {
        let newest = bucket(self.newest_ms.into(), self.seconds);
        let mut used = self.used();
        let mut free_at = self.newest_ms.into();
        for slot in &self.slots {
            if used <= allowed {
                break;
            }
            used = used.saturating_sub(slot.count);
            let left_by = newest - i128::from(slot.age) + i128::from(OLDEST_AGE) + 1;
            free_at = bucket_start(left_by, self.seconds);
        }
        free_at
    }

    /// Moves to a newer time and forgets what has left the window.
    fn advance(&mut self, now_ms: i64) {
        if now_ms <= self.newest_ms {
            return;
        }
        let steps =
            bucket(now_ms.into(), self.seconds) - bucket(self.newest_ms.into(), self.seconds);
        self.newest_ms = now_ms;
        self.slots
            .retain_mut(|slot| match in_window(i128::from(slot.age) + steps) {
                Some(age) => {
                    slot.age = age;
                    true
                }
                None => false,
            });
    }

    /// The same uses in buckets of another width. Each is put at the latest time at which it can
    /// have been, so it is never forgotten too early.
    fn resized(&self, seconds: u32) -> Self {
        let newest_ms = i128::from(self.newest_ms);
        let newest_before = bucket(newest_ms, self.seconds);
        let newest_after = bucket(newest_ms, seconds);
        let mut resized = Self::new(seconds, self.newest_ms);
        for slot in &self.slots {
            let next_bucket = newest_before - i128::from(slot.age) + 1;
            let latest_ms = newest_ms.min(bucket_start(next_bucket, self.seconds) - 1);
            let Some(age) = in_window(newest_after - bucket(latest_ms, seconds)) else {
                continue;
            };
            match resized.slots.last_mut() {
                Some(last) if last.age == age => {
                    last.count = last.count.saturating_add(slot.count);
                }
                _ => resized.slots.push(Slot {
                    age,
                    count: slot.count,
                }),
            }
        }
        resized
    }
}

/// An age that a slot can have, or nothing when it is out of the window.
pub(super) fn in_window(age: i128) -> Option<u8> {
    u8::try_from(age).ok().filter(|age| *age <= OLDEST_AGE)
}

/// Which sixtieth of `seconds` a time falls in, counted from 1970. Exact, although a sixtieth is
/// not a whole number of milliseconds.
fn bucket(ms: i128, seconds: u32) -> i128 {
    (ms * 60).div_euclid(i128::from(seconds) * 1_000)
}

/// The first millisecond in a bucket.
fn bucket_start(bucket: i128, seconds: u32) -> i128 {
    // Rounded up: minus the floor of the negation.
    -(-bucket * i128::from(seconds) * 1_000).div_euclid(60)
}
