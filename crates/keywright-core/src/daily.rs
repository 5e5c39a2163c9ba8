//! How often something was used, day by day in UTC: for charts. Nothing decides by it, so that
//! what can't be read counts as never used.

use crate::time::Timestamp;
use crate::varint::{put_unsigned, take_unsigned};

/// For so many days with uses counts are kept, and for so many at most they are told.
pub const MOST_DAYS: u32 = 90;

/// The stored form of counts is never longer, in bytes.
pub const MOST_BYTES: usize = 1_500;

const SECONDS: i64 = 86_400;

/// A day in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

impl Day {
    /// The last day that a [`Timestamp`] can be in.
    pub const MAX: Self = Self::of(Timestamp::MAX);

    /// The day of a moment.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a timestamp is not negative, and lies in one of some three million days"
    )]
    pub const fn of(at: Timestamp) -> Self {
        Self((at.unix() / SECONDS) as u32)
    }

    /// Its first second.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_unix(i64::from(self.0) * SECONDS).unwrap_or(Timestamp::MAX)
    }

    /// So many days before; `None` before 1970.
    #[must_use]
    pub fn before(self, days: u32) -> Option<Self> {
        self.0.checked_sub(days).map(Self)
    }

    /// The `count` days that end with this one, oldest first; none before 1970.
    pub fn last(self, count: u32) -> impl Iterator<Item = Self> {
        (0..count).rev().filter_map(move |days| self.before(days))
    }
}

/// How often something was used on the newest [`MOST_DAYS`] of the days on which it was. A count
/// that would be too large stays at its largest.
///
/// A day that a wrong clock has put far ahead or far back takes one place, and no other's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DailyCounts {
    /// Newest first, each day once, and no count of zero.
    counts: Vec<(Day, u64)>,
}

impl DailyCounts {
    /// Whether there is no use.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The uses on a day.
    #[must_use]
    pub fn on(&self, day: Day) -> u64 {
        self.place(day).map_or(0, |at| self.counts[at].1)
    }

    /// The days with their uses, newest first.
    pub fn iter(&self) -> impl Iterator<Item = (Day, u64)> {
        self.counts.iter().copied()
    }

    /// Counts further uses.
    pub fn add(&mut self, day: Day, count: u64) {
        match self.place(day) {
            Ok(at) => self.counts[at].1 = self.counts[at].1.saturating_add(count),
            Err(at) if count > 0 => {
                self.counts.insert(at, (day, count));
                self.counts.truncate(MOST_DAYS as usize);
            }
            Err(_) => {}
        }
    }

    /// Counts what others have counted.
    pub fn add_all(&mut self, others: &Self) {
        for (day, count) in others.iter() {
            self.add(day, count);
        }
    }

    /// What was counted from `first` to `last`, both included.
    #[must_use]
    pub fn within(&self, first: Day, last: Day) -> Self {
        let wanted = |(day, _): &(Day, u64)| (first..=last).contains(day);
        Self {
            counts: self.iter().filter(wanted).collect(),
        }
    }

    /// Where a day is, or where it belongs.
    fn place(&self, day: Day) -> Result<usize, usize> {
        self.counts.binary_search_by(|(own, _)| day.cmp(own))
    }

