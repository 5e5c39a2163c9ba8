//! Credits: granted to the last one and never beyond; a refill at every interval boundary.

use super::*;

#[test]
fn credits_are_spent_to_the_last_and_waiting_brings_none_back() {
    let mut key = Subject::new(credits(3).unwrap());
    assert_eq!(key.drain(START), (3, None));
    assert_eq!(key.call(START + 1_000_000 * HOUR), refused(None));
}

#[test]
fn a_use_takes_what_it_costs_and_one_where_nothing_is_said() {
    let mut key = Subject::new(credits(10).unwrap());
    assert_eq!(Cost::default(), Cost { credits: 1 });
    key.spend(9, START).unwrap();
    assert_eq!(key.spend(2, START), refused(None));
    assert_eq!(key.left(START), 1);
    key.call(START).unwrap();
}

#[test]
fn a_use_that_costs_nothing_passes_even_when_nothing_is_left() {
    let mut key = Subject::new(credits(0).unwrap());
    assert_eq!(key.spend(0, START), Ok(()));
    assert_eq!(key.spend(1, START), refused(None));
}

#[test]
fn a_refill_comes_once_per_interval_counted_from_the_first_use() {
    let mut key = Subject::new(credits_with_refill(10, 3, 3_600).unwrap());
    let first = START + 1_234;
    key.spend(10, first).unwrap();
    assert_eq!(key.left(first + HOUR - 1), 0);
    assert_eq!(key.left(first + HOUR), 3);
    assert_eq!(key.left(first + 2 * HOUR), 6);
    assert_eq!(key.left(first + 1_000 * HOUR), 10);

    // Use in between doesn't move the boundaries.
    key.call(first + HOUR + 999).unwrap();
    assert_eq!(key.left(first + 2 * HOUR - 1), 2);
    assert_eq!(key.left(first + 2 * HOUR), 5);
}

#[test]
fn a_refused_use_is_told_the_boundary_at_which_enough_is_back() {
    let mut key = Subject::new(credits_with_refill(10, 3, 3_600).unwrap());
    key.spend(10, START).unwrap();
    assert_eq!(key.spend(1, START + 1), refused(3_599_999));
    assert_eq!(key.spend(4, START + 1), refused(7_199_999));
    assert_eq!(key.spend(10, START), refused(4 * 3_600_000));
    assert_eq!(key.spend(11, START), refused(None));
}

#[test]
fn a_refill_beyond_the_capacity_is_lost() {
    let mut key = Subject::new(credits_with_refill(5, 100, 60).unwrap());
    key.spend(2, START).unwrap();
    assert_eq!(key.left(START + HOUR), 5);
    assert_eq!(key.drain(START + HOUR).0, 5);
}

#[test]
fn a_clock_that_steps_back_and_on_again_refills_once() {
    let mut key = Subject::new(credits_with_refill(10, 3, 3_600).unwrap());
    key.spend(10, START).unwrap();
    key.spend(3, START + HOUR).unwrap();
    assert_eq!(key.call(START), refused(7_200_000));
    assert_eq!(key.call(START + HOUR), refused(3_600_000));
    assert_eq!(key.left(START + 2 * HOUR), 3);
}

#[test]
fn the_ends_of_time_are_safe() {
    let mut key = Subject::new(credits_with_refill(MAX_CAPACITY, MAX_CAPACITY, 1).unwrap());
    key.spend(MAX_CAPACITY, i64::MIN).unwrap();
    key.spend(MAX_CAPACITY, i64::MAX).unwrap();
    assert_eq!(key.call(i64::MIN), refused(None));
    assert_eq!(key.call(i64::MAX), refused(None));
    assert_eq!(key.spend(u64::MAX, i64::MIN), refused(None));

    let mut slow = Subject::new(credits_with_refill(MAX_CAPACITY, 1, MAX_SECONDS).unwrap());
    slow.spend(MAX_CAPACITY, 0).unwrap();
    assert_eq!(slow.spend(MAX_CAPACITY, 0), refused(None));
}
