//! Time as the project tells it: whole seconds in UTC for everything that is stored, milliseconds
//! only for the arithmetic of limits. The clock is injected, so no rule needs a sleep to be tested.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A moment: whole seconds since 1970-01-01T00:00:00Z. A key is good while `now < expires_at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The latest moment that is accepted: 9999-12-31T23:59:59Z, the last that every language's
    /// date type can carry.
    pub const MAX: Self = Self(253_402_300_799);

    /// A moment from Unix seconds; `None` before 1970 or after [`Timestamp::MAX`].
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Option<Self> {
        if seconds >= 0 && seconds <= Self::MAX.0 {
            Some(Self(seconds))
        } else {
            None
        }
    }

    /// Unix seconds, 0 to 253402300799.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This moment and `duration` more (fractions of a second are dropped); `None` past
    /// [`Timestamp::MAX`].
    #[must_use]
    pub fn after(self, duration: Duration) -> Option<Self> {
        Self::from_unix(
            self.0
                .checked_add(i64::try_from(duration.as_secs()).ok()?)?,
        )
    }

    /// How long it is from `earlier` to this moment; zero if `earlier` is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// The whole seconds of a count of milliseconds, clamped to the accepted range.
    #[must_use]
    pub fn from_unix_ms(ms: i64) -> Self {
        Self(ms.div_euclid(1000).clamp(0, Self::MAX.0))
    }
}

/// What tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;

    /// The current whole second.
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.now_ms())
    }
}

/// A clock that only moves when it is told to.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at these Unix seconds.
    #[must_use]
    pub fn at(seconds: i64) -> Self {
        Self(AtomicI64::new(seconds.saturating_mul(1000)))
    }

    /// Puts the clock to these Unix milliseconds; it may also go back.
    pub fn set_ms(&self, ms: i64) {
        self.0.store(ms, Ordering::SeqCst);
    }

    /// Moves the clock on by `duration`.
    pub fn advance(&self, duration: Duration) {
        let ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}
