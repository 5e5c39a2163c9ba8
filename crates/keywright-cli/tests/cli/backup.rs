//! `backup`, `restore` and `upgrade`.

use crate::sandbox::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::new().with(
        "KEYWRIGHT_BACKUP_PASSPHRASE",
        "seven words that nobody else would say",
    )
}

#[test]
fn a_restored_store_is_as_it_was_and_nothing_revoked_lives_again() {
    let here = sandbox();
    let (kept, alive) = here.key(&["kept"]);
    let (dead, killed) = here.key(&["killed"]);
    assert!(
        here.ok(&["backup", "monday.age"])
            .starts_with("saved 2 keys")
    );
    here.ok(&["revoke", &dead, "--yes"]);
    let ran = here.run(&["restore", "monday.age"]);
    ran.failed(2, "replace the store ./keywright.db");
    let ran = here.run(&["restore", "monday.age", "--yes"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    assert!(
        ran.out
            .starts_with("restored 2 keys to ./keywright.db as of "),
        "{ran:?}"
    );
    assert!(ran.err.contains("and so again: 1 key"), "{ran:?}");
    assert_eq!(
        (
            here.code(&alive, &[]).as_str(),
            here.code(&killed, &[]).as_str()
        ),
        ("valid", "revoked")
    );
    assert_eq!(here.json(&["get", &kept])["name"], "kept");
    let events = here.json(&["audit", "list", "--type", "store.restored"]);
    assert_eq!(events["data"][0]["actor"], "cli:alice");
}

#[test]
fn a_backup_can_be_given_back_elsewhere() {
    let here = sandbox();
    let (_, secret) = here.key(&["a"]);
    let told = here.json(&["backup", "monday.age"]);
    assert_eq!(
        (&told["object"], &told["keys"]),
        (&"backup".into(), &1.into())
    );
    let told = here.json(&["restore", "monday.age", "--store", "elsewhere.db"]);
    assert_eq!(
        (&told["object"], &told["keys"]),
        (&"restore".into(), &1.into())
    );
    assert_eq!(here.code(&secret, &["--store", "elsewhere.db"]), "valid");
    let file = std::fs::read(here.file("monday.age")).unwrap();
    assert!(file.starts_with(b"age-encryption.org/v1"));
}

#[test]
fn what_is_there_is_not_written_over() {
    let here = sandbox();
    here.key(&["a"]);
    here.write("monday.age", "mine");
    here.run(&["backup", "monday.age"]).failed(4, "error: ");
    assert_eq!(std::fs::read(here.file("monday.age")).unwrap(), b"mine");
    here.run(&["restore", "monday.age", "--yes"])
        .failed(2, "error: ");
    here.run(&["restore", "missing.age"])
        .failed(2, "missing.age can't be opened: no such file");
    assert_eq!(here.json(&["list"])["data"].as_array().unwrap().len(), 1);
}

#[test]
fn another_passphrase_opens_nothing() {
    let here = sandbox();
    here.key(&["a"]);
    here.ok(&["backup", "monday.age"]);
    let mut command = here.command(crate::sandbox::PROGRAM);
    command.env("KEYWRIGHT_BACKUP_PASSPHRASE", "hunter2");
    command.args(["restore", "monday.age", "--store", "x.db"]);
    let ran = crate::sandbox::Ran::of(&mut command, b"");
    ran.failed(2, "passphrase");
    assert!(!ran.err.contains("hunter2"), "{ran:?}");
    assert!(!here.file("x.db").exists());
}

#[test]
fn without_a_passphrase_and_a_terminal_there_is_no_backup() {
    let here = Sandbox::new();
    here.key(&["a"]);
    here.run(&["backup", "monday.age"])
        .failed(2, "KEYWRIGHT_BACKUP_PASSPHRASE");
    here.write("monday.age", "");
    here.run(&["restore", "monday.age", "--store", "x.db"])
        .failed(2, "KEYWRIGHT_BACKUP_PASSPHRASE");
    let here = sandbox();
    here.run(&["backup", "monday.age"])
        .failed(5, "there is no store");
    here.run(&["--store", "memory:", "backup", "monday.age"])
        .failed(5, "memory");
}

#[test]
fn a_store_that_is_up_to_date_stays_as_it_is() {
    let here = Sandbox::new();
    here.key(&["a"]);
    assert!(here.ok(&["upgrade"]).contains("nothing to do"));
    assert_eq!(here.json(&["upgrade"])["changed"], false);
    here.run(&["upgrade", "--store", "missing.db"])
        .failed(5, "there is no store");
}
