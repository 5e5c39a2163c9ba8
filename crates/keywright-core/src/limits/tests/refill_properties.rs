//! Refills against a simulation that lives through every single interval, and several limits
//! together.

use proptest::prelude::*;

use super::*;

/// Credits as one would keep them with a timer.
struct Simulation {
    capacity: u64,
    amount: u64,
    every_ms: i64,
    available: u64,
    next_refill: Option<i64>,
}

impl Simulation {
    fn run_to(&mut self, now_ms: i64) {
        while let Some(at) = self.next_refill.filter(|at| *at <= now_ms) {
            self.available = self.capacity.min(self.available + self.amount);
            self.next_refill = Some(at + self.every_ms);
        }
    }

    fn spend(&mut self, cost: u64, now_ms: i64) -> bool {
        self.run_to(now_ms);
        let granted = cost <= self.available;
        if granted {
            self.available -= cost;
            self.next_refill.get_or_insert(now_ms + self.every_ms);
        }
        granted
    }
}

fn uses() -> impl Strategy<Value = Vec<(i64, u64)>> {
    let clock = prop_oneof![
        3 => Just(0),
        6 => 0..5 * SECOND,
        2 => 0..500 * SECOND,
        2 => -20 * SECOND..0,
    ];
    proptest::collection::vec((clock, 0..30_u64), 1..150)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn refill_is_what_a_timer_would_have_done(
        capacity in 0..40_u64,
        amount in 1..20_u64,
        every_seconds in 1..30_u32,
        uses in uses(),
        looks in any::<bool>(),
    ) {
        let mut key = Subject::new(credits_with_refill(capacity, amount, every_seconds).unwrap());
        let mut simulation = Simulation {
            capacity,
            amount,
            every_ms: i64::from(every_seconds) * SECOND,
            available: capacity,
            next_refill: None,
        };
        // A timer knows no steps back; those have a property of their own below.
        let mut clock = START;
        for (step, cost) in uses {
            clock += step.max(0);
            if looks {
                simulation.run_to(clock);
                prop_assert_eq!(key.left(clock), simulation.available);
            }
            prop_assert_eq!(key.spend(cost, clock).is_ok(), simulation.spend(cost, clock));
        }
    }

    #[test]
    fn a_stepping_clock_never_grants_more_than_the_timer(
        capacity in 0..40_u64,
        amount in 1..20_u64,
        every_seconds in 1..30_u32,
        uses in uses(),
    ) {
        let mut key = Subject::new(credits_with_refill(capacity, amount, every_seconds).unwrap());
        let every_ms = i64::from(every_seconds) * SECOND;
        let (mut clock, mut newest, mut first, mut granted) = (START, i64::MIN, None, 0);
        for (step, cost) in uses {
            clock += step;
            newest = newest.max(clock);
            if key.spend(cost, clock).is_ok() {
                granted += cost;
                let first = *first.get_or_insert(clock);
                let refills = u64::try_from((newest - first) / every_ms).unwrap();
                prop_assert!(granted <= capacity + refills * amount);
            }
        }
    }

    #[test]
    fn the_wait_is_exact_for_several_limits_and_nothing_is_charged_by_a_refusal(
        capacity in 1..40_u64,
        amount in 1..20_u64,
        every_seconds in 1..30_u32,
        (rate_n, rate_seconds) in (1..20_u64, 1..60_u32),
        (slow_n, slow_seconds) in (1..60_u64, 60..900_u32),
        total in 0..2_000_u64,
        uses in uses(),
    ) {
        let limits = [
            credits_with_refill(capacity, amount, every_seconds).unwrap(),
            rate(rate_n, rate_seconds).unwrap(),
            rate(slow_n, slow_seconds).unwrap(),
            credits(total).unwrap(),
        ];
        let mut counters: [Counter; 4] = Default::default();
        let mut clock = START;
        for (step, credits) in uses {
            clock += step;
            let cost = Cost { credits };
            let all: Vec<_> = limits.iter().zip(&counters).collect();
            // Charged together exactly when each alone would have been.
            let alone: Vec<_> = all.iter().map(|one| charge(&[*one], &cost, clock)).collect();
            match charge(&all, &cost, clock) {
                Ok(after) => {
                    let alone: Vec<_> = alone.into_iter().flat_map(Result::unwrap).collect();
                    prop_assert_eq!(&after, &alone);
                    counters = after.try_into().unwrap();
                }
                Err(refusal) => {
                    let waits: Vec<_> = alone.iter().map(|one| one.as_ref().err()).collect();
                    let told = waits[refusal.index].unwrap().retry_after_ms;
                    prop_assert_eq!(told, refusal.retry_after_ms);
                    let all_waits = waits.iter().flatten().map(|wait| wait.retry_after_ms);
                    let longest = all_waits.max_by_key(|wait| wait.unwrap_or(u64::MAX)).unwrap();
                    prop_assert_eq!(longest, refusal.retry_after_ms);
                    if let Some(wait) = refusal.retry_after_ms {
                        let early = charge(&all, &cost, after(clock, wait) - 1).unwrap_err();
                        prop_assert_eq!(early.retry_after_ms, Some(1));
                        prop_assert!(charge(&all, &cost, after(clock, wait)).is_ok());
                    }
                }
            }
        }
    }

    #[test]
    fn no_values_overflow(
        capacity in 0..=MAX_CAPACITY,
        amount in 1..=MAX_CAPACITY,
        every_seconds in 1..=MAX_SECONDS,
        uses in proptest::collection::vec((any::<i64>(), any::<u64>(), 0..64_u32), 1..50),
    ) {
        let mut key = Subject::new(credits_with_refill(capacity, amount, every_seconds).unwrap());
        for (now_ms, cost, shift) in uses {
            let before = key.left(now_ms);
            let cost = cost >> shift;
            match key.spend(cost, now_ms) {
                Ok(()) => prop_assert_eq!(key.left(now_ms), before - cost),
                Err(refusal) => {
                    prop_assert!(before < cost);
                    prop_assert!(cost <= capacity || refusal.retry_after_ms.is_none());
                }
            }
        }
    }
}
