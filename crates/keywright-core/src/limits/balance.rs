//! Balances: what was spent and, where the limit refills, how much of it has come back. Refills
//! are worked out when somebody looks, by whole intervals, so nothing depends on how often.

/// What was spent and since when refills are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Balance {
    /// Spent and not come back.
    pub spent: u64,
    /// With a refill: the last interval boundary that was taken into account, at first the first
    /// use. Without: the newest time at which something was granted.
    pub since_ms: i64,
}

/// How a balance refills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refill {
    pub amount: u64,
    pub every_seconds: u32,
}

impl Balance {
    pub(super) fn new(now_ms: i64) -> Self {
        Self {
            spent: 0,
            since_ms: now_ms,
        }
    }

    /// The balance at `now_ms`. A clock that has stepped back brings no refill; the boundaries
    /// that it passes again later were taken into account the first time.
    pub(super) fn at(self, refill: Option<Refill>, now_ms: i64) -> Self {
        let Some(refill) = refill else {
            return Self {
                since_ms: self.since_ms.max(now_ms),
                ..self
            };
        };
        let elapsed_ms = (i128::from(now_ms) - i128::from(self.since_ms)).max(0);
        // 2^64 ms at most, so the number of intervals fits; saturating is never reached.
        let intervals = u64::try_from(elapsed_ms / refill.every_ms()).unwrap_or(u64::MAX);
        let into_interval_ms = elapsed_ms % refill.every_ms();
        let since_ms = if intervals == 0 {
            self.since_ms
        } else {
            // Less than an interval before `now_ms`, and not before the former boundary.
            let boundary = i128::from(now_ms) - into_interval_ms;
            i64::try_from(boundary).unwrap_or(self.since_ms)
        };
        let back = intervals.saturating_mul(refill.amount);
        Self {
            spent: self.spent.saturating_sub(back),
            since_ms,
        }
    }

    /// The first millisecond at which no more than `allowed` counts as spent, or nothing when
    /// that never comes.
    pub(super) fn free_at(self, refill: Option<Refill>, allowed: u64) -> Option<i128> {
        let excess = self.spent.saturating_sub(allowed);
        if excess == 0 {
            return Some(self.since_ms.into());
        }
        let refill = refill?;
        let intervals = i128::from(excess.div_ceil(refill.amount.max(1)));
        Some(i128::from(self.since_ms) + intervals * refill.every_ms())
    }
}

impl Refill {
    fn every_ms(self) -> i128 {
        i128::from(self.every_seconds.max(1)) * 1_000
    }
}
