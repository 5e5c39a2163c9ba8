//! Rate limits against a list of every single grant.

use proptest::prelude::*;

use super::*;

/// A use: how the clock moves before it, and what it takes.
type Step = (i64, u64);

/// Mostly small steps within the window, some rests, some steps back, some leaps.
fn steps(window_ms: i64) -> impl Strategy<Value = Vec<Step>> {
    let clock = prop_oneof![
        4 => Just(0),
        8 => 0..=window_ms / 20,
        4 => 0..=2 * window_ms,
        2 => -window_ms..0,
        1 => -20 * window_ms..20 * window_ms,
    ];
    proptest::collection::vec((clock, 0..4_u64), 1..200)
}

fn scenario() -> impl Strategy<Value = (u32, u64, i64, Vec<Step>)> {
    let seconds = prop_oneof![Just(1_u32), Just(7), Just(60), 1..=4_000_u32];
    seconds.prop_flat_map(|seconds| {
        let start = prop_oneof![START..START + HOUR, -HOUR..HOUR];
        (
            Just(seconds),
            1..12_u64,
            start,
            steps(i64::from(seconds) * SECOND),
        )
    })
}

fn credits_per_window(capacity: u64, seconds: u32) -> Limit {
    let window = Replenish::Window { seconds };
    Limit::new("burst".parse().unwrap(), Unit::Credits, capacity, window).unwrap()
}

/// What was granted in the half-open window `(end - length, end]`.
fn granted_in(grants: &[(i64, u64)], end: i64, length: i64) -> u64 {
    let inside = grants
        .iter()
        .filter(|(at, _)| end - length < *at && *at <= end);
    inside.map(|(_, taken)| taken).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn never_more_than_n_in_any_window_of_t_and_hardly_less((seconds, n, start, steps) in scenario()) {
        let length = i64::from(seconds) * SECOND;
        let mut key = Subject::new(credits_per_window(n, seconds));
        let mut grants: Vec<(i64, u64)> = Vec::new();
        let (mut clock, mut newest) = (start, i64::MIN);
        for (step, cost) in steps {
            clock += step;
            let seen = clock.max(newest);
            if let Ok(()) = key.spend(cost, clock) {
                newest = seen;
                grants.push((seen, cost));
            } else {
                // Rounding against the caller ends at a sixtieth.
                let widest = length + (length + 59) / 60;
                prop_assert!(granted_in(&grants, seen, widest) + cost > n);
            }
            prop_assert!(key.left(clock) <= n - granted_in(&grants, seen, length));
        }
        // A fullest window ends at some grant.
        for (end, _) in &grants {
            prop_assert!(granted_in(&grants, *end, length) <= n);
        }
    }

    #[test]
    fn the_wait_is_exact((seconds, n, start, steps) in scenario()) {
        let mut key = Subject::new(credits_per_window(n, seconds));
        let mut clock = start;
        for (step, cost) in steps {
            clock += step;
            match key.spend(cost, clock) {
                Ok(()) => {}
                Err(Refusal { retry_after_ms: None, .. }) => prop_assert!(cost > n),
                Err(Refusal { retry_after_ms: Some(wait), .. }) => {
                    let early = key.spend(cost, after(clock, wait) - 1);
                    prop_assert_eq!(early, refused(1));
                    clock = after(clock, wait);
                    prop_assert_eq!(key.spend(cost, clock), Ok(()));
                }
            }
        }
    }

    #[test]
    fn a_window_that_changes_grants_no_more_than_n_in_what_it_remembers(
        (seconds, n, start, steps) in scenario(),
        others in proptest::collection::vec(1..=200_u32, 4),
    ) {
        let mut key = Subject::new(credits_per_window(n, seconds));
        let mut shortest = i64::from(seconds) * SECOND;
        let mut others = others.into_iter();
        let mut grants: Vec<(i64, u64)> = Vec::new();
        let (mut clock, mut newest) = (start, i64::MIN);
        for (index, (step, cost)) in steps.into_iter().enumerate() {
            clock += step;
            if index % 20 == 19 && let Some(seconds) = others.next() {
                shortest = shortest.min(i64::from(seconds) * SECOND);
                key.limit = credits_per_window(n, seconds);
            }
            if key.spend(cost, clock).is_ok() {
                newest = newest.max(clock);
                grants.push((newest, cost));
                prop_assert!(granted_in(&grants, newest, shortest) <= n);
            }
        }
    }

    #[test]
    fn no_values_overflow(
        capacity in 1..=MAX_CAPACITY,
        seconds in 1..=MAX_SECONDS,
        uses in proptest::collection::vec((any::<i64>(), any::<u64>(), 0..64_u32), 1..50),
    ) {
        let mut key = Subject::new(credits_per_window(capacity, seconds));
        for (now_ms, cost, shift) in uses {
            let before = key.left(now_ms);
            let cost = cost >> shift;
            match key.spend(cost, now_ms) {
                Ok(()) => prop_assert_eq!(key.left(now_ms), before - cost),
                Err(_) => prop_assert!(before < cost),
            }
        }
    }
}