    /// The stored form, at most [`MOST_BYTES`] long: the newest day and its count, then the count of
    /// each day before it, where a zero stands for as many days without use as the number behind it
    /// says. Numbers are varints; a state has exactly one form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(3 + 2 * self.counts.len());
        let mut next = None;
        for (day, count) in self.iter() {
            match next {
                None => put_unsigned(&mut bytes, u64::from(day.0)),
                Some(next) if day.0 < next => {
                    bytes.push(0);
                    put_unsigned(&mut bytes, u64::from(next - day.0));
                }
                Some(_) => {}
            }
            put_unsigned(&mut bytes, count);
            next = day.0.checked_sub(1);
        }
        bytes
    }

    /// Reads the stored form. Whatever else stands there is as good as no use.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        if bytes.is_empty() || bytes.len() > MOST_BYTES {
            return Self::default();
        }
        Self::parse(bytes).unwrap_or_default()
    }

    fn parse(mut bytes: &[u8]) -> Option<Self> {
        let newest = u32::try_from(take_unsigned(&mut bytes)?).ok().map(Day)?;
        let mut next = Some(newest).filter(|day| *day <= Day::MAX);
        let mut counts = Vec::with_capacity(bytes.len().min(MOST_DAYS as usize));
        loop {
            let mut count = take_unsigned(&mut bytes)?;
            if count == 0 && !counts.is_empty() {
                let unused = u32::try_from(take_unsigned(&mut bytes)?).ok()?;
                next = next?.before(unused).filter(|_| unused > 0);
                count = take_unsigned(&mut bytes)?;
            }
            if count == 0 || counts.len() >= MOST_DAYS as usize {
                return None;
            }
            counts.push((next?, count));
            if bytes.is_empty() {
                return Some(Self { counts });
            }
            next = next?.before(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: u32) -> Day {
        Day(number)
    }

    fn counts(list: &[(u32, u64)]) -> DailyCounts {
        let mut counts = DailyCounts::default();
        for (number, count) in list {
            counts.add(day(*number), *count);
        }
        counts
    }

    fn read_back(counts: &DailyCounts) -> DailyCounts {
        DailyCounts::from_bytes(&counts.to_bytes())
    }

    #[test]
    fn a_day_lasts_from_midnight_to_midnight_in_utc() {
        let of = |seconds| Day::of(Timestamp::from_unix(seconds).unwrap());
        assert_eq!((of(0), of(86_399), of(86_400)), (day(0), day(0), day(1)));
        assert_eq!(of(1_800_000_000).start().unix(), 1_799_971_200);
        assert_eq!(Day::MAX.start().unix(), 253_402_300_799 - 86_399);
        assert_eq!(day(1).last(2).collect::<Vec<_>>(), [day(0), day(1)]);
        assert_eq!(day(1).last(9).count(), 2, "there is nothing before 1970");
    }

    #[test]
    fn uses_add_up_by_day_in_any_order() {
        let mut all = counts(&[(100, 1), (98, 2), (100, 3), (99, 0)]);
        all.add_all(&counts(&[(98, 10), (101, 1)]));
        let listed: Vec<_> = all.iter().collect();
        assert_eq!(listed, [(day(101), 1), (day(100), 4), (day(98), 12)]);
        assert_eq!((all.on(day(98)), all.on(day(99))), (12, 0));
        assert_eq!(read_back(&all), all);
    }

    #[test]
    fn a_count_stays_at_its_largest() {
        let mut all = counts(&[(1, u64::MAX - 1)]);
        all.add(day(1), 1);
        all.add(day(1), u64::MAX);
        assert_eq!(all.on(day(1)), u64::MAX);
        assert_eq!(read_back(&all), all);
    }

    #[test]
    fn the_newest_days_are_kept() {
        let days: Vec<(u32, u64)> = (1..=200).map(|number| (number, 1)).collect();
        let all = counts(&days);
        assert_eq!(all.iter().count(), MOST_DAYS as usize);
        assert_eq!((all.on(day(111)), all.on(day(110))), (1, 0));
    }

    #[test]
    fn a_clock_that_was_wrong_for_a_while_takes_no_other_day_away() {
        let mut all = counts(&[(20_000, 5), (20_001, 6)]);
        all.add(day(0), 1);
        all.add(Day::MAX, 1);
        all.add(day(20_002), 7);
        let all = read_back(&all);
        let on = |number| all.on(day(number));
        assert_eq!((on(20_000), on(20_001), on(20_002)), (5, 6, 7));
        assert_eq!((on(0), all.on(Day::MAX)), (1, 1));
    }

    #[test]
    fn what_is_stored_is_small_and_never_longer_than_is_said() {
        assert!(DailyCounts::default().to_bytes().is_empty());
        assert_eq!(counts(&[(3, 1)]).to_bytes(), [3, 1]);
        assert_eq!(
            counts(&[(9, 1), (8, 2), (3, 4)]).to_bytes(),
            [9, 1, 2, 0, 4, 4]
        );
        let every_day: Vec<(u32, u64)> = (20_000..20_090).map(|number| (number, 100)).collect();
        assert_eq!(counts(&every_day).to_bytes().len(), 3 + 90);
        let step = Day::MAX.0 / 90;
        let far_apart: Vec<(u32, u64)> =
            (0..90).map(|n| (Day::MAX.0 - n * step, u64::MAX)).collect();
        let longest = counts(&far_apart);
        assert!(longest.to_bytes().len() <= MOST_BYTES);
        assert_eq!(read_back(&longest), longest);
    }

    #[test]
    fn what_can_not_be_read_is_no_use() {
        let mut too_many = vec![100];
        too_many.extend([1; 91]);
        let largest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        let beyond: Vec<u8> = largest.into_iter().chain([1]).collect();
        for damaged in [
            &[][..],
            &[5],
            &[5, 0],
            &[5, 0, 1, 1],
            &[5, 1, 0],
            &[5, 1, 0, 1],
            &[5, 1, 0, 0, 1],
            &[5, 1, 0, 1, 0, 1, 1],
            &[5, 1, 0, 9, 1],
            &[5, 0x80],
            &[5, 0x81, 0x00],
            &[0, 1, 1],
            &too_many,
            &beyond,
            &[0xff; 64],
            &vec![1; MOST_BYTES + 1],
        ] {
            assert_eq!(
                DailyCounts::from_bytes(damaged),
                DailyCounts::default(),
                "{damaged:?}"
            );
        }
        // Any two bytes, and what was read of them is written just so.
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let read = DailyCounts::from_bytes(&[9, first, second]);
                assert!(read.is_empty() || read.to_bytes() == [9, first, second]);
            }
        }
    }
}
