//! A limit: what is bounded, how much of it, and how it comes back.

use super::{LimitError, LimitName, Unit};

/// The largest capacity and refill amount, 2^53: JSON and JavaScript carry it exactly.
pub const MAX_CAPACITY: u64 = 1 << 53;

/// The longest window and refill interval: 366 days.
pub const MAX_SECONDS: u32 = 31_622_400;

/// The name of the limit that [`rate`] and [`parse_rate`](super::parse_rate) make.
pub const RATE_LIMIT: &str = "rate_limit";

/// The name of the limit that [`credits`] and [`credits_with_refill`] make.
pub const CREDITS: &str = "credits";

/// How what was used comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Replenish {
    /// Not at all: what is spent is spent.
    Never,
    /// Each use stops counting once it is as old as the window (and at most a sixtieth older).
    Window {
        /// The window's length, `1..=`[`MAX_SECONDS`].
        seconds: u32,
    },
    /// At every interval boundary, counted from the first use, `amount` comes back, but never more
    /// than was spent.
    Refill {
        /// How much comes back, `1..=`[`MAX_CAPACITY`].
        amount: u64,
        /// The interval's length, `1..=`[`MAX_SECONDS`].
        every_seconds: u32,
    },
}

/// A bound on use.
///
/// The fields are open so that every language can carry them. A limit that was put together by
/// hand and doesn't hold to the ranges can't be serialized, and grants nothing.
///
/// In JSON: `{"name":"rate_limit","unit":"requests","capacity":100,"window_seconds":60}`, where
/// `"refill_amount":100,"refill_seconds":3600` may stand instead of the window, or neither.
/// Unknown fields are refused.
///
/// ```
/// use keywright_core::limits::{Limit, LimitError, Replenish, Unit};
///
/// let never = Replenish::Never;
/// let limit = Limit::new("tokens".parse()?, Unit::Credits, 5_000, never)?;
/// assert_eq!(limit.capacity, 5_000);
/// let window = Replenish::Window { seconds: 60 };
/// assert_eq!(Limit::new("none".parse()?, Unit::Requests, 0, window), Err(LimitError::Capacity));
/// # Ok::<(), LimitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Limit {
    /// What it is called, unique on its key.
    pub name: LimitName,
    /// What it counts.
    pub unit: Unit,
    /// How much may be used, in `unit`: `1..=`[`MAX_CAPACITY`] with a window, `0..=` without.
    pub capacity: u64,
    /// How what was used comes back.
    pub replenish: Replenish,
}

impl Limit {
    /// A limit whose values are in range.
    ///
    /// A capacity of 0 means "nothing until it is raised". It is accepted for what is topped up
    /// ([`Replenish::Never`] and [`Replenish::Refill`]: a key may be issued before its credits are
    /// paid for), and refused for a rate, where it is a slip: disable the key instead.
    ///
    /// # Errors
    /// [`LimitError::Unit`], [`LimitError::Capacity`], [`LimitError::Seconds`] or
    /// [`LimitError::RefillAmount`] for a value outside its range.
    pub fn new(
        name: LimitName,
        unit: Unit,
        capacity: u64,
        replenish: Replenish,
    ) -> Result<Self, LimitError> {
        let limit = Self {
            name,
            unit,
            capacity,
            replenish,
        };
        limit.check()?;
        Ok(limit)
    }

    /// Whether the values are in range, for a limit that was put together by hand.
    ///
    /// # Errors
    /// As [`Limit::new`].
    pub fn check(&self) -> Result<(), LimitError> {
        self.unit.check()?;
        let least = match self.replenish {
            Replenish::Window { .. } => 1,
            Replenish::Never | Replenish::Refill { .. } => 0,
        };
        if !(least..=MAX_CAPACITY).contains(&self.capacity) {
            return Err(LimitError::Capacity);
        }
        match self.replenish {
            Replenish::Never => Ok(()),
            Replenish::Window { seconds } => check_seconds(seconds),
            Replenish::Refill { amount, .. } if !(1..=MAX_CAPACITY).contains(&amount) => {
                Err(LimitError::RefillAmount)
            }
            Replenish::Refill { every_seconds, .. } => check_seconds(every_seconds),
        }
    }
}

fn check_seconds(seconds: u32) -> Result<(), LimitError> {
    if (1..=MAX_SECONDS).contains(&seconds) {
        Ok(())
    } else {
        Err(LimitError::Seconds)
    }
}

/// A rate limit: `count` uses at once after rest, and never more in any window of `seconds`.
///
/// # Errors
/// As [`Limit::new`].
pub fn rate(count: u64, seconds: u32) -> Result<Limit, LimitError> {
    let name = LimitName::new(RATE_LIMIT)?;
    Limit::new(name, Unit::Requests, count, Replenish::Window { seconds })
}

/// Usage credits that don't come back. `0` is allowed: nothing until the capacity is raised.
///
/// # Errors
/// [`LimitError::Capacity`] above [`MAX_CAPACITY`].
pub fn credits(count: u64) -> Result<Limit, LimitError> {
    Limit::new(
        LimitName::new(CREDITS)?,
        Unit::Credits,
        count,
        Replenish::Never,
    )
}

/// Usage credits of which `amount` come back every `every_seconds`, up to `count`.
///
/// # Errors
/// As [`Limit::new`].
pub fn credits_with_refill(
    count: u64,
    amount: u64,
    every_seconds: u32,
) -> Result<Limit, LimitError> {
    let replenish = Replenish::Refill {
        amount,
        every_seconds,
    };
    Limit::new(LimitName::new(CREDITS)?, Unit::Credits, count, replenish)
}
