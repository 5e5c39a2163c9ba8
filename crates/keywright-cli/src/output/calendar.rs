//! Unix seconds and dates in UTC, by the proleptic Gregorian calendar.

use keywright::Timestamp;

const DAY: i64 = 86_400;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// Days in 400 years.
const CYCLE: i64 = 146_097;

/// `2027-01-15 08:00:00 UTC`.
pub(crate) fn exact(at: Timestamp) -> String {
    let (seconds, (year, month, day)) =
        (at.unix().rem_euclid(DAY), date(at.unix().div_euclid(DAY)));
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Reads `2027-01-15T08:00:00Z`, the same with an offset (`+01:00`), or Unix seconds. A time
/// without a zone is refused, as its moment would depend on the machine.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    const FORM: &str = "that is not a time; give for example 2027-01-15T08:00:00Z or Unix seconds";
    let refuse = || FORM.to_owned();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = text.parse().ok().and_then(Timestamp::from_unix);
        return seconds
            .ok_or_else(|| "that time is out of range, which ends with the year 9999".to_owned());
    }
    if !text.is_ascii() || text.len() < 19 {
        return Err(refuse());
    }
    let (local, zone) = text.split_at(19);
    let [year, month, day, hour, minute, second] = fields(local).ok_or_else(refuse)?;
    let offset = offset(zone).ok_or_else(|| {
        "that time doesn't end with its zone; end it with Z for UTC, or with an offset like +01:00"
            .to_owned()
    })?;
    let real = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !real {
        return Err("there is no such time in the calendar".to_owned());
    }
    let seconds = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset;
    Timestamp::from_unix(seconds)
        .ok_or_else(|| "that time is out of range, which is 1970 to 9999".to_owned())
}

/// The six numbers of `YYYY-MM-DDThh:mm:ss` (or with a blank in place of the T).
fn fields(text: &str) -> Option<[i64; 6]> {
    let shape = text
        .bytes()
        .zip("0000-00-00T00:00:00".bytes())
        .all(|(is, wanted)| match wanted {
            b'0' => is.is_ascii_digit(),
            b'T' => matches!(is, b'T' | b't' | b' '),
            mark => is == mark,
        });
    if !shape {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse().ok();
    Some([
        number(0, 4)?,
        number(5, 7)?,
        number(8, 10)?,
        number(11, 13)?,
        number(14, 16)?,
        number(17, 19)?,
    ])
}

/// The seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str| {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<i64>().ok())
            .flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Days since 1970-01-01. Years are counted from March, so that the leap day is the last of one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - EPOCH
}

/// Year, month and day of a count of days since 1970-01-01.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let (cycle, day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let year = year + cycle * 400;
    if month < 10 {
        (year, month + 3, day_of_month)
    } else {
        (year + 1, month - 9, day_of_month)
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(seconds).unwrap()
    }

    #[test]
    fn known_moments_read_as_they_should() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_800_000_000, "2027-01-15 08:00:00 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
            (Timestamp::MAX.unix(), "9999-12-31 23:59:59 UTC"),
        ] {
            assert_eq!(exact(at(seconds)), text);
        }
    }

    #[test]
    fn every_day_there_is_comes_back() {
        let mut previous = (1969, 12, 31);
        for day in 0..=Timestamp::MAX.unix() / DAY {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
            assert!((year, month, of_month) > previous);
            assert!(of_month <= days_in(year, month));
            previous = (year, month, of_month);
        }
    }

    #[test]
    fn times_with_a_zone_are_read() {
        for text in [
            "1800000000",
            "2027-01-15T08:00:00Z",
            "2027-01-15 08:00:00z",
            "2027-01-15T09:30:00+01:30",
            "2027-01-14T22:00:00-10:00",
        ] {
            assert_eq!(parse(text), Ok(at(1_800_000_000)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2027-01-15",
            "2027-01-15T08:00:00",
            "2027-01-15T08:00:00+1:00",
            "2027-01-15T08:00:00+25:00",
            "2027-02-29T08:00:00Z",
            "2027-13-01T08:00:00Z",
            "2027-00-10T08:00:00Z",
            "2027-01-15T24:00:00Z",
            "2027-01-15T08:00:60Z",
            "1969-12-31T23:59:59Z",
            "-1",
            "99999999999999999999",
            "253402300800",
            "2027-01-15T08:00:00\u{3a9}",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
