//! Several limits on one use: all are charged or none, and the refusal names the longest wait.

use super::*;

fn full(limit: &Limit) -> Counter {
    let mut subject = Subject::new(limit.clone());
    subject.drain(START);
    subject.counter
}

#[test]
fn a_use_without_limits_is_granted() {
    assert_eq!(charge(&[], &Cost::default(), START), Ok(Vec::new()));
}

#[test]
fn a_use_takes_one_request_and_its_credits() {
    let (rate, credit) = (parse_rate("5/1m").unwrap(), credits(100).unwrap());
    let fresh = Counter::default();
    let after = charge(
        &[(&rate, &fresh), (&credit, &fresh)],
        &Cost { credits: 30 },
        START,
    )
    .unwrap();
    let left = [
        remaining(&rate, &after[0], START),
        remaining(&credit, &after[1], START),
    ];
    assert_eq!(left, [4, 70]);
}

#[test]
fn one_limit_that_refuses_leaves_all_uncharged() {
    let (rate, credit) = (parse_rate("5/1m").unwrap(), credits(2).unwrap());
    let mut counters = [Counter::default(), Counter::default()];
    for _ in 0..2 {
        let limits = [(&rate, &counters[0]), (&credit, &counters[1])];
        counters = charge(&limits, &Cost::default(), START)
            .unwrap()
            .try_into()
            .unwrap();
    }
    for _ in 0..100 {
        let limits = [(&rate, &counters[0]), (&credit, &counters[1])];
        let refusal = charge(&limits, &Cost::default(), START).unwrap_err();
        assert_eq!(
            refusal,
            Refusal {
                index: 1,
                retry_after_ms: None
            }
        );
    }
    assert_eq!(remaining(&rate, &counters[0], START), 3);
}

#[test]
fn of_several_that_refuse_the_longest_wait_is_told_and_never_is_the_longest() {
    let (minute, hour) = (parse_rate("1/1m").unwrap(), parse_rate("1/1h").unwrap());
    let credit = credits(1).unwrap();
    let (m, h, c) = (full(&minute), full(&hour), full(&credit));
    let told = |limits: &[(&Limit, &Counter)]| {
        let refusal = charge(limits, &Cost::default(), START).unwrap_err();
        (refusal.index, refusal.retry_after_ms)
    };
    assert_eq!(told(&[(&minute, &m), (&hour, &h)]), (1, Some(3_660_000)));
    assert_eq!(told(&[(&hour, &h), (&minute, &m)]), (0, Some(3_660_000)));
    assert_eq!(
        told(&[(&hour, &h), (&credit, &c), (&minute, &m)]),
        (1, None)
    );
    assert_eq!(told(&[(&credit, &c), (&credit, &c)]), (0, None));
    assert_eq!(told(&[(&hour, &h), (&hour, &h)]), (0, Some(3_660_000)));
}

#[test]
fn money_is_stored_but_cannot_be_charged_yet_so_it_grants_nothing() {
    let unit = Unit::Money { currency: *b"USD" };
    let cap = Limit::new("spend".parse().unwrap(), unit, 5_000_000, Replenish::Never).unwrap();
    let mut key = Subject::new(cap);
    assert_eq!(key.call(START), refused(None));
    assert_eq!(key.spend(0, START), refused(None));
    assert_eq!(key.left(START), 5_000_000);
}
