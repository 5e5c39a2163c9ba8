//! Rates as people write them: `100/60s`, `5/1m`, `1000/1h`, `1/1d`.

use super::{Limit, LimitError, rate};

/// Reads `count/duration` into a rate limit named `rate_limit` on requests.
///
/// The duration is a whole number followed by `s`, `m`, `h` or `d`. Spaces, signs and fractions
/// are refused.
///
/// ```
/// use keywright_core::limits::{LimitError, parse_rate, rate};
///
/// assert_eq!(parse_rate("5/1m"), rate(5, 60));
/// assert_eq!(parse_rate("5 per minute"), Err(LimitError::Rate));
/// assert_eq!(parse_rate("0/1m"), Err(LimitError::Capacity));
/// ```
///
/// # Errors
/// [`LimitError::Rate`] for another form, [`LimitError::Capacity`] or [`LimitError::Seconds`] for
/// a number outside its range.
pub fn parse_rate(text: &str) -> Result<Limit, LimitError> {
    let (count, duration) = text.split_once('/').ok_or(LimitError::Rate)?;
    let (length, unit_seconds) = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400)]
        .into_iter()
        .find_map(|(letter, seconds)| Some((duration.strip_suffix(letter)?, seconds)))
        .ok_or(LimitError::Rate)?;
    // The form is judged before the ranges, so that `x/0s` is told about the form.
    if !is_digits(count) || !is_digits(length) {
        return Err(LimitError::Rate);
    }
    let count = count.parse().map_err(|_| LimitError::Capacity)?;
    let seconds = length
        .parse::<u32>()
        .ok()
        .and_then(|length| length.checked_mul(unit_seconds))
        .ok_or(LimitError::Seconds)?;
    rate(count, seconds)
}

/// `str::parse` would let a leading `+` pass.
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
