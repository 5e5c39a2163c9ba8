//! The decision whether a right secret is good for a use: every combination of what can be wrong
//! with it, and the order in which it is told.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

mod support;

use keywright_core::keys::{End, RevocationReason, State};
use keywright_core::scopes::RequiredScopes;
use keywright_core::store::Found;
use keywright_core::{Requirements, VerifyCode, judge};
use support::{at, issued};

/// What can be wrong, in the order in which it is told, and how it is made so.
type Fault = (VerifyCode, fn(&mut Found, &mut Requirements));

const FAULTS: &[Fault] = &[
    (VerifyCode::Compromised, |found, _| {
        found.key.state = State::Revoked {
            at: at(0),
            reason: RevocationReason::KeyCompromise,
        };
    }),
    (VerifyCode::Disabled, |found, _| {
        // What is revoked can't be disabled.
        if found.key.state == State::Active {
            found.key.state = State::Disabled;
        }
    }),
    (VerifyCode::Revoked, |found, _| {
        found.version.end = Some(End::At(at(100)));
    }),
    (VerifyCode::Expired, |found, _| {
        found.key.expires_at = Some(at(100));
    }),
    (VerifyCode::IpNotAllowed, |_, required| {
        required.address = Some("198.51.100.1".parse().unwrap());
    }),
    (VerifyCode::InsufficientScope, |_, required| {
        required.scopes = scopes(&["read", "delete"]);
    }),
];

fn scopes(names: &[&str]) -> RequiredScopes {
    RequiredScopes::parse(names).unwrap()
}

/// A use that the sample key is good for.
fn good() -> (Found, Requirements) {
    let mut it = issued();
    let found = Found {
        key: it.key,
        version: it.versions.remove(0),
    };
    let required = Requirements {
        scopes: scopes(&["read"]),
        address: Some("192.0.2.7".parse().unwrap()),
        cost: 1,
    };
    (found, required)
}

#[test]
fn whatever_is_wrong_together_the_first_in_order_is_told() {
    for combination in 0u32..1 << FAULTS.len() {
        let (mut found, mut required) = good();
        let mut wanted = VerifyCode::Valid;
        for (place, (code, make)) in FAULTS.iter().enumerate() {
            if combination & (1 << place) != 0 {
                make(&mut found, &mut required);
                if wanted == VerifyCode::Valid {
                    wanted = *code;
                }
            }
        }
        assert_eq!(
            judge(&found, &required, at(100)),
            wanted,
            "{combination:06b}"
        );
    }
}

#[test]
fn only_key_compromise_is_told_apart_from_other_reasons() {
    for reason in RevocationReason::ALL {
        let (mut found, required) = good();
        found.key.state = State::Revoked {
            at: at(0),
            reason: *reason,
        };
        let wanted = match reason {
            RevocationReason::KeyCompromise => VerifyCode::Compromised,
            _ => VerifyCode::Revoked,
        };
        assert_eq!(judge(&found, &required, at(100)), wanted);
    }
}

#[test]
fn ends_count_from_their_exact_second() {
    for (code, set) in [
        (
            VerifyCode::Expired,
            (|found| found.key.expires_at = Some(at(100))) as fn(&mut Found),
        ),
        (VerifyCode::Revoked, |found| {
            found.version.end = Some(End::At(at(100)));
        }),
    ] {
        let (mut found, required) = good();
        set(&mut found);
        assert_eq!(judge(&found, &required, at(99)), VerifyCode::Valid);
        assert_eq!(judge(&found, &required, at(100)), code);
    }
}

#[test]
fn an_unknown_address_is_not_allowed_where_networks_are_named() {
    let (found, mut required) = good();
    required.address = None;
    assert_eq!(judge(&found, &required, at(0)), VerifyCode::IpNotAllowed);
}

#[test]
fn what_it_costs_is_not_for_the_decision_to_say() {
    let (found, mut required) = good();
    required.cost = u64::MAX;
    assert_eq!(judge(&found, &required, at(0)), VerifyCode::Valid);
}
