//! What can happen to a key: update, rotate, disable, enable, revoke.

use crate::sandbox::{Sandbox, text};
use serde_json::{Value, json};

#[test]
fn update_changes_what_is_given_and_nothing_else() {
    let here = Sandbox::new();
    let (id, _) = here.key(&[
        "a",
        "--scopes",
        "read",
        "--expires-in",
        "1d",
        "--metadata",
        "k=v",
        "--allow-ip",
        "10.0.0.0/8",
    ]);
    let before = here.json(&["get", &id]);
    let after = here.json(&["update", &id, "--name", "b"]);
    for field in ["scopes", "expires_at", "metadata", "allowed_ips", "limits"] {
        assert_eq!(before[field], after[field], "{field}");
    }
    assert_eq!(after["name"], "b");
    let after = here.json(&[
        "update",
        &id,
        "--scopes",
        "",
        "--expires-in",
        "never",
        "--no-metadata",
        "--any-ip",
    ]);
    assert_eq!(after["scopes"], json!([]));
    assert_eq!(after["expires_at"], json!(null));
    assert_eq!(after["metadata"], json!({}));
    assert_eq!(after["allowed_ips"], json!(null));
    assert_eq!(
        here.json(&["update", &id, "--all-scopes"])["scopes"],
        json!(null)
    );
    let after = here.json(&[
        "update",
        &id,
        "--expires-in",
        "30d",
        "--metadata",
        "a=1",
        "--allow-ip",
        "192.0.2.0/24",
    ]);
    assert!(after["expires_at"].is_i64());
    assert_eq!(after["metadata"], json!({"a": "1"}));
    assert_eq!(after["allowed_ips"], json!(["192.0.2.0/24"]));
}

#[test]
fn a_limit_takes_the_place_of_the_one_of_its_name_and_leaves_the_others() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a", "--rate-limit", "5/1m", "--credits", "10"]);
    here.code(&secret, &["--cost", "4"]);
    let names = |limits: &Value| -> Vec<String> {
        let limits = limits.as_array().unwrap();
        limits.iter().map(|limit| text(&limit["name"])).collect()
    };
    let card = here.ok(&["update", &id, "--credits", "100"]);
    for part in ["5 requests in any 1m, 4 left", "100 credits, 96 left"] {
        assert!(card.contains(part), "{card}");
    }
    let changed = here.json(&["update", &id, "--rate-limit", "7/1m"]);
    assert_eq!(names(&changed["limits"]), ["rate_limit", "credits"]);
    assert_eq!(changed["limits"][0]["capacity"], 7);
    assert_eq!(changed["limits"][1]["capacity"], 100);
    // The option that takes limits away is a separate one; together, the new ones are all there are.
    let changed = here.json(&["update", &id, "--no-limits", "--credits", "3"]);
    assert_eq!(names(&changed["limits"]), ["credits"]);
    let changed = here.json(&["update", &id, "--no-limits"]);
    assert_eq!(changed["limits"], json!([]));
    let changed = here.json(&["update", &id, "--rate-limit", "1/1s"]);
    assert_eq!(names(&changed["limits"]), ["rate_limit"]);
}

#[test]
fn an_update_of_nothing_is_wrong_usage() {
    let here = Sandbox::new();
    let (id, _) = here.key(&["a"]);
    here.run(&["update", &id]).failed(2, "nothing to change");
    here.run(&["update", &id, "--scopes", "a", "--all-scopes"])
        .failed(2, "don't go together");
    here.run(&["update", &id, "--expires-in", "soon"])
        .failed(2, "or never");
}

#[test]
fn rotate_gives_a_new_secret_beside_the_old_one() {
    let here = Sandbox::new();
    let (id, old) = here.key(&["a"]);
    let ran = here.run(&["rotate", &id, "--overlap", "1h"]);
    let new = ran.out.trim();
    assert_eq!(ran.status, 0);
    assert!(
        ran.err.contains("the old secret is good until") && ran.err.contains("--finish"),
        "{ran:?}"
    );
    assert_eq!(
        (here.code(&old, &[]).as_str(), here.code(new, &[]).as_str()),
        ("valid", "valid")
    );
    here.run(&["rotate", &id]).failed(4, "rotation");
    let card = here.ok(&["get", &id]);
    assert!(
        card.contains("VERSION") && card.contains("overlapping"),
        "{card}"
    );
    here.ok(&["rotate", &id, "--finish"]);
    assert_eq!(
        (here.code(&old, &[]).as_str(), here.code(new, &[]).as_str()),
        ("revoked", "valid")
    );
    here.run(&["rotate", &id, "--cancel"]).failed(4, "rotation");
}

