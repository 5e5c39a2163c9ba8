//! `audit`: what happened, and whether the record of it holds.

use crate::sandbox::Sandbox;
use serde_json::Value;

fn lived_in() -> (Sandbox, String) {
    let here = Sandbox::new();
    let (id, _) = here.key(&["a"]);
    here.key(&["b"]);
    here.ok(&["disable", &id]);
    here.run(&["rotate", &id]).failed(4, "disabled");
    (here, id)
}

#[test]
fn events_are_listed_oldest_first_with_refusals() {
    let (here, id) = lived_in();
    let list = here.json(&["audit", "list", "--object", &id]);
    let told: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            (
                event["type"].as_str().unwrap(),
                event["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("api_key.created", "done"),
            ("api_key.disabled", "done"),
            ("api_key.rotated", "invalid_state")
        ]
    );
    let table = here.ok(&[
        "audit",
        "list",
        "--type",
        "api_key.disabled,api_key.created",
        "--actor",
        "cli:alice",
        "--since",
        "1h",
    ]);
    assert_eq!(table.lines().count(), 4, "{table}");
    assert_eq!(
        here.ok(&["audit", "list", "--since", "9000-01-01T00:00:00Z"]),
        ""
    );
    here.run(&["audit", "list", "--type", "api_key.cooked"])
        .failed(2, "type of event");
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
    let (here, _) = lived_in();
    let ran = here.run(&["audit", "list", "--limit", "2"]);
    assert!(
        ran.err.contains("audit list --limit 2 --after 2"),
        "{ran:?}"
    );
    let page = here.json(&["audit", "list", "--limit", "2", "--after", "2"]);
    assert_eq!(page["data"][0]["seq"], 3);
}

#[test]
fn the_chain_holds_until_someone_meddles() {
    let (here, _) = lived_in();
    let told = here.ok(&["audit", "verify"]);
    assert!(told.ends_with(" events, chain intact\n"), "{told}");
    assert_eq!(here.json(&["audit", "verify"])["intact"], true);
    // An event is changed behind the program's back: one letter of a name in the raw file.
    let mut file = std::fs::read(here.file("keywright.db")).unwrap();
    let wanted = b"cli:alice";
    let at = file
        .windows(wanted.len())
        .position(|part| part == wanted)
        .expect("the actor is in the file");
    file[at + 4] = b'A';
    std::fs::write(here.file("keywright.db"), file).unwrap();
    let ran = here.run(&["audit", "verify"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.out.starts_with("broken: event "), "{ran:?}");
    let ran = here.run(&["audit", "verify", "--output", "json"]);
    assert_eq!(
        (ran.status, &ran.json()["intact"]),
        (1, &Value::Bool(false))
    );
    assert!(ran.json()["broken"]["seq"].is_u64());
}

#[test]
fn an_export_is_one_event_to_a_line() {
    let (here, id) = lived_in();
    let lines = here.ok(&["audit", "export"]);
    let events: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(events.len() >= 4);
    assert!(
        events
            .iter()
            .zip(1..)
            .all(|(event, seq)| event["seq"] == seq && event["object"] == "audit_event")
    );
    assert_eq!(
        here.ok(&["audit", "export", "--object", &id])
            .lines()
            .count(),
        3
    );
}
