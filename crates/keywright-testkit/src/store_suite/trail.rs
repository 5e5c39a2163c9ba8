//! The audit trail as the store keeps it.

use crate::{TestStore, wanted};
use keywright_core::audit::{Actor, Event, EventType, NewEvent};
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::store::EventQuery;
use keywright_core::time::Timestamp;
use serde_json::json;
use std::time::Duration;

fn events(store: &TestStore, query: EventQuery) -> Vec<Event> {
    let query = EventQuery {
        limit: if query.limit == 0 { 1000 } else { query.limit },
        ..query
    };
    store.read(move |rows| rows.events(&query)).unwrap()
}

/// Checks the whole chain and that it ends where the store says.
pub fn check(store: &TestStore) -> Vec<Event> {
    let all = events(store, EventQuery::default());
    let id = store.read(|rows| Ok(rows.store_id().to_owned())).unwrap();
    let mut previous = None;
    for event in &all {
        assert!(
            event.follows(&store.peppers, &id, previous),
            "event {}",
            event.seq
        );
        previous = Some((event.seq, &event.mac));
    }
    let last = store.read(|rows| rows.last_event()).unwrap();
    assert_eq!(last.as_ref().map(|(seq, mac)| (*seq, mac)), previous);
    all
}

pub fn every_change_is_chained_and_the_end_is_known(store: &TestStore) {
    let before = check(store).len();
    let id = store.issue(&wanted("key")).id();
    store.change(id, Command::Disable).unwrap();
    store.change(id, Command::Enable).unwrap();
    store
        .change(id, Command::Revoke(RevocationReason::KeyCompromise))
        .unwrap();
    let all = check(store);
    let types: Vec<&str> = all[before..]
        .iter()
        .map(|event| event.event_type.as_str())
        .collect();
    assert_eq!(
        types,
        [
            "api_key.created",
            "api_key.disabled",
            "api_key.enabled",
            "api_key.revoked"
        ]
    );
    assert!(
        all.iter()
            .enumerate()
            .all(|(place, event)| event.seq == place as u64 + 1)
    );
    // Doing it again changes nothing, and is no event.
    store
        .change(id, Command::Revoke(RevocationReason::Unspecified))
        .unwrap();
    assert_eq!(check(store).len(), all.len());
}

pub fn events_are_filtered_and_paged(store: &TestStore) {
    let a = store.issue(&wanted("a"));
    store.clock.advance(Duration::from_secs(100));
    let b = store.issue(&wanted("b"));
    let address = "2001:db8::1".parse().ok();
    let actor = Actor {
        name: "cli:alice".to_owned(),
        address,
    };
    let (now, project) = (store.now(), a.it.key.project);
    let elsewhere = super::lists::project(store, "other").id;
    let event = NewEvent {
        time: now,
        actor,
        event_type: EventType::KeyUpdated,
        object_id: b.id().to_string(),
        project: Some(elsewhere),
        refused: None,
        before: json!({ "name": "b" }),
        after: json!({ "name": "\u{1f511}" }),
    };
    let written = store
        .write(move |tx| tx.append_event(event.clone()))
        .unwrap();
    let all = check(store);
    assert_eq!(all.last(), Some(&written));
    assert_eq!(written.address.as_deref(), Some("2001:db8::1"));

    let count = |query: EventQuery| events(store, query).len();
    let of = |id: &dyn std::fmt::Display| EventQuery {
        object_ids: vec![id.to_string()],
        ..EventQuery::default()
    };
    assert_eq!(
        (count(of(&a.id())), count(of(&b.id())), count(of(&"x"))),
        (1, 2, 0)
    );
    let by = |name: &str| EventQuery {
        actors: vec![name.to_owned()],
        ..EventQuery::default()
    };
    assert_eq!((count(by("cli:alice")), count(by("cli:bob"))), (1, 0));
    let types = vec!["api_key.created".to_owned(), "api_key.updated".to_owned()];
    assert_eq!(
        count(EventQuery {
            event_types: types,
            ..EventQuery::default()
        }),
        3
    );
    let since = |at: Option<Timestamp>| EventQuery {
        since: at,
        ..EventQuery::default()
    };
    assert_eq!(count(since(Some(now))), 3);
    assert_eq!(count(since(now.after(Duration::from_secs(1)))), 0);
    let within = |id| EventQuery {
        projects: vec![id],
        ..EventQuery::default()
    };
    // That the project was made is an event in it.
    assert_eq!(count(within(elsewhere)), 2);
    assert_eq!(count(within(project)), all.len() - 2);
    let page = events(
        store,
        EventQuery {
            after: 1,
            limit: 2,
            ..EventQuery::default()
        },
    );
    assert_eq!(page, all[1..3]);
    let until = |at: Option<Timestamp>| EventQuery {
        until: at,
        ..EventQuery::default()
    };
    assert_eq!(count(until(Some(now))), all.len());
    assert_eq!(count(until(Some(a.it.key.created_at))), all.len() - 3);
    let both = EventQuery {
        object_ids: vec![a.id().to_string(), b.id().to_string()],
        ..EventQuery::default()
    };
    assert_eq!(count(both), 3);
    assert_eq!(
        count(EventQuery {
            after: u64::MAX,
            ..EventQuery::default()
        }),
        0
    );
}

pub fn events_are_listed_newest_first_when_asked_for(store: &TestStore) {
    for name in ["a", "b", "c"] {
        store.issue(&wanted(name));
    }
    let mut newest = check(store);
    newest.reverse();
    let page = |before: Option<u64>, after: u64| {
        let query = EventQuery {
            newest_first: true,
            before,
            after,
            limit: 2,
            ..EventQuery::default()
        };
        events(store, query)
    };
    assert_eq!(page(None, 0), newest[..2]);
    assert_eq!(page(Some(newest[1].seq), 0), newest[2..4]);
    assert_eq!(page(None, newest[1].seq), newest[..1]);
    assert!(page(Some(1), 0).is_empty());
}

pub fn a_refusal_is_an_event_too(store: &TestStore) {
    let id = store.issue(&wanted("key")).id();
    store
        .change(id, Command::Revoke(RevocationReason::Superseded))
        .unwrap();
    assert!(store.change(id, Command::Enable).is_err());
    let all = check(store);
    let last = all.last().unwrap();
    assert_eq!(
        (last.event_type.as_str(), last.outcome.as_str()),
        ("api_key.enabled", "invalid_state")
    );
    let done = EventQuery {
        done_only: true,
        ..EventQuery::default()
    };
    assert_eq!(events(store, done), all[..all.len() - 1]);
}
