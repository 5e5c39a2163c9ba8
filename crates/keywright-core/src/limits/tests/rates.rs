//! `N/T`: a full N at once after rest, never more than N in any window of T.

use super::*;

fn subject(rate: &str) -> Subject {
    Subject::new(parse_rate(rate).unwrap())
}

#[test]
fn a_full_count_is_granted_at_once_and_then_no_more() {
    let mut key = subject("100/60s");
    assert_eq!(key.left(START), 100);
    assert_eq!(key.drain(START), (100, Some(61_000)));
    assert_eq!(key.left(START), 0);
}

#[test]
fn the_count_comes_back_after_the_window_and_at_most_a_sixtieth_more() {
    let mut key = subject("100/60s");
    key.drain(START);
    assert_eq!(key.call(START + 60 * SECOND), refused(1_000));
    assert_eq!(key.call(START + 61 * SECOND - 1), refused(1));
    assert_eq!(key.drain(START + 61 * SECOND).0, 100);
}

#[test]
fn a_use_late_in_its_sixtieth_waits_the_window_and_not_a_millisecond_less() {
    let mut key = subject("1/60s");
    let late = START + SECOND - 1;
    key.call(late).unwrap();
    assert_eq!(key.call(late + 60 * SECOND), refused(1));
    assert_eq!(key.call(late + 60 * SECOND + 1), Ok(()));
}

#[test]
fn the_window_slides_there_is_no_double_burst_at_a_boundary() {
    let mut key = subject("10/60s");
    assert_eq!(key.drain(START + 59 * SECOND).0, 10);
    assert_eq!(key.drain(START + 60 * SECOND).0, 0);
    assert_eq!(key.drain(START + 119 * SECOND).0, 0);
    assert_eq!(key.drain(START + 120 * SECOND).0, 10);
}

#[test]
fn uses_come_back_one_by_one_as_they_were_made() {
    let mut key = subject("3/60s");
    for second in [0, 10, 20] {
        key.call(START + second * SECOND).unwrap();
    }
    assert_eq!(key.call(START + 20 * SECOND), refused(41_000));
    key.call(START + 61 * SECOND).unwrap();
    assert_eq!(key.call(START + 61 * SECOND), refused(10_000));
    assert_eq!(key.left(START + 71 * SECOND), 1);
}

#[test]
fn sixtieths_that_are_no_whole_milliseconds_are_exact_too() {
    // A sixtieth of a second is 16 2/3 ms: buckets begin at 0, 17, 34, 50, …
    let mut key = subject("1/1s");
    key.call(START + 16).unwrap();
    assert_eq!(key.call(START + 16), refused(1_001));
    key.call(START + 1_017).unwrap();
    assert_eq!(key.call(START + 1_017), refused(1_017));
}

#[test]
fn a_clock_that_steps_back_grants_no_more() {
    let mut key = subject("2/60s");
    key.call(START).unwrap();
    key.call(START - HOUR).unwrap();
    assert_eq!(key.left(START - HOUR), 0);
    // Both count as made at the newest time seen.
    assert_eq!(key.call(START - HOUR), refused(3_661_000));
    assert_eq!(key.call(START + 60 * SECOND), refused(1_000));
    assert_eq!(key.drain(START + 61 * SECOND).0, 2);
}

#[test]
fn a_clock_that_leaps_ahead_forgets_what_has_left_the_window() {
    let mut key = subject("2/60s");
    key.drain(START);
    assert_eq!(key.drain(START + 1_000 * HOUR).0, 2);
}

#[test]
fn the_ends_of_time_are_safe() {
    for rate in ["1/1s", "9007199254740992/366d"] {
        let mut key = subject(rate);
        key.call(i64::MIN).unwrap();
        key.call(i64::MAX).unwrap();
        let left = key.left(i64::MIN);
        assert_eq!(left, key.limit.capacity - 1);
        if left == 0 {
            // No clock will ever show a later time.
            assert_eq!(key.call(i64::MIN), refused(None));
        }
    }
}

#[test]
fn a_window_on_credits_takes_the_cost() {
    let window = Replenish::Window { seconds: 60 };
    let limit = Limit::new("burst".parse().unwrap(), Unit::Credits, 10, window).unwrap();
    let mut key = Subject::new(limit);
    key.spend(7, START).unwrap();
    assert_eq!(key.spend(4, START), refused(61_000));
    assert_eq!(key.spend(11, START), refused(None));
    assert_eq!(key.spend(u64::MAX, START), refused(None));
    assert_eq!(key.spend(0, START), Ok(()));
    assert_eq!(key.spend(3, START), Ok(()));
    assert_eq!(key.spend(0, START), Ok(()));
}
