//! Spans of time as people write them: `90d`, `12h`, `1h30m`.

use std::time::Duration;

/// Units, the largest first.
const UNITS: [(char, u64); 5] = [
    ('w', 604_800),
    ('d', 86_400),
    ('h', 3_600),
    ('m', 60),
    ('s', 1),
];

/// How long a key is to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// For ever.
    Endless,
    /// From now on.
    For(Duration),
}

/// Whole numbers with units, the largest unit first and each at most once. A number alone is
/// refused: seconds are not what everybody means.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let refuse = || {
        "that is not a span of time; give for example 90d, 12h, 30m, 45s, 1w or 1h30m".to_owned()
    };
    let (mut total, mut rest, mut units) = (0_u64, text, UNITS.iter());
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err("say the unit of that span, for example 90d, 12h, 30m or 45s".to_owned());
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at(digits);
        let letter = tail.chars().next().ok_or_else(refuse)?;
        let (_, size) = units.find(|(unit, _)| *unit == letter).ok_or_else(refuse)?;
        if number.is_empty() {
            return Err(refuse());
        }
        let part = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(*size));
        total = part
            .and_then(|part| total.checked_add(part))
            .ok_or_else(|| "that span is longer than time goes on here".to_owned())?;
        rest = tail.strip_prefix(letter).unwrap_or_default();
    }
    match total {
        0 if text.is_empty() => Err(refuse()),
        0 => Err("that span is empty; give a second at least".to_owned()),
        seconds => Ok(Duration::from_secs(seconds)),
    }
}

/// The same, and `0` (with or without a unit) for no time at all.
pub(crate) fn parse_or_zero(text: &str) -> Result<Duration, String> {
    let digits = text.strip_suffix(['w', 'd', 'h', 'm', 's']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|b| b == b'0') {
        return Ok(Duration::ZERO);
    }
    parse(text)
}

/// The same as [`parse`], and `never` for what has no end.
pub(crate) fn parse_or_never(text: &str) -> Result<Lifetime, String> {
    if text == "never" {
        return Ok(Lifetime::Endless);
    }
    parse(text)
        .map(Lifetime::For)
        .map_err(|message| message + ", or never")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_numbers_with_units() {
        for (text, seconds) in [
            ("45s", 45),
            ("30m", 1_800),
            ("12h", 43_200),
            ("90d", 7_776_000),
            ("1w", 604_800),
            ("1h30m", 5_400),
            ("1w2d3h4m5s", 788_645),
            ("007d", 604_800),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "d",
            "90",
            "90D",
            "-1d",
            "+1d",
            "1.5h",
            "1 h",
            "1h ",
            "1m1h",
            "1h1h",
            "h1",
            "1y",
            "0s",
            "0d",
            "never",
            "1h30",
            "99999999999999999999d",
            "18446744073709551615w",
            "\u{661}d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_alone_is_asked_for_its_unit() {
        assert!(parse("3600").unwrap_err().contains("unit"));
    }

    #[test]
    fn nothing_is_a_span_only_where_it_means_something() {
        for text in ["0", "0s", "00d"] {
            assert_eq!(parse_or_zero(text), Ok(Duration::ZERO));
        }
        assert_eq!(parse_or_zero("1h"), Ok(Duration::from_secs(3_600)));
        assert!(parse_or_zero("").is_err());
        assert!(parse_or_zero("s").is_err());
        assert_eq!(parse_or_never("never"), Ok(Lifetime::Endless));
        assert!(parse_or_never("Never").is_err());
    }
}
