//! The audit chain: whatever is changed, taken out, put in or moved, somewhere a link no longer
//! holds, for everyone who has the pepper and for nobody else.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

mod support;

use keywright_core::ErrorCode;
use keywright_core::audit::{Actor, DONE, Event, EventType, NewEvent};
use keywright_core::pepper::{PepperRing, Tag};
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashSet;
use support::{at, peppers, project};

const STORE: &str = "store_1";

fn new(number: i64) -> NewEvent {
    NewEvent {
        time: at(number),
        actor: Actor {
            name: format!("actor {number}"),
            address: (number % 2 == 0).then(|| "192.0.2.1".parse().unwrap()),
        },
        event_type: EventType::ALL[usize::try_from(number).unwrap() % EventType::ALL.len()],
        object_id: format!("key_{number}"),
        project: (number % 3 == 0).then(|| project().id),
        refused: (number % 4 == 0).then_some(ErrorCode::InvalidState),
        before: json!({ "name": format!("old {number}") }),
        after: json!({ "name": format!("new {number}") }),
    }
}

fn chain(peppers: &PepperRing, count: i64) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for number in 0..count {
        let event = Event::chain(peppers, STORE, end(&events), new(number));
        events.push(event);
    }
    events
}

fn end(events: &[Event]) -> Option<(u64, &Tag)> {
    events.last().map(|event| (event.seq, &event.mac))
}

/// The place of the first link that does not hold.
fn broken(peppers: &PepperRing, store: &str, events: &[Event]) -> Option<usize> {
    (0..events.len()).find(|at| !events[*at].follows(peppers, store, end(&events[..*at])))
}

#[test]
fn a_chain_counts_from_one_and_holds() {
    let peppers = peppers(1);
    let events = chain(&peppers, 20);
    assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq));
    assert_eq!(broken(&peppers, STORE, &events), None);
    assert_eq!(broken(&peppers, STORE, &[]), None);
}

