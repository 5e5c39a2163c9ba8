//! The hosts' numbers as the façade's: in range, or refused with a sentence.

use crate::records::{Count, Limit};
use keywright::{Error, Result, Timestamp};
use std::time::Duration;

/// As much as every language can count exactly.
const MAX_WHOLE: u64 = 1 << 53;

/// A number from 0 up.
pub(crate) fn whole(number: i64, what: &str) -> Result<u64> {
    u64::try_from(number)
        .ok()
        .filter(|number| *number <= MAX_WHOLE)
        .ok_or_else(|| {
            Error::invalid(format!("{what} is out of range"))
                .hint("give a whole number from 0 to 9007199254740992")
        })
}

/// A number of 32 bits.
pub(crate) fn small(number: i64, what: &str) -> Result<u32> {
    u32::try_from(number).map_err(|_| {
        Error::invalid(format!("{what} is out of range")).hint("give a number from 0 to 4294967295")
    })
}

/// A span of time in seconds.
pub(crate) fn span(seconds: Option<i64>, what: &str) -> Result<Option<Duration>> {
    seconds
        .map(|seconds| whole(seconds, what).map(Duration::from_secs))
        .transpose()
}

/// A moment in Unix seconds.
pub(crate) fn moment(seconds: Option<i64>, what: &str) -> Result<Option<Timestamp>> {
    seconds
        .map(|seconds| {
            Timestamp::from_unix(seconds).ok_or_else(|| {
                Error::invalid(format!("{what} is not a time that can be kept"))
                    .hint("give a time from 1970 to 9999")
            })
        })
        .transpose()
}

/// Bounds on use, as they are given.
pub(crate) fn limits(limits: Vec<Limit>) -> Result<Vec<keywright::Limit>> {
    limits.into_iter().map(limit).collect()
}

fn limit(limit: Limit) -> Result<keywright::Limit> {
    let Limit {
        name,
        unit,
        capacity,
        window_seconds,
        refill_amount,
        refill_seconds,
        remaining: _,
    } = limit;
    let maybe_small =
        |number: Option<Count>, what: &str| number.map(|it| small(it.given(), what)).transpose();
    Ok(keywright::Limit {
        name,
        unit,
        capacity: whole(capacity.given(), "capacity")?,
        window_seconds: maybe_small(window_seconds, "the window")?,
        refill_amount: refill_amount
            .map(|amount| whole(amount.given(), "the refill"))
            .transpose()?,
        refill_seconds: maybe_small(refill_seconds, "the time of the refill")?,
        remaining: None,
    })
}
