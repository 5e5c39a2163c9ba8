//! A limit is replaced while its counter is in use.

use super::*;

fn change(subject: &mut Subject, new: Limit, now_ms: i64) {
    subject.counter = change_limit(&subject.limit, &new, &subject.counter, now_ms);
    subject.limit = new;
}

#[test]
fn another_capacity_keeps_what_was_used() {
    let mut key = Subject::new(credits(10).unwrap());
    key.spend(8, START).unwrap();
    change(&mut key, credits(20).unwrap(), START);
    assert_eq!(key.left(START), 12);
    change(&mut key, credits(5).unwrap(), START);
    assert_eq!(key.left(START), 0);
    assert_eq!(key.call(START), refused(None));
    assert_eq!(key.spend(0, START), Ok(()));
}

#[test]
fn refill_that_is_added_to_spent_credits_starts_when_it_is_added() {
    let mut key = Subject::new(credits(10).unwrap());
    key.drain(START);
    let added = START + 100 * HOUR;
    change(&mut key, credits_with_refill(10, 2, 3_600).unwrap(), added);
    assert_eq!(key.call(added), refused(3_600_000));
    assert_eq!(key.left(added + HOUR), 2);
}

#[test]
fn other_refill_terms_hold_from_the_change_on() {
    let mut key = Subject::new(credits_with_refill(100, 1, 86_400).unwrap());
    key.spend(100, START).unwrap();
    let changed = START + 30 * HOUR;
    change(
        &mut key,
        credits_with_refill(100, 10, 3_600).unwrap(),
        changed,
    );
    assert_eq!(key.left(changed), 1); // one day had passed under the old terms
    assert_eq!(key.left(changed + HOUR - 1), 1);
    assert_eq!(key.left(changed + HOUR), 11);
    change(&mut key, credits(100).unwrap(), changed + 2 * HOUR);
    assert_eq!(key.left(changed + 100 * HOUR), 21);
}

#[test]
fn the_same_refill_terms_keep_their_boundaries() {
    let mut key = Subject::new(credits_with_refill(10, 1, 3_600).unwrap());
    key.spend(10, START).unwrap();
    change(
        &mut key,
        credits_with_refill(20, 1, 3_600).unwrap(),
        START + HOUR / 2,
    );
    assert_eq!(key.left(START + HOUR), 11);
}

#[test]
fn a_shorter_window_still_counts_what_lies_in_it() {
    let mut key = Subject::new(parse_rate("3/1h").unwrap());
    key.call(START).unwrap();
    key.call(START + 1_800 * SECOND).unwrap();
    key.call(START + 1_830 * SECOND).unwrap();
    let now = START + 1_830 * SECOND;
    change(&mut key, parse_rate("3/60s").unwrap(), now);
    // The one from 1800 s was somewhere in its minute of 1/60 h; the end of it is assumed.
    assert_eq!(key.left(now), 1);
    assert_eq!(key.left(now + 61 * SECOND), 3);
}

#[test]
fn a_longer_window_counts_what_is_still_remembered() {
    let mut key = Subject::new(parse_rate("3/60s").unwrap());
    key.drain(START);
    change(&mut key, parse_rate("3/1h").unwrap(), START + 1);
    assert_eq!(key.call(START + 61 * SECOND), refused(3_599_000));
    assert_eq!(key.left(START + 3_660 * SECOND), 3);
}

#[test]
fn a_window_counter_that_did_not_pass_through_the_change_is_read_no_less_strictly() {
    let mut key = Subject::new(parse_rate("3/366d").unwrap());
    key.drain(START);
    key.limit = parse_rate("3/60s").unwrap();
    assert_eq!(key.call(START), refused(61_000));
    assert_eq!(key.drain(START + 61 * SECOND).0, 3);
}

#[test]
fn a_balance_that_did_not_pass_through_the_change_refills_from_its_last_use() {
    let mut key = Subject::new(credits(10).unwrap());
    key.spend(5, START).unwrap();
    key.spend(5, START + 10 * HOUR).unwrap();
    key.limit = credits_with_refill(10, 2, 3_600).unwrap();
    assert_eq!(key.call(START + 10 * HOUR), refused(3_600_000));
    assert_eq!(key.left(START + 12 * HOUR), 4);
}

#[test]
fn another_kind_of_limit_or_unit_begins_anew() {
    let mut key = Subject::new(credits(3).unwrap());
    key.drain(START);
    change(&mut key, parse_rate("3/60s").unwrap(), START);
    assert_eq!(key.drain(START).0, 3);
    change(&mut key, credits(3).unwrap(), START);
    assert_eq!(key.drain(START).0, 3);
    let requests = Limit::new(
        "credits".parse().unwrap(),
        Unit::Requests,
        3,
        Replenish::Never,
    );
    change(&mut key, requests.unwrap(), START);
    assert_eq!(key.drain(START).0, 3);
}

#[test]
fn a_limit_out_of_its_ranges_wipes_no_counter() {
    let mut key = Subject::new(credits(3).unwrap());
    key.drain(START);
    let good = key.limit.clone();
    let bad = Limit {
        capacity: u64::MAX,
        ..good.clone()
    };
    change(&mut key, bad, START);
    change(&mut key, good, START);
    assert_eq!(key.left(START), 0);
}
