//! Which store is meant, who makes it, what is told of it.

use crate::sandbox::Sandbox;
use serde_json::Value;

const READING: &[&[&str]] = &[
    &["list"],
    &["get", "key_8sWmKx2QpLr7vTzYd4NcBh3G"],
    &["verify"],
    &["identify"],
    &["export"],
    &["audit", "list"],
    &["audit", "verify"],
    &["audit", "export"],
    &["project", "list"],
    &["user", "list"],
    &["service-account", "list"],
    &["admin-key", "list"],
    &["update", "key_8sWmKx2QpLr7vTzYd4NcBh3G", "--name", "x"],
    &["rotate", "key_8sWmKx2QpLr7vTzYd4NcBh3G"],
    &["disable", "key_8sWmKx2QpLr7vTzYd4NcBh3G"],
    &["enable", "key_8sWmKx2QpLr7vTzYd4NcBh3G"],
    &["revoke", "key_8sWmKx2QpLr7vTzYd4NcBh3G", "--yes"],
    &["project", "archive", "x", "--yes"],
    &["upgrade"],
];

#[test]
fn what_only_reads_or_changes_makes_no_store() {
    let here = Sandbox::new();
    for words in READING {
        here.run(words).failed(5, "there is no store at ");
    }
    here.run(&["list"])
        .failed(5, "name another with --store or KEYWRIGHT_STORE");
    assert_eq!(here.folder().read_dir().unwrap().count(), 0);
}

#[test]
fn what_adds_makes_the_store_and_says_so_once() {
    for words in [
        &["create", "a"][..],
        &["project", "create", "p"],
        &["user", "create", "u"],
        &["service-account", "create", "s"],
        &["admin-key", "create", "a"],
        &["quickstart"],
        &["import", "-"],
    ] {
        let here = Sandbox::new();
        let ran = here.run(words);
        assert_eq!(ran.status, 0, "{ran:?}");
        assert!(
            ran.err.contains(
                "made the store ./keywright.db\nits pepper lies in ./keywright.db.pepper"
            ),
            "{ran:?}"
        );
        assert!(!here.run(&["create", "b"]).err.contains("made the store"));
    }
}

#[test]
fn an_option_wins_over_the_environment_and_that_over_the_default() {
    let here = Sandbox::new().with("KEYWRIGHT_STORE", "env.db");
    here.ok(&["create", "a"]);
    here.ok(&["--store", "sqlite:option.db", "create", "a"]);
    here.ok(&["create", "a", "--store", "option.db"]);
    assert!(here.file("env.db").exists() && here.file("option.db").exists());
    assert!(!here.file("keywright.db").exists());
    assert_eq!(
        here.json(&["list", "--store", "option.db"])["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let here = Sandbox::new();
    let ran = here.run(&["--store", "missing/keys.db", "create", "a"]);
    ran.failed(5, "the folder of missing/keys.db is not there");
}

#[test]
fn a_store_in_memory_is_gone_with_the_command() {
    let here = Sandbox::new();
    here.ok(&["--store", "memory:", "create", "a"]);
    assert_eq!(here.ok(&["--store", "memory:", "list"]), "");
    assert_eq!(here.folder().read_dir().unwrap().count(), 0);
}

#[test]
fn a_pepper_can_come_from_elsewhere() {
    let digits = "0123456789abcdef".repeat(4);
    let here = Sandbox::new().with("KEYWRIGHT_PEPPER", &digits);
    let ran = here.run(&["create", "a"]);
    assert!(
        ran.err.contains("its pepper comes from KEYWRIGHT_PEPPER"),
        "{ran:?}"
    );
    assert!(!here.file("keywright.db.pepper").exists());
    let there = Sandbox::new().with("KEYWRIGHT_PEPPER_FILE", "secret.pepper");
    there
        .run(&["create", "a"])
        .failed(5, "KEYWRIGHT_PEPPER_FILE names");
    there.write("secret.pepper", &digits);
    let ran = there.run(&["create", "a"]);
    assert!(
        ran.err.contains("its pepper lies in secret.pepper"),
        "{ran:?}"
    );
}

#[test]
fn a_pepper_that_was_given_as_the_name_of_its_file_is_not_repeated() {
    let digits = "0123456789abcdef".repeat(4);
    let mixed_up = Sandbox::new().with("KEYWRIGHT_PEPPER_FILE", &digits);
    let ran = mixed_up.run(&["create", "a"]);
    assert!(!ran.err.contains(&digits) && !ran.out.contains(&digits));
    ran.failed(5, "KEYWRIGHT_PEPPER_FILE names");
}

#[test]
fn the_actor_is_whoever_is_logged_in() {
    let here = Sandbox::new();
    here.ok(&["create", "a"]);
    let events = here.json(&["audit", "list", "--type", "api_key.created"]);
    assert_eq!(events["data"][0]["actor"], "cli:alice");
}

#[test]
fn a_file_that_is_something_else_is_said_to_be() {
    let here = Sandbox::new();
    here.write("README.md", "# Keys");
    for words in [&["list"][..], &["create", "a"]] {
        here.run(&[words, &["--store", "README.md"]].concat())
            .failed(5, "README.md is no keywright database");
    }
    assert_eq!(std::fs::read(here.file("README.md")).unwrap(), b"# Keys");
    assert!(!here.file("README.md.pepper").exists());
}

#[test]
fn the_log_is_told_to_whoever_asks() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a"]);
    let quiet = here.feed(&["verify"], b"nonsense");
    assert_eq!(quiet.err, "");
    let told = here.feed(&["verify", "--verbose"], b"nonsense");
    assert!(
        told.err.contains("debug: a key was refused code=malformed"),
        "{told:?}"
    );
    assert!(
        !here
            .feed(&["-v", "verify"], secret.as_bytes())
            .err
            .contains(&secret[..60])
    );
    let told = here.feed(&["identify", "--verbose", "--output", "json"], b"nonsense");
    let lines: Vec<Value> = told
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (last, logged) = lines.split_last().unwrap();
    assert_eq!(last["error"]["code"], "not_found");
    assert!(
        logged.iter().all(|line| line["log"]["level"].is_string()),
        "{told:?}"
    );
    let here = Sandbox::new().with("KEYWRIGHT_LOG", "loud");
    here.run(&["list"]).failed(2, "KEYWRIGHT_LOG");
}
