//! Times as people say them: `3 days ago`, `in 2 hours`.

use crate::output::calendar::exact;
use keywright::Timestamp;
use std::fmt::Write as _;
use std::time::Duration;

/// Units, the largest first: how many seconds one has, and from how many seconds on it is used. Days
/// go on to a hundred, months to two years, since people set lifetimes in them.
const UNITS: [(&str, u64, u64); 6] = [
    ("year", 31_556_952, 2 * 365 * 86_400),
    ("month", 2_629_746, 100 * 86_400),
    ("day", 86_400, 86_400),
    ("hour", 3_600, 3_600),
    ("minute", 60, 60),
    ("second", 1, 0),
];

/// A span in one unit: whole ones, or the nearest number of them.
fn rough(seconds: u64, nearest: bool) -> String {
    let unit = UNITS.iter().find(|(_, _, from)| seconds >= *from);
    let (name, size, _) = unit.unwrap_or(&("second", 1, 0));
    let number = if nearest {
        (seconds + size / 2) / size
    } else {
        seconds / size
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {name}{plural}")
}

/// `3 days ago`, `in 2 hours`, `just now`. What is past is told in whole units; what is to come in
/// the nearest, so that a key made a second ago for 90 days ends in 90 days and not in 89.
pub(crate) fn relative(at: Timestamp, now: Timestamp) -> String {
    match at.unix() - now.unix() {
        -4..=0 => "just now".to_owned(),
        ahead if ahead > 0 => format!("in {}", rough(ahead.unsigned_abs(), true)),
        behind => format!("{} ago", rough(behind.unsigned_abs(), false)),
    }
}

/// [`relative`], or `never`.
pub(crate) fn relative_or_never(at: Option<Timestamp>, now: Timestamp) -> String {
    at.map_or_else(|| "never".to_owned(), |at| relative(at, now))
}

/// `2027-01-15 08:00:00 UTC (3 days ago)`.
pub(crate) fn full(at: Timestamp, now: Timestamp) -> String {
    format!("{} ({})", exact(at), relative(at, now))
}

/// [`full`], or `never`.
pub(crate) fn full_or_never(at: Option<Timestamp>, now: Timestamp) -> String {
    at.map_or_else(|| "never".to_owned(), |at| full(at, now))
}

/// A span in full, as it would be given: `1h30m`, `90d`.
pub(crate) fn span(seconds: u64) -> String {
    let mut rest = seconds;
    let mut out = String::new();
    for (letter, size) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        if rest >= size {
            let _ = write!(out, "{}{letter}", rest / size);
            rest %= size;
        }
    }
    if out.is_empty() { "0s".to_owned() } else { out }
}

/// How long to wait, rounded up to whole seconds.
pub(crate) fn wait(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    if seconds < 60 {
        rough(seconds.max(1), true)
    } else {
        span(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_largest_unit() {
        let now = 1_800_000_000;
        let say = |offset: i64| {
            relative(
                Timestamp::from_unix(now + offset).unwrap(),
                Timestamp::from_unix(now).unwrap(),
            )
        };
        for (offset, text) in [
            (0, "just now"),
            (-4, "just now"),
            (-5, "5 seconds ago"),
            (1, "in 1 second"),
            (-59, "59 seconds ago"),
            (-60, "1 minute ago"),
            (-3_599, "59 minutes ago"),
            (7_200, "in 2 hours"),
            (-86_400, "1 day ago"),
            (90 * 86_400 - 1, "in 90 days"),
            (3_599, "in 60 minutes"),
            (365 * 86_400, "in 12 months"),
            (-99 * 86_400, "99 days ago"),
            (-400 * 86_400, "13 months ago"),
            (-800 * 86_400, "2 years ago"),
        ] {
            assert_eq!(say(offset), text, "{offset}");
        }
    }

    #[test]
    fn a_span_reads_as_it_would_be_given() {
        for (seconds, text) in [
            (0, "0s"),
            (60, "1m"),
            (5_400, "1h30m"),
            (90 * 86_400, "90d"),
            (90_061, "1d1h1m1s"),
        ] {
            assert_eq!(span(seconds), text);
        }
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(wait(Duration::from_millis(1)), "1 second");
        assert_eq!(wait(Duration::from_millis(59_001)), "1m");
        assert_eq!(wait(Duration::from_secs(3_600)), "1h");
    }
}