#[test]
fn a_rotation_can_be_taken_back() {
    let here = Sandbox::new();
    let (id, old) = here.key(&["a"]);
    let made = here.json(&["rotate", &id]);
    let new = text(&made["value"]);
    assert_eq!(made["id"], json!(id));
    here.ok(&["rotate", &id, "--cancel"]);
    assert_eq!(
        (here.code(&old, &[]).as_str(), here.code(&new, &[]).as_str()),
        ("valid", "revoked")
    );
}

#[test]
fn an_overlap_of_nothing_kills_the_old_secret_at_once() {
    let here = Sandbox::new();
    let (id, old) = here.key(&["a"]);
    let ran = here.run(&["rotate", &id, "--overlap", "0"]);
    assert!(ran.err.contains("the old secret is dead"), "{ran:?}");
    assert_eq!(here.code(&old, &[]), "revoked");
    here.run(&["rotate", &id, "--overlap", "1h", "--finish"])
        .failed(2, "don't go together");
    here.run(&["rotate", &id, "--overlap", "400d"])
        .failed(2, "overlap");
}

#[test]
fn disable_and_enable_and_each_twice() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a"]);
    for _ in 0..2 {
        assert_eq!(here.json(&["disable", &id])["status"], "disabled");
    }
    assert_eq!(here.code(&secret, &[]), "disabled");
    here.run(&["rotate", &id]).failed(4, "disabled");
    for _ in 0..2 {
        assert_eq!(here.json(&["enable", &id])["status"], "active");
    }
    assert_eq!(here.code(&secret, &[]), "valid");
}

#[test]
fn revoke_is_final_and_asks_where_it_can() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a"]);
    let ran = here.run(&["revoke", &id, "--output", "json"]);
    assert_eq!(
        (ran.status, &ran.error()["code"]),
        (2, &json!("confirmation_required"))
    );
    assert_eq!(here.code(&secret, &[]), "valid", "nothing was done");
    let dead = here.json(&["revoke", &id, "--yes", "--reason", "key_compromise"]);
    assert_eq!(
        (&dead["status"], &dead["revocation_reason"]),
        (&json!("revoked"), &json!("key_compromise"))
    );
    assert_eq!(here.code(&secret, &[]), "compromised");
    // Nothing is left to be asked about.
    let ran = here.run(&["revoke", &id]);
    assert_eq!(ran.status, 0);
    assert!(
        ran.err.contains("its reason stays key_compromise"),
        "{ran:?}"
    );
    for words in [
        &["enable"][..],
        &["disable"],
        &["rotate"],
        &["update", "--name", "x"],
    ] {
        here.run(&[words, &[&id]].concat()).failed(4, "revoked");
    }
}

#[test]
fn all_keys_of_an_owner_go_at_once() {
    let here = Sandbox::new();
    let (_, one) = here.key(&["a", "--owner", "cust_42"]);
    here.key(&["b", "--owner", "cust_42"]);
    let (_, other) = here.key(&["c", "--owner", "cust_43"]);
    here.run(&["revoke", "--owner", "cust_42"])
        .failed(2, "this would revoke 2 keys of cust_42");
    assert_eq!(
        here.ok(&["revoke", "--owner", "cust_42", "--yes"]),
        "revoked 2 keys\n"
    );
    assert_eq!(
        (
            here.code(&one, &[]).as_str(),
            here.code(&other, &[]).as_str()
        ),
        ("revoked", "valid")
    );
    let again = here.json(&["revoke", "--owner", "cust_42"]);
    assert_eq!(
        again,
        json!({"object": "revocation", "owner": "cust_42", "revoked": 0})
    );
    for nobody in [
        "cust_44",
        "user_Q3nVbT7xYk2LmWp9RsZd4HcG",
        "svc_M5kPwX2zRt8NbVq4LcYd7HsJ",
    ] {
        here.run(&["revoke", "--owner", nobody, "--yes"])
            .failed(3, "has ever had that owner");
    }
    let ada = text(&here.json(&["user", "create", "Ada"])["id"]);
    assert_eq!(
        here.ok(&["revoke", "--owner", &ada, "--yes"]),
        "revoked 0 keys\n"
    );
    here.run(&["revoke", "--yes"]).failed(2, "missing");
    here.run(&[
        "revoke",
        "key_8sWmKx2QpLr7vTzYd4NcBh3G",
        "--owner",
        "x",
        "--yes",
    ])
    .failed(2, "don't go together");
}
