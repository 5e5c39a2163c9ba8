//! How much a key was used lately, day by day.

use keywright::{ApiKey, KeyManager};

const DAYS: u32 = 30;

/// For each of these keys, in their order, the counts of the last 30 days, oldest first; all are
/// asked for at once. What can't be told keeps nobody from their keys: there is no chart then.
pub(crate) async fn of(keys: &KeyManager, shown: &[ApiKey]) -> Vec<Vec<u64>> {
    let ids: Vec<&str> = shown.iter().map(|key| key.id.as_str()).collect();
    match keys.usage_of_all(&ids, DAYS).await {
        Ok(counts) => counts,
        Err(error) => {
            keys.log_error(&error);
            vec![Vec::new(); shown.len()]
        }
    }
}

/// A bar of the chart, in its own units.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) x: usize,
    pub(crate) y: u64,
    pub(crate) height: u64,
}

/// The height of the chart; a bar is three units wide, and one lies between two.
pub(crate) const HEIGHT: u64 = 24;
pub(crate) const STEP: usize = 4;

/// What the chart draws: the largest count fills it, and what was used at all can be seen.
pub(crate) struct Chart {
    pub(crate) bars: Vec<Bar>,
    pub(crate) width: usize,
    pub(crate) sum: u64,
}

impl Chart {
    pub(crate) fn new(counts: &[u64]) -> Option<Self> {
        if counts.is_empty() {
            return None;
        }
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let bar = |(day, count): (usize, &u64)| {
            let share = u128::from(*count) * u128::from(HEIGHT - 2) / u128::from(most);
            let height = match count {
                0 => 1,
                _ => u64::try_from(share).unwrap_or(0) + 2,
            };
            Bar {
                x: day * STEP,
                y: HEIGHT - height,
                height,
            }
        };
        Some(Self {
            bars: counts.iter().enumerate().map(bar).collect(),
            width: counts.len() * STEP - 1,
            sum: counts
                .iter()
                .fold(0, |sum, count| sum.saturating_add(*count)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_fills_the_chart_and_the_smallest_is_seen() {
        let chart = Chart::new(&[0, 1, u64::MAX, u64::MAX]).unwrap();
        let heights: Vec<u64> = chart.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [1, 2, HEIGHT, HEIGHT]);
        assert_eq!(chart.sum, u64::MAX);
        assert!(Chart::new(&[]).is_none());
        assert!(Chart::new(&[0, 0]).is_some());
    }
}
