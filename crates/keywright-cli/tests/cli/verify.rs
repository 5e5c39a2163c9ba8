//! `verify` and `identify`: how the secret gets in, and what comes out.

use crate::sandbox::{PROGRAM, Ran, Sandbox};
use serde_json::json;

#[test]
fn one_line_end_is_taken_off_and_nothing_else() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a"]);
    for (input, code) in [
        (secret.clone(), "valid"),
        (format!("{secret}\n"), "valid"),
        (format!("{secret}\r\n"), "valid"),
        (format!("{secret}\n\n"), "malformed"),
        (format!("{secret} "), "malformed"),
        (format!(" {secret}"), "malformed"),
        (format!("{secret}\r"), "malformed"),
        (String::new(), "malformed"),
        ("\n".to_owned(), "malformed"),
        ("x".repeat(10 << 20), "malformed"),
        (format!("{secret}{}", "\n".repeat(70_000)), "malformed"),
    ] {
        assert_eq!(here.code(&input, &[]), code);
    }
}

#[test]
fn any_bytes_are_an_answer_and_never_an_error() {
    let here = Sandbox::new();
    here.key(&["a"]);
    for input in [&b"\xff\xfe\0\x01"[..], b"\0", b"\x80"] {
        let ran = here.feed(&["verify"], input);
        assert_eq!(ran.status, 1, "{ran:?}");
        assert!(ran.out.starts_with("malformed: "));
    }
}

#[test]
fn the_answer_in_its_wire_form() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a", "--scopes", "read"]);
    let ran = here.feed(&["verify", "--output", "json"], secret.as_bytes());
    assert_eq!(ran.status, 0);
    let answer = ran.json();
    assert_eq!(
        (&answer["valid"], &answer["code"]),
        (&json!(true), &json!("valid"))
    );
    assert_eq!(answer["key"]["id"], json!(id));
    assert_eq!(answer["retry_after_ms"], json!(null));
    let ran = here.feed(
        &["verify", "--output", "json", "--scopes", "read,write"],
        secret.as_bytes(),
    );
    assert_eq!(ran.status, 1);
    assert_eq!(ran.json()["code"], "insufficient_scope");
    assert_eq!(
        here.feed(&["verify", "--output", "json"], b"x").json()["key"],
        json!(null)
    );
    assert!(!ran.out.contains(&secret) && !ran.err.contains(&secret));
}

#[test]
fn limits_and_networks_are_told() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a", "--rate-limit", "1/1h", "--allow-ip", "10.0.0.0/8"]);
    assert_eq!(here.code(&secret, &[]), "ip_not_allowed");
    assert_eq!(here.code(&secret, &["--ip", "10.1.1.1"]), "valid");
    let ran = here.feed(&["verify", "--ip", "10.1.1.1"], secret.as_bytes());
    assert_eq!(ran.status, 1);
    assert!(
        ran.out.contains("rate_limited: ") && ran.out.contains("Try again"),
        "{ran:?}"
    );
    let (_, secret) = here.key(&["b", "--credits", "10"]);
    assert_eq!(here.code(&secret, &["--cost", "11"]), "usage_exceeded");
    assert_eq!(here.code(&secret, &["--cost", "10"]), "valid");
    here.feed(&["verify", "--ip", "nowhere"], secret.as_bytes())
        .failed(2, "IP address");
}

#[test]
fn a_secret_is_never_taken_as_an_argument_nor_repeated() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a"]);
    for command in ["verify", "identify"] {
        for form in ["table", "json"] {
            let ran = here.run(&["--output", form, command, &secret]);
            ran.failed(2, "pipe it");
            assert!(!ran.err.contains(&secret[..24]), "{ran:?}");
        }
    }
    let ran = here.run(&["verify", "--scopes", "read", "--", "-secret-with-a-hyphen"]);
    ran.failed(2, "pipe it");
    assert!(!ran.err.contains("hyphen"));
}

#[test]
fn use_is_noted_before_the_program_ends() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a"]);
    assert_eq!(here.json(&["get", &id])["last_used_at"], json!(null));
    here.code(&secret, &[]);
    assert!(here.json(&["get", &id])["last_used_at"].is_i64());
}

#[test]
fn a_store_that_gives_no_answer_is_not_a_bad_key() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a"]);
    let pepper = std::fs::read_to_string(here.file("keywright.db.pepper")).unwrap();
    here.write(
        "keywright.db.pepper",
        pepper.replace(['1', '2', '3', '4', '5'], "6"),
    );
    let ran = here.feed(&["verify", "--output", "json"], secret.as_bytes());
    assert_eq!(
        (ran.status, &ran.error()["code"]),
        (5, &json!("wrong_pepper"))
    );
}

#[test]
fn identify_finds_the_key_whatever_its_state() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a"]);
    here.ok(&["revoke", &id, "--yes"]);
    let ran = here.feed(&["identify", "--output", "json"], secret.as_bytes());
    assert_eq!((ran.status, &ran.json()["id"]), (0, &json!(id)));
    let ran = here.feed(&["identify", "--output", "json"], b"nonsense");
    assert_eq!((ran.status, &ran.error()["code"]), (3, &json!("not_found")));
}

#[test]
fn standard_input_that_is_closed_is_no_secret() {
    let here = Sandbox::new();
    here.key(&["a"]);
    let mut shell = here.command("sh");
    shell.args(["-c", &format!("exec {PROGRAM} verify <&-")]);
    let ran = Ran::of(&mut shell, b"");
    assert_eq!(ran.status, 1, "{ran:?}");
}
