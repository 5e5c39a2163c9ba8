//! The stored form of a counter: compact, exact, and careful with what it reads.

use proptest::prelude::*;

use super::{
    super::{
        balance::Balance,
        window::{Slot, Window},
    },
    *,
};
use crate::varint::{put_signed, put_unsigned, take_signed, take_unsigned};

#[test]
fn the_stored_form_is_fixed() {
    assert_eq!(Counter::default().to_bytes(), [1, 0]);

    let mut key = Subject::new(credits(1_000).unwrap());
    key.spend(300, 1_000).unwrap();
    assert_eq!(key.counter.to_bytes(), [1, 2, 0xac, 0x02, 0xd0, 0x0f]);

    let mut key = Subject::new(parse_rate("100/60s").unwrap());
    key.call(-1_000).unwrap();
    key.call(1_000).unwrap();
    key.call(1_001).unwrap();
    assert_eq!(key.counter.to_bytes(), [1, 1, 60, 0xd2, 0x0f, 2, 1, 0, 2]);
}

#[test]
fn a_counter_is_small_in_use_and_bounded_at_worst() {
    let mut key = Subject::new(parse_rate("100/60s").unwrap());
    key.drain(START);
    assert!(key.counter.to_bytes().len() <= 12);

    let slots = (0..=60)
        .rev()
        .map(|age| Slot {
            age,
            count: MAX_CAPACITY / 61,
        })
        .collect();
    let worst = Counter::from(Window {
        seconds: MAX_SECONDS,
        newest_ms: i64::MIN,
        slots,
    });
    let bytes = worst.to_bytes();
    assert!(bytes.len() <= Counter::MAX_BYTES, "{}", bytes.len());
    assert_eq!(Counter::from_bytes(&bytes), Ok(worst));

    // Even if each count took as many bytes as the largest one.
    let (head, largest) = (2 + 5 + 10, 8);
    assert!(head + 61 * (1 + largest) <= Counter::MAX_BYTES);
}

#[test]
fn another_version_is_told_from_damage() {
    for version in [0, 2, 255] {
        assert_eq!(
            Counter::from_bytes(&[version, 0]),
            Err(CounterError::Version)
        );
    }
    let huge_count = [
        1, 1, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
    ];
    let two_to_the_53 = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    let one_too_many = [&[1, 1, 60, 0, 1][..], &two_to_the_53, &[0, 1]].concat();
    let damaged: [&[u8]; 19] = [
        &[],
        &[1],
        &[1, 3],                                                    // no such kind
        &[1, 0, 0],                                                 // something after the end
        &[1, 2],                                                    // cut off
        &[1, 2, 5],                                                 // cut off
        &[1, 2, 5, 0x80],                                           // cut off inside a number
        &[1, 2, 5, 0, 0],                                           // something after the end
        &[1, 2, 0x85, 0, 0],        // a number longer than it need be
        &[1, 1, 0, 0],              // a window of no length
        &[1, 1, 60, 0, 0],          // an age without a count
        &[1, 1, 60, 0, 0, 0],       // an empty slot
        &[1, 1, 60, 0, 61, 1],      // too old
        &[1, 1, 60, 0, 0, 1, 1, 1], // newest first
        &[1, 1, 60, 0, 1, 1, 1, 1], // the same age twice
        &[1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0], // a window of 136 years
        &[1, 2, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0], // more than 2^53 spent
        &huge_count,
        &one_too_many, // more than 2^53 used
    ];
    for bytes in damaged {
        assert_eq!(
            Counter::from_bytes(bytes),
            Err(CounterError::Damaged),
            "{bytes:?}"
        );
    }
}

fn any_counter() -> impl Strategy<Value = Counter> {
    let slots = proptest::collection::btree_map(0..=60_u8, 1..=MAX_CAPACITY / 61, 0..=61);
    let window = (1..=MAX_SECONDS, any::<i64>(), slots).prop_map(|(seconds, newest_ms, slots)| {
        let slots = slots
            .into_iter()
            .rev()
            .map(|(age, count)| Slot { age, count })
            .collect();
        Counter::from(Window {
            seconds,
            newest_ms,
            slots,
        })
    });
    let balance = (0..=MAX_CAPACITY, any::<i64>())
        .prop_map(|(spent, since_ms)| Counter::from(Balance { spent, since_ms }));
    prop_oneof![Just(Counter::default()), window, balance]
}

/// Bytes that get past the first checks more often than noise does.
fn nearly_a_counter() -> impl Strategy<Value = Vec<u8>> {
    let spoilt = || (any_counter(), any::<proptest::sample::Index>(), any::<u8>());
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..700),
        (0..4_u8, proptest::collection::vec(any::<u8>(), 0..40)).prop_map(|(kind, rest)| [
            vec![1, kind],
            rest
        ]
        .concat()),
        spoilt().prop_map(|(counter, at, _)| {
            let bytes = counter.to_bytes();
            bytes[..at.index(bytes.len())].to_vec()
        }),
        spoilt().prop_map(|(counter, at, byte)| {
            let mut bytes = counter.to_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    #[test]
    fn what_is_written_is_read_again(counter in any_counter()) {
        let bytes = counter.to_bytes();
        prop_assert!(bytes.len() <= Counter::MAX_BYTES);
        prop_assert_eq!(Counter::from_bytes(&bytes), Ok(counter));
    }

    #[test]
    fn bytes_are_refused_or_are_the_one_form_of_a_counter_that_works(
        bytes in nearly_a_counter(),
        credits_used in any::<u64>(),
        now_ms in any::<i64>(),
    ) {
        if let Ok(counter) = Counter::from_bytes(&bytes) {
            prop_assert_eq!(counter.to_bytes(), bytes);
            for limit in [parse_rate("7/1m"), credits(7), credits_with_refill(7, 1, 60)] {
                let limit = limit.unwrap();
                let left = remaining(&limit, &counter, now_ms);
                let cost = Cost { credits: credits_used };
                let granted = charge(&[(&limit, &counter)], &cost, now_ms);
                if let Ok(after) = granted {
                    let taken = if limit.unit == Unit::Requests { 1 } else { credits_used };
                    prop_assert_eq!(remaining(&limit, &after[0], now_ms), left - taken);
                }
            }
        }
    }

    #[test]
    fn numbers_come_back(unsigned in any::<u64>(), signed in any::<i64>(), shift in 0..64_u32) {
        let (unsigned, signed) = (unsigned >> shift, signed >> shift);
        let mut bytes = Vec::new();
        put_unsigned(&mut bytes, unsigned);
        put_signed(&mut bytes, signed);
        let mut rest = bytes.as_slice();
        prop_assert_eq!(take_unsigned(&mut rest), Some(unsigned));
        prop_assert_eq!(take_signed(&mut rest), Some(signed));
        prop_assert!(rest.is_empty());
    }
}
