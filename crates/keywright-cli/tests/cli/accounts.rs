//! Projects, service accounts, users, admin keys.

use crate::sandbox::{Sandbox, text};
use serde_json::json;

#[test]
fn a_projects_lifetimes_bound_its_keys() {
    let here = Sandbox::new();
    let project = here.json(&[
        "project",
        "create",
        "trials",
        "--default-lifetime",
        "14d",
        "--max-lifetime",
        "30d",
    ]);
    assert_eq!(
        (&project["object"], &project["default_lifetime_seconds"]),
        (&json!("project"), &json!(1_209_600))
    );
    let key = here.json(&["create", "a", "--project", "trials"]);
    assert_eq!(
        key["expires_at"].as_i64().unwrap() - key["created_at"].as_i64().unwrap(),
        1_209_600
    );
    here.run(&["create", "a", "--project", "trials", "--expires-in", "31d"])
        .failed(2, "");
    let table = here.ok(&["project", "list"]);
    assert!(
        table.contains("trials") && table.contains("14d") && table.contains("for ever"),
        "{table}"
    );
}

#[test]
fn archiving_a_project_kills_its_keys_and_asks_first() {
    let here = Sandbox::new();
    let project = text(&here.json(&["project", "create", "trials"])["id"]);
    let (_, secret) = here.key(&["a", "--project", "trials"]);
    here.run(&["project", "archive", "trials"])
        .failed(2, "archive the project trials and revoke all its keys");
    assert_eq!(
        here.json(&["project", "archive", "trials", "--yes"])["status"],
        "archived"
    );
    assert_eq!(here.code(&secret, &[]), "revoked");
    // Archiving it again changes nothing, by its name as by its id.
    for named in ["trials", &project] {
        let again = here.json(&["project", "archive", named, "--yes"]);
        assert_eq!(
            (&again["id"], &again["status"]),
            (&json!(project), &json!("archived"))
        );
    }
    here.run(&["create", "a", "--project", &project])
        .failed(4, "archived");
    assert!(!here.ok(&["project", "list"]).contains("trials"));
    assert!(here.ok(&["project", "list", "--all"]).contains("trials"));
    here.run(&["project", "archive", "default", "--yes"])
        .failed(4, "default");
    here.run(&["project", "archive", "nowhere"])
        .failed(3, "project");
}

#[test]
fn deleting_a_user_kills_their_keys_and_asks_first() {
    let here = Sandbox::new();
    let id = text(&here.json(&["user", "create", "Ada"])["id"]);
    let (_, secret) = here.key(&["laptop", "--owner", &id]);
    assert!(here.ok(&["user", "list"]).contains("Ada"));
    here.run(&["user", "delete", &id])
        .failed(2, "delete the user Ada");
    let gone = here.json(&["user", "delete", &id, "--yes"]);
    assert_eq!(
        gone,
        json!({"object": "user.deleted", "id": id, "deleted": true, "revoked_keys": 1})
    );
    assert_eq!(here.code(&secret, &[]), "revoked");
    here.run(&["user", "delete", "user_Q3nVbT7xYk2LmWp9RsZd4HcG"])
        .failed(3, "");
}

#[test]
fn service_accounts_are_of_a_project() {
    let here = Sandbox::new();
    here.ok(&["project", "create", "payments"]);
    let account = here.json(&[
        "service-account",
        "create",
        "deployer",
        "--project",
        "payments",
    ]);
    let id = text(&account["id"]);
    let (_, secret) = here.key(&["a", "--project", "payments", "--owner", &id]);
    assert_eq!(
        here.json(&["service-account", "list", "--project", "payments"])["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    here.run(&["service-account", "delete", &id])
        .failed(2, "delete the service account deployer");
    assert!(
        here.ok(&["service-account", "delete", &id, "--yes"])
            .ends_with("1 key was revoked with it\n")
    );
    assert_eq!(here.code(&secret, &[]), "revoked");
}

#[test]
fn an_admin_key_is_no_data_key() {
    let here = Sandbox::new();
    let made = here.run(&["admin-key", "create", "console", "--expires-in", "30d"]);
    let secret = made.out.trim();
    assert!(secret.starts_with("kw_admin_kw1"), "{made:?}");
    assert_eq!(here.code(secret, &[]), "wrong_class");
    let list = here.json(&["admin-key", "list"]);
    let id = text(&list["data"][0]["id"]);
    here.run(&["get", &id]).failed(3, "no such key");
    for words in [&["revoke", &id, "--yes"][..], &["revoke", &id]] {
        here.run(words)
            .failed(3, &format!("keywright admin-key revoke {id}"));
    }
    here.run(&["admin-key", "revoke", &id])
        .failed(2, "revoke this key");
    assert_eq!(
        here.json(&["admin-key", "revoke", &id, "--yes"])["status"],
        "revoked"
    );
    assert_eq!(here.json(&["admin-key", "list"])["data"], json!([]));
    assert_eq!(
        here.json(&["admin-key", "list", "--all"])["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let made = here.json(&["admin-key", "create", "b"]);
    assert!(text(&made["value"]).starts_with("kw_admin_kw1"));
}
