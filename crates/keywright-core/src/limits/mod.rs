//! Bounds on use: rate limits, usage credits and (stored only, for now) spend caps are one
//! mechanism with different units. Pure arithmetic over a time that the caller gives, so that no
//! rule needs a sleep to be tested; storing counters and locking them is the caller's part.
//!
//! A [`Limit`] says what is allowed, a [`Counter`] what has been used of it by one subject, and
//! [`charge`] takes a use from all limits that apply, or from none.
//!
//! ```
//! use keywright_core::limits::{Cost, Counter, charge, credits, parse_rate, remaining};
//!
//! let rate = parse_rate("2/60s")?;
//! let credit = credits(1_000)?;
//! let (mut used_rate, mut used_credit) = (Counter::default(), Counter::default());
//! let cost = Cost { credits: 10 };
//! let start_ms = 1_800_000_000_000;
//!
//! for _ in 0..2 {
//!     let after = charge(&[(&rate, &used_rate), (&credit, &used_credit)], &cost, start_ms)?;
//!     [used_rate, used_credit] = after.try_into().expect("one counter for each limit");
//! }
//! let refusal = charge(&[(&rate, &used_rate), (&credit, &used_credit)], &cost, start_ms).unwrap_err();
//! assert_eq!(refusal.index, 0);
//! assert_eq!(refusal.retry_after_ms, Some(61_000));
//! assert_eq!(remaining(&credit, &used_credit, start_ms), 980);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod balance;
mod charge;
mod counter;
mod error;
mod limit;
mod name;
mod rate;
mod unit;
mod window;
mod wire;

#[cfg(test)]
mod tests;

pub use charge::{Cost, Refusal, change_limit, charge, remaining};
pub use counter::Counter;
pub use error::{CounterError, LimitError};
pub use limit::{
    CREDITS, Limit, MAX_CAPACITY, MAX_SECONDS, RATE_LIMIT, Replenish, credits, credits_with_refill,
    rate,
};
pub use name::LimitName;
pub use rate::parse_rate;
pub use unit::Unit;
