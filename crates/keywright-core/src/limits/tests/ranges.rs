//! What is accepted as a limit, in numbers and in text.

use super::*;

fn name() -> LimitName {
    "l".parse().unwrap()
}

fn limit(capacity: u64, replenish: Replenish) -> Result<Limit, LimitError> {
    Limit::new(name(), Unit::Requests, capacity, replenish)
}

fn every_kind(seconds: u32, amount: u64) -> [Replenish; 3] {
    [
        Replenish::Never,
        Replenish::Window { seconds },
        Replenish::Refill {
            amount,
            every_seconds: seconds,
        },
    ]
}

#[test]
fn a_name_is_1_to_64_characters_of_a_small_alphabet() {
    for good in ["a", "0", "_", "rate_limit", "a.b:c-d", &"x".repeat(64)] {
        assert_eq!(good.parse::<LimitName>().unwrap().as_str(), good);
        assert_eq!(good.parse::<LimitName>().unwrap().to_string(), good);
    }
    let long = "x".repeat(65);
    for bad in ["", "A", "a b", " a", "a\n", "a\0", "a/b", "ä", "🔑", &long] {
        assert_eq!(bad.parse::<LimitName>(), Err(LimitError::Name), "{bad:?}");
    }
}

#[test]
fn capacity_goes_up_to_two_to_the_53_and_down_to_0_where_it_can_be_topped_up() {
    for kind in every_kind(60, 1) {
        assert!(limit(1, kind).is_ok());
        assert!(limit(MAX_CAPACITY, kind).is_ok());
        assert_eq!(limit(MAX_CAPACITY + 1, kind), Err(LimitError::Capacity));
        assert_eq!(limit(u64::MAX, kind), Err(LimitError::Capacity));
        let is_window = matches!(kind, Replenish::Window { .. });
        assert_eq!(limit(0, kind).is_err(), is_window);
    }
}

#[test]
fn times_are_1_second_to_366_days_and_a_refill_adds_something() {
    for kind in every_kind(1, MAX_CAPACITY)
        .into_iter()
        .chain(every_kind(MAX_SECONDS, 1))
    {
        assert!(limit(1, kind).is_ok());
    }
    for seconds in [0, MAX_SECONDS + 1, u32::MAX] {
        let [_, window, refill] = every_kind(seconds, 1);
        assert_eq!(limit(1, window), Err(LimitError::Seconds));
        assert_eq!(limit(1, refill), Err(LimitError::Seconds));
    }
    for amount in [0, MAX_CAPACITY + 1, u64::MAX] {
        let [_, _, refill] = every_kind(1, amount);
        assert_eq!(limit(1, refill), Err(LimitError::RefillAmount));
    }
}

#[test]
fn a_limit_put_together_by_hand_out_of_range_grants_nothing() {
    let good = credits(5).unwrap();
    let bad = [
        Limit {
            capacity: u64::MAX,
            ..good.clone()
        },
        Limit {
            unit: Unit::Money { currency: [0; 3] },
            ..good.clone()
        },
        Limit {
            replenish: Replenish::Window { seconds: 0 },
            ..good.clone()
        },
        Limit {
            replenish: Replenish::Refill {
                amount: 0,
                every_seconds: 0,
            },
            ..good.clone()
        },
    ];
    for limit in bad {
        let mut key = Subject::new(limit);
        assert_eq!(key.left(START), 0);
        assert_eq!(key.call(START), refused(None));
        assert_eq!(key.spend(0, START), refused(None));
        assert!(serde_json::to_string(&key.limit).is_err());
    }
}

#[test]
fn a_rate_is_count_slash_duration() {
    let good = [
        ("100/60s", 100, 60),
        ("5/1m", 5, 60),
        ("1000/1h", 1_000, 3_600),
        ("1/1d", 1, 86_400),
        ("007/010s", 7, 10),
        ("9007199254740992/366d", MAX_CAPACITY, MAX_SECONDS),
    ];
    for (text, count, seconds) in good {
        let limit = parse_rate(text).unwrap();
        assert_eq!(limit, rate(count, seconds).unwrap(), "{text}");
        assert_eq!(
            (limit.name.as_str(), limit.unit),
            ("rate_limit", Unit::Requests)
        );
        assert_eq!(limit.replenish, Replenish::Window { seconds });
    }
}

#[test]
fn other_text_is_no_rate_and_the_error_says_what_is_wrong_with_it() {
    let forms = [
        "",
        "/",
        "100",
        "100/",
        "/60s",
        "100/60",
        "100/s",
        "100/60S",
        "100/60w",
        "100/60ms",
        "+1/60s",
        "-1/60s",
        "1/+60s",
        "1/-60s",
        "1.5/60s",
        "1/1.5h",
        " 1/60s",
        "1/60s ",
        "1 /60s",
        "1/60 s",
        "1/60s/60s",
        "1_000/1h",
        "1e3/1h",
        "٣/60s",
        "1/٣s",
        "1/60s\0",
        "x/0s",
        "🔑",
    ];
    for text in forms {
        assert_eq!(parse_rate(text), Err(LimitError::Rate), "{text:?}");
    }
    for text in [
        "0/60s",
        "9007199254740993/60s",
        "99999999999999999999999/60s",
    ] {
        assert_eq!(parse_rate(text), Err(LimitError::Capacity), "{text:?}");
    }
    for text in [
        "1/0s",
        "1/367d",
        "1/31622401s",
        "1/4294967295d",
        "1/99999999999999999999s",
    ] {
        assert_eq!(parse_rate(text), Err(LimitError::Seconds), "{text:?}");
    }
    assert_eq!(parse_rate(&"9".repeat(1 << 20)), Err(LimitError::Rate));
}

#[test]
fn units_have_one_spelling() {
    let usd = Unit::Money { currency: *b"USD" };
    for (text, unit) in [
        ("requests", Unit::Requests),
        ("credits", Unit::Credits),
        ("micro_usd", usd),
    ] {
        assert_eq!(text.parse(), Ok(unit));
        assert_eq!(unit.to_text().as_deref(), Some(text));
    }
    for bad in [
        "",
        "Requests",
        "micro_",
        "micro_US",
        "micro_USD",
        "micro_usdx",
        "micro_u$d",
        "usd",
    ] {
        assert_eq!(bad.parse::<Unit>(), Err(LimitError::Unit), "{bad:?}");
    }
    assert_eq!(Unit::Money { currency: *b"usd" }.to_text(), None);
}
