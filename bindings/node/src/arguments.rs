//! JavaScript's numbers as the facade's: whole, in range, or refused with a sentence.

use keywright::{Error, Limit, Result, Timestamp};
use napi_derive::napi;
use std::collections::BTreeMap;
use std::time::Duration;

/// The largest integer up to which JavaScript's numbers have no gaps, and one more.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A whole number from 0 up.
pub(crate) fn whole(number: f64, what: &str) -> Result<u64> {
    if number.fract() == 0.0 && (0.0..=MAX_WHOLE).contains(&number) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and in range"
        )]
        return Ok(number as u64);
    }
    Err(Error::invalid(format!("{what} is not a whole number"))
        .hint("give a whole number from 0 to 9007199254740992"))
}

/// A whole number of 32 bits.
pub(crate) fn small(number: f64, what: &str) -> Result<u32> {
    u32::try_from(whole(number, what)?).map_err(|_| {
        Error::invalid(format!("{what} is out of range")).hint("give a number below 4294967296")
    })
}

/// A span of time in seconds.
pub(crate) fn span(seconds: Option<f64>, what: &str) -> Result<Option<Duration>> {
    seconds
        .map(|seconds| whole(seconds, what).map(Duration::from_secs))
        .transpose()
}

/// A moment in Unix milliseconds, as a `Date` has it; fractions of a second are dropped.
pub(crate) fn moment(ms: f64, what: &str) -> Result<Timestamp> {
    let refuse = || {
        Error::invalid(format!("{what} is not a date that can be kept"))
            .hint("give a valid Date from 1970 to 9999")
    };
    let seconds = (ms / 1000.0).floor();
    // What is no number is in no range.
    if !(0.0..=MAX_WHOLE).contains(&seconds) {
        return Err(refuse());
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
    Timestamp::from_unix(seconds as i64).ok_or_else(refuse)
}

/// An optional moment.
pub(crate) fn maybe_moment(ms: Option<f64>, what: &str) -> Result<Option<Timestamp>> {
    ms.map(|ms| moment(ms, what)).transpose()
}

/// A word of a table, read by its type.
pub(crate) fn word<T>(text: Option<&str>, parse: impl Fn(&str) -> Result<T>) -> Result<Option<T>> {
    text.map(parse).transpose()
}

/// A name and a value. Metadata crosses as a list of them: a plain object of JavaScript can't hold
/// every name.
#[napi(object)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

pub(crate) fn metadata(pairs: Option<Vec<Pair>>) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .flatten()
        .map(|Pair { name, value }| (name, value))
        .collect()
}

/// A bound on use, as it is given.
#[napi(object, object_to_js = false)]
pub struct LimitInput {
    /// Its name.
    pub name: String,
    /// `requests` or `credits`.
    pub unit: String,
    /// How much.
    pub capacity: f64,
    /// In any window of so many seconds.
    pub window_seconds: Option<f64>,
    /// How much comes back.
    pub refill_amount: Option<f64>,
    /// And how often.
    pub refill_seconds: Option<f64>,
}

pub(crate) fn limits(limits: Vec<LimitInput>) -> Result<Vec<Limit>> {
    limits.into_iter().map(limit).collect()
}

fn limit(input: LimitInput) -> Result<Limit> {
    let LimitInput {
        name,
        unit,
        capacity,
        window_seconds,
        refill_amount,
        refill_seconds,
    } = input;
    let maybe_small =
        |number: Option<f64>, what: &str| number.map(|it| small(it, what)).transpose();
    Ok(Limit {
        name,
        unit,
        capacity: whole(capacity, "capacity")?,
        window_seconds: maybe_small(window_seconds, "windowSeconds")?,
        refill_amount: refill_amount
            .map(|amount| whole(amount, "refillAmount"))
            .transpose()?,
        refill_seconds: maybe_small(refill_seconds, "refillSeconds")?,
        remaining: None,
    })
}
