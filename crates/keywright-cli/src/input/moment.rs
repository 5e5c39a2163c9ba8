//! Moments on the command line: a time with its zone, Unix seconds, or how long ago.

use crate::input::duration;
use crate::output::calendar;
use keywright::{Clock, SystemClock, Timestamp};

/// `2027-01-15T08:00:00Z`, the same with an offset, or Unix seconds.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    calendar::parse(text)
}

/// The same, or a span: `7d` is seven days ago.
pub(crate) fn parse_or_ago(text: &str) -> Result<Timestamp, String> {
    ago(text, SystemClock.now())
}

fn ago(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    match duration::parse(text) {
        Ok(span) => {
            let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
            // What was before 1970 is as good as the beginning.
            Ok(Timestamp::from_unix((now.unix().saturating_sub(seconds)).max(0)).unwrap_or(now))
        }
        Err(_) => calendar::parse(text).map_err(|message| message + ", or 7d for seven days ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_counts_back_from_now() {
        let now = Timestamp::from_unix(1_800_000_000).unwrap();
        assert_eq!(
            ago("1m", now),
            Ok(Timestamp::from_unix(1_799_999_940).unwrap())
        );
        assert_eq!(ago("5000w", now), Ok(Timestamp::from_unix(0).unwrap()));
        assert_eq!(ago("2027-01-15T08:00:00Z", now), Ok(now));
        assert!(ago("yesterday", now).is_err());
    }
}