#[test]
fn an_event_tells_what_it_was_given() {
    let events = chain(&peppers(1), 5);
    assert_eq!(
        (events[1].outcome.as_str(), events[4].outcome.as_str()),
        (DONE, "invalid_state")
    );
    assert_eq!(events[2].address.as_deref(), Some("192.0.2.1"));
    assert_eq!(events[3].project_id, Some(project().id.to_string()));
    assert_eq!(
        (events[1].actor.as_str(), events[1].object_id.as_str()),
        ("actor 1", "key_1")
    );
    assert_eq!(
        (events[1].before.as_str(), events[1].after.as_str()),
        (r#"{"name":"old 1"}"#, r#"{"name":"new 1"}"#)
    );
}

type Edit = (&'static str, fn(&mut Event));

const EDITS: &[Edit] = &[
    ("seq", |it| it.seq += 1),
    ("time", |it| it.time = at(999)),
    ("actor", |it| it.actor.push('x')),
    ("address", |it| it.address = Some("192.0.2.2".to_owned())),
    ("address gone or empty", |it| {
        it.address = if it.address.is_some() {
            None
        } else {
            Some(String::new())
        };
    }),
    ("event_type", |it| it.event_type.push('x')),
    ("object_id", |it| it.object_id.push('x')),
    ("project_id", |it| it.project_id = Some("proj_x".to_owned())),
    ("outcome", |it| {
        let other = if it.outcome == DONE {
            "not_found"
        } else {
            DONE
        };
        other.clone_into(&mut it.outcome);
    }),
    ("before", |it| "{}".clone_into(&mut it.before)),
    ("after", |it| "{}".clone_into(&mut it.after)),
    ("before and after swapped", |it| {
        std::mem::swap(&mut it.before, &mut it.after);
    }),
    ("a character moved to the next field", |it| {
        let moved = it.actor.pop().unwrap();
        it.event_type.insert(0, moved);
    }),
    ("mac", |it| it.mac.mac[31] ^= 1),
    ("pepper", |it| it.mac.pepper += 1),
];

#[test]
fn every_change_of_every_event_breaks_the_chain_there() {
    let peppers = peppers(1);
    let events = chain(&peppers, 6);
    for place in 0..events.len() {
        for (what, edit) in EDITS {
            let mut changed = events.clone();
            edit(&mut changed[place]);
            assert_eq!(
                broken(&peppers, STORE, &changed),
                Some(place),
                "{what} of event {place}"
            );
        }
    }
}

#[test]
fn nothing_can_be_taken_out_but_the_end() {
    let peppers = peppers(1);
    let events = chain(&peppers, 6);
    for place in 0..5 {
        let mut cut = events.clone();
        cut.remove(place);
        assert_eq!(
            broken(&peppers, STORE, &cut),
            Some(place),
            "without event {place}"
        );
    }
    // What lacks its end is a shorter chain: the store keeps place and MAC of the last event apart.
    assert_eq!(broken(&peppers, STORE, &events[..5]), None);
    assert_ne!(end(&events[..5]), end(&events));
}

#[test]
fn taking_out_and_counting_anew_does_not_help() {
    let peppers = peppers(1);
    let mut cut = chain(&peppers, 6);
    cut.remove(2);
    for (event, seq) in cut.iter_mut().zip(1..) {
        event.seq = seq;
    }
    assert_eq!(broken(&peppers, STORE, &cut), Some(2));
}

#[test]
fn nothing_can_be_swapped_repeated_or_put_in() {
    let peppers = peppers(1);
    let events = chain(&peppers, 6);
    for (one, other) in [(0, 1), (1, 4), (4, 5)] {
        let mut swapped = events.clone();
        swapped.swap(one, other);
        assert_eq!(broken(&peppers, STORE, &swapped), Some(one));
        let (a, b) = (swapped[one].seq, swapped[other].seq);
        (swapped[one].seq, swapped[other].seq) = (b, a);
        assert_eq!(broken(&peppers, STORE, &swapped), Some(one));
    }
    let mut repeated = events.clone();
    repeated.insert(3, events[2].clone());
    assert_eq!(broken(&peppers, STORE, &repeated), Some(3));
    // An event that this pepper made, but for another place.
    let mut put_in = events.clone();
    put_in.push(chain(&peppers, 7)[5].clone());
    assert_eq!(broken(&peppers, STORE, &put_in), Some(6));
}

#[test]
fn without_the_pepper_no_chain_can_be_made_or_gone_on_with() {
    let (ours, theirs) = (peppers(1), peppers(2));
    let events = chain(&ours, 3);
    let mut forged = events.clone();
    forged.push(Event::chain(&theirs, STORE, end(&events), new(3)));
    assert_eq!(broken(&ours, STORE, &forged), Some(3));
    assert_eq!(broken(&ours, STORE, &chain(&theirs, 3)), Some(0));
}

#[test]
fn a_chain_belongs_to_its_store() {
    let peppers = peppers(1);
    assert_eq!(broken(&peppers, "store_2", &chain(&peppers, 3)), Some(0));
}

#[test]
fn event_types_have_a_name_each_and_are_found_by_it() {
    let names: HashSet<_> = EventType::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(names.len(), EventType::ALL.len());
    assert!(
        EventType::ALL
            .iter()
            .all(|it| EventType::parse(it.as_str()) == Some(*it))
    );
    for bad in [
        "",
        "api_key",
        "API_KEY.CREATED",
        "api_key.created ",
        "api_key.deleted",
    ] {
        assert_eq!(EventType::parse(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn any_other_order_or_choice_of_events_is_no_chain(picks in proptest::collection::vec(0usize..8, 0..10)) {
        let peppers = peppers(1);
        let events = chain(&peppers, 8);
        let picked: Vec<_> = picks.iter().map(|at| events[*at].clone()).collect();
        let is_start = picks.iter().enumerate().all(|(at, pick)| at == *pick);
        prop_assert_eq!(broken(&peppers, STORE, &picked).is_none(), is_start);
    }
}
