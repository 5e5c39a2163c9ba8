//! The decision: take a use from every limit that applies, or from none, and say which limit
//! refused and for how long.

use super::{
    Counter, Limit, Replenish, Unit,
    balance::{Balance, Refill},
    counter::State,
    window::Window,
};

/// What a use takes: one request, and as many credits as stated here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cost {
    /// Usage credits, 1 where nothing else is said. A use that costs 0 passes every credit limit,
    /// an exhausted one too, and still counts as one request.
    pub credits: u64,
}

impl Default for Cost {
    fn default() -> Self {
        Self { credits: 1 }
    }
}

impl Cost {
    /// What the use takes in `unit`, or nothing where that can't be said.
    fn in_unit(self, unit: Unit) -> Option<u64> {
        match unit {
            Unit::Requests => Some(1),
            Unit::Credits => Some(self.credits),
            Unit::Money { .. } => None,
        }
    }
}

/// A use was refused; nothing was charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a limit refuses this use; look at which one, and wait or raise it")]
pub struct Refusal {
    /// The place in the slice of the limit that refused: of several the one with the longest
    /// wait, of equal ones the first. No end of waiting is the longest.
    pub index: usize,
    /// Milliseconds from `now_ms` after which the same use is granted if nothing else is charged;
    /// one millisecond less is too early. `None`: waiting doesn't help.
    pub retry_after_ms: Option<u64>,
}

/// Takes one use from all limits, or from none. Gives the counters to store, in the same order.
///
/// `now_ms` is Unix time in milliseconds. Where it lies before the newest time that a counter was
/// charged at, that newest time counts: a clock that steps back never grants more. (So a use that
/// was charged at a time far in the future stays in its window until then.) Every value of every
/// argument is safe.
///
/// A limit that doesn't hold to its ranges grants nothing, and neither does one on money: a use
/// can't say yet what it costs in money, and a cap that can't be kept must not look as if it were.
///
/// # Errors
/// [`Refusal`] where at least one limit has too little left.
pub fn charge(
    limits: &[(&Limit, &Counter)],
    cost: &Cost,
    now_ms: i64,
) -> Result<Vec<Counter>, Refusal> {
    let mut charged = Vec::with_capacity(limits.len());
    let mut worst: Option<Refusal> = None;
    for (index, (limit, counter)) in limits.iter().enumerate() {
        match charge_one(limit, counter, *cost, now_ms) {
            Ok(after) => charged.push(after),
            Err(retry_after_ms) => {
                let refusal = Refusal {
                    index,
                    retry_after_ms,
                };
                if worst.is_none_or(|worst| waits_longer(refusal, worst)) {
                    worst = Some(refusal);
                }
            }
        }
    }
    worst.map_or(Ok(charged), Err)
}

/// What is left of a limit at `now_ms`, in its unit. 0 for a limit out of its ranges.
#[must_use]
pub fn remaining(limit: &Limit, counter: &Counter, now_ms: i64) -> u64 {
    if limit.check().is_err() {
        return 0;
    }
    let used = match now(limit, counter, now_ms) {
        Now::Window(window) => window.used(),
        Now::Balance(balance, _) => balance.spent,
    };
    limit.capacity.saturating_sub(used)
}

/// The counter to store when `old` is replaced by `new`, in the same transaction. What was used
/// stays used; what came back under the old terms has come back; from `now_ms` on the new terms
/// hold.
///
/// * Another capacity changes nothing in the counter: what is left grows or shrinks by the
///   difference, down to 0.
/// * A longer window counts what the shorter one still remembered.
/// * New refill terms start a new interval at `now_ms`. (A counter that didn't pass through here
///   takes the new terms as if they had held since its last boundary, or, where nothing came back
///   before, since its last use.)
/// * A window in place of a balance, or the other way round, and another unit are another limit:
///   nothing is used of it yet.
/// * With a limit that is out of its ranges nothing can be worked out: the counter stays as it is.
#[must_use]
pub fn change_limit(old: &Limit, new: &Limit, counter: &Counter, now_ms: i64) -> Counter {
    if old.check().is_err() || new.check().is_err() {
        return counter.clone();
    }
    if old.unit != new.unit {
        return Counter::default();
    }
    match (&counter.state, old.replenish, new.replenish) {
        (State::Window(window), Replenish::Window { .. }, Replenish::Window { seconds }) => {
            window.at(seconds, now_ms).into()
        }
        (State::Balance(_), Replenish::Window { .. }, _)
        | (State::Balance(_), _, Replenish::Window { .. })
        | (State::Window(_) | State::Untouched, _, _) => Counter::default(),
        (State::Balance(balance), before, after) => {
            let settled = balance.at(refill(before), now_ms);
            if before == after {
                settled.into()
            } else {
                let since_ms = settled.since_ms.max(now_ms);
                Balance {
                    since_ms,
                    ..settled
                }
                .into()
            }
        }
    }
}

/// A counter as its limit sees it at a given time.
enum Now {
    Window(Window),
    Balance(Balance, Option<Refill>),
}

/// A counter of another kind than the limit is taken as untouched.
fn now(limit: &Limit, counter: &Counter, now_ms: i64) -> Now {
    if let Replenish::Window { seconds } = limit.replenish {
        return Now::Window(match &counter.state {
            State::Window(window) => window.at(seconds, now_ms),
            State::Untouched | State::Balance(_) => Window::new(seconds, now_ms),
        });
    }
    let refill = refill(limit.replenish);
    let balance = match &counter.state {
        State::Balance(balance) => balance.at(refill, now_ms),
        State::Untouched | State::Window(_) => Balance::new(now_ms),
    };
    Now::Balance(balance, refill)
}

fn refill(replenish: Replenish) -> Option<Refill> {
    match replenish {
        Replenish::Refill {
            amount,
            every_seconds,
        } => Some(Refill {
            amount,
            every_seconds,
        }),
        Replenish::Never | Replenish::Window { .. } => None,
    }
}

/// The counter after the use, or how long to wait.
fn charge_one(
    limit: &Limit,
    counter: &Counter,
    cost: Cost,
    now_ms: i64,
) -> Result<Counter, Option<u64>> {
    limit.check().map_err(|_| None)?;
    let cost = cost.in_unit(limit.unit).ok_or(None)?;
    // What may have been used before, for this use still to fit.
    let allowed = match limit.capacity.checked_sub(cost) {
        _ if cost == 0 => u64::MAX,
        Some(allowed) => allowed,
        None => return Err(None),
    };
    match now(limit, counter, now_ms) {
        Now::Window(window) if window.used() > allowed => {
            Err(wait(now_ms, window.free_at(allowed)))
        }
        Now::Window(mut window) => {
            window.add(cost);
            Ok(window.into())
        }
        Now::Balance(balance, refill) if balance.spent > allowed => Err(balance
            .free_at(refill, allowed)
            .and_then(|at| wait(now_ms, at))),
        Now::Balance(balance, _) => Ok(Balance {
            spent: balance.spent.saturating_add(cost),
            ..balance
        }
        .into()),
    }
}

/// Milliseconds from `now_ms` to `at`, or nothing where no clock will ever show that time.
fn wait(now_ms: i64, at: i128) -> Option<u64> {
    let at = i64::try_from(at).ok()?;
    u64::try_from(i128::from(at) - i128::from(now_ms)).ok()
}

fn waits_longer(refusal: Refusal, than: Refusal) -> bool {
    match (refusal.retry_after_ms, than.retry_after_ms) {
        (Some(wait), Some(other)) => wait > other,
        (None, Some(_)) => true,
        (_, None) => false,
    }
}
