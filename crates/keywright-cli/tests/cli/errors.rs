//! Every kind of failure: its status, its sentence, its form for programs.

use crate::sandbox::Sandbox;
use serde_json::json;

#[test]
fn each_kind_has_its_status() {
    let here = Sandbox::new();
    let (id, _) = here.key(&["a"]);
    here.ok(&["revoke", &id, "--yes"]);
    for (words, status, code) in [
        (&["no-such-command"][..], 2, "invalid_argument"),
        (
            &["create", "a", "--scopes", "NOT A SCOPE"],
            2,
            "invalid_argument",
        ),
        (&["create", ""], 2, "invalid_argument"),
        (&["get", "key_8sWmKx2QpLr7vTzYd4NcBh3G"], 3, "not_found"),
        (&["create", "a", "--project", "nowhere"], 3, "not_found"),
        (
            &["create", "a", "--owner", "user_Q3nVbT7xYk2LmWp9RsZd4HcG"],
            3,
            "not_found",
        ),
        (&["enable", &id], 4, "invalid_state"),
        (&["project", "create", "default"], 4, "already_exists"),
        (&["list", "--store", "https://x"], 5, "unsupported"),
        // A database has no place for its pepper.
        (&["list", "--store", "postgres://x"], 5, "wrong_pepper"),
        (&["upgrade", "--store", "postgres://x"], 5, "unsupported"),
        (
            &["list", "--store", "postgres://x?y"],
            2,
            "invalid_argument",
        ),
        (&["list", "--store", "missing.db"], 5, "unavailable"),
        (&["list", "--store", "."], 5, "unavailable"),
    ] {
        let ran = here.run(&[&["--output", "json"], words].concat());
        assert_eq!(
            (ran.status, ran.error()["code"].as_str()),
            (status, Some(code)),
            "{words:?}: {ran:?}"
        );
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        assert!(ran.error().get("hint").is_some());
        let ran = here.run(words);
        ran.failed(status, "error: ");
    }
}

#[test]
fn a_failure_is_a_sentence_and_what_to_do_next() {
    let here = Sandbox::new();
    here.key(&["a"]);
    let ran = here.run(&["get", "key_8sWmKx2QpLr7vTzYd4NcBh3G"]);
    assert_eq!(
        ran.err,
        "error: there is no such key\n hint: list the keys to see what there is\n"
    );
}

#[test]
fn wrong_usage_has_the_same_form_and_says_what_is_meant() {
    let here = Sandbox::new();
    here.run(&["lst"]).failed(
        2,
        "error: there is no command lst\n hint: did you mean list?",
    );
    let ran = here.run(&["--output=json", "list", "--onwer", "x"]);
    assert_eq!(ran.status, 2);
    assert_eq!(
        ran.error(),
        json!({"code": "invalid_argument", "message": "there is no option --onwer here", "hint": "did you mean --owner?"})
    );
    let here = Sandbox::new().with("KEYWRIGHT_OUTPUT", "json");
    assert_eq!(here.run(&["lst"]).error()["code"], "invalid_argument");
}

#[test]
fn no_command_at_all_shows_the_help() {
    let here = Sandbox::new();
    here.run(&[]).failed(2, "Commands:");
    here.run(&["audit"]).failed(2, "Commands:");
    assert_eq!(
        here.run(&["--output", "json"]).error()["message"],
        "a command is missing"
    );
    assert!(here.ok(&["--help"]).contains("Examples:"));
    assert!(here.ok(&["help", "create"]).contains("Examples:"));
    assert!(here.ok(&["--version"]).starts_with("keywright "));
}

#[cfg(unix)]
#[test]
fn what_is_not_utf_8_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let here = Sandbox::new();
    let mut command = here.command(crate::sandbox::PROGRAM);
    command.arg("create").arg(OsStr::from_bytes(b"\xff"));
    let ran = crate::sandbox::Ran::of(&mut command, b"");
    ran.failed(2, "UTF-8");
    let mut command = here.command(crate::sandbox::PROGRAM);
    command.arg("verify").arg(OsStr::from_bytes(b"\xff"));
    crate::sandbox::Ran::of(&mut command, b"").failed(2, "pipe it");
}

#[test]
fn odd_values_never_end_in_a_crash() {
    let here = Sandbox::new();
    let (id, _) = here.key(&["a"]);
    let long = "x".repeat(100_000);
    for value in [
        "",
        " ",
        "\n",
        "\u{202e}",
        "-",
        "--",
        "key_",
        "0",
        "9223372036854775808",
        "\u{1f511}",
        &long,
    ] {
        for words in [
            &["create"][..],
            &["create", "a", "--owner"],
            &["create", "a", "--project"],
            &["create", "a", "--scopes"],
            &["create", "a", "--expires-in"],
            &["create", "a", "--expires-at"],
            &["create", "a", "--allow-ip"],
            &["create", "a", "--metadata"],
            &["create", "a", "--rate-limit"],
            &["create", "a", "--credits"],
            &["create", "a", "--idempotency-key"],
            &["list", "--search"],
            &["list", "--owner"],
            &["list", "--after"],
            &["get"],
            &["update", &id, "--name"],
            &["rotate", &id, "--overlap"],
            &["revoke", "--yes"],
            &["revoke", "--yes", "--owner"],
            &["audit", "list", "--since"],
            &["audit", "list", "--type"],
            &["audit", "list", "--after"],
            &["project", "archive", "--yes"],
            &["user", "delete", "--yes"],
            &["service-account", "delete", "--yes"],
            &["admin-key", "revoke", "--yes"],
            &["completions"],
        ] {
            let ran = here.run(&[words, &[value]].concat());
            assert!((0..=5).contains(&ran.status), "{words:?} {ran:?}");
            assert!(!ran.err.contains("panicked"), "{ran:?}");
            assert!(ran.err.len() < 10_000, "{words:?} repeats what was given");
        }
    }
}
