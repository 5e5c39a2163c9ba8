//! `--store postgres://…`: the same commands on a store for several machines.

use crate::sandbox::Sandbox;
use keywright_testkit::postgres::PostgresServer;

const PEPPER: &str = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a";
/// What must not be seen anywhere.
const PASSWORD: &str = "hunter2";

/// Two machines with the same database and pepper.
fn machines() -> [Sandbox; 2] {
    let server = PostgresServer::shared();
    let url = server.url(&server.new_schema());
    let url = url.replace("keywright@", &format!("keywright:{PASSWORD}@"));
    [0, 1].map(|_| {
        Sandbox::new()
            .with("KEYWRIGHT_STORE", &url)
            .with("KEYWRIGHT_PEPPER", PEPPER)
            .with("KEYWRIGHT_REVOCATIONS", "revocations")
    })
}

#[test]
fn what_one_machine_creates_the_other_verifies_until_it_is_revoked() {
    let [one, other] = machines();
    let (id, secret) = one.key(&["billing", "--scopes", "read"]);
    assert_eq!(other.code(&secret, &["--scopes", "read"]), "valid");
    assert_eq!(
        other.code(&secret, &["--scopes", "write"]),
        "insufficient_scope"
    );
    assert!(other.ok(&["list"]).contains("billing"));
    other.ok(&["revoke", &id, "--yes"]);
    assert_eq!(one.code(&secret, &["--scopes", "read"]), "revoked");
    assert!(
        one.ok(&["audit", "verify"]).contains('3') || one.run(&["audit", "verify"]).status == 0
    );
    // Each keeps what it has seen.
    assert!(other.file("revocations").metadata().unwrap().len() > 66);
    assert!(!one.file("keywright.db").exists());
}

#[test]
fn the_password_is_shown_nowhere() {
    let [one, _] = machines();
    let url = format!("postgres://{PASSWORD}:{PASSWORD}@127.0.0.1:1/{PASSWORD}?sslmode=disable");
    for words in [
        &["quickstart"][..],
        &["--output", "json", "quickstart"],
        &["create", "a", "--verbose"],
        &["--store", &url, "quickstart"],
        &["--store", &url, "list", "--verbose"],
        &["--store", &url, "--output", "json", "list"],
        &["--store", "postgres://hunter2:a@b@hunter2/c", "list"],
        &["--store", "postgres://hunter2/c?hunter2=1", "list"],
    ] {
        let ran = one.run(words);
        assert!(!format!("{ran:?}").contains(PASSWORD), "{words:?}: {ran:?}");
    }
    let ran = one.run(&["--store", &url, "list"]);
    ran.failed(5, "can't be reached");
}

#[test]
fn commands_to_go_on_with_name_a_store_that_was_named() {
    let server = PostgresServer::shared();
    let url = server.url(&server.new_schema());
    let here = Sandbox::new().with("KEYWRIGHT_PEPPER", PEPPER);
    let told = here.ok(&["--store", &url, "quickstart"]);
    assert!(told.contains("--store \"$KEYWRIGHT_STORE\""), "{told}");
}

#[test]
fn backup_restore_and_upgrade_say_what_to_use_instead() {
    let [one, _] = machines();
    one.write("backup.age", "x");
    one.ok(&["create", "a"]);
    for words in [
        &["backup", "there.age"][..],
        &["restore", "backup.age", "--yes"],
        &["upgrade"],
    ] {
        let ran = one.run(words);
        assert_eq!(ran.status, 5, "{ran:?}");
        assert!(
            ran.err.contains("SQLite") && ran.err.contains("pg_dump"),
            "{ran:?}"
        );
    }
}

#[test]
fn a_store_that_is_not_there_is_made_by_creating_only() {
    let [one, other] = machines();
    other.run(&["list"]).failed(5, "there is no store");
    one.ok(&["create", "a"]);
    assert!(other.ok(&["list"]).contains('a'));
    let without = Sandbox::new();
    let url = PostgresServer::shared().url("nothing");
    without
        .run(&["--store", &url, "create", "a"])
        .failed(5, "pepper");
}
