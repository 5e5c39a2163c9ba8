//! Days and times in UTC, as the `time` element and people write them.

use crate::texts::{Texts, fill};
use keywright::Timestamp;

const DAY: i64 = 86_400;

/// A moment, ready for `<time datetime="…" title="…">…</time>`.
pub(crate) struct Moment {
    pub(crate) machine: String,
    pub(crate) full: String,
    pub(crate) day: String,
}

impl Moment {
    pub(crate) fn new(at: Timestamp, texts: &Texts) -> Self {
        let (year, month, day) = civil(at.unix().div_euclid(DAY));
        let seconds = at.unix().rem_euclid(DAY);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let name = texts.months[usize::try_from(month - 1).unwrap_or(0) % 12];
        let short = fill(
            texts.date,
            &[
                ("d", &day.to_string()),
                ("m", name),
                ("y", &year.to_string()),
            ],
        );
        let time = format!("{hour:02}:{minute:02}");
        Self {
            machine: format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
            full: fill(texts.date_time, &[("date", &short), ("time", &time)]),
            day: short,
        }
    }
}

/// What an `<input type="date">` holds: `2026-03-12`.
pub(crate) fn day_of(at: Timestamp) -> String {
    let (year, month, day) = civil(at.unix().div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The last second of that day in UTC.
pub(crate) fn end_of_day(text: &str) -> Option<Timestamp> {
    let mut parts = text.split('-');
    let mut number = |length: usize| -> Option<i64> {
        let part = parts.next()?;
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    if parts.next().is_some() {
        return None;
    }
    let days = days_from_civil(year, month, day);
    // A day that there isn't (30 February) comes back as another.
    if civil(days) != (year, month, day) {
        return None;
    }
    Timestamp::from_unix(days * DAY + DAY - 1)
}

/// Year, month and day of a count of days since 1970 (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let march = (month + 9) % 12;
    let of_year = (153 * march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Language;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (text, unix) in [
            ("1970-01-01", DAY - 1),
            ("2000-02-29", 951_868_799),
            ("2026-03-12", 1_773_359_999),
            ("9999-12-31", 253_402_300_799),
        ] {
            let end = end_of_day(text).unwrap();
            assert_eq!(end.unix(), unix, "{text}");
            assert_eq!(day_of(end), text);
        }
        for bad in [
            "",
            "2026-02-30",
            "2026-13-01",
            "2026-00-10",
            "1969-12-31",
            "2026-1-1",
            "2026-01-01-01",
            "+026-01-01",
            "2026-01-1x",
        ] {
            assert_eq!(end_of_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn each_language_writes_them_its_own_way() {
        let at = Timestamp::from_unix(1_773_324_309).unwrap();
        let written = |language: Language| Moment::new(at, language.texts()).full;
        assert_eq!(written(Language::English), "12 Mar 2026, 14:05 UTC");
        assert_eq!(written(Language::German), "12. März 2026, 14:05 UTC");
        assert_eq!(written(Language::French), "12 mars 2026 à 14:05 UTC");
        assert_eq!(
            Moment::new(at, Language::English.texts()).machine,
            "2026-03-12T14:05:09Z"
        );
    }
}
