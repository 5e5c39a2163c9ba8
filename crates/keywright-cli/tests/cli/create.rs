//! `create`: what goes where, in every form of output.

use crate::sandbox::Sandbox;
use serde_json::json;

fn is_secret(text: &str) -> bool {
    text.len() >= 77
        && text.contains("_kw1")
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[test]
fn in_a_pipe_the_secret_is_alone_on_standard_output() {
    let here = Sandbox::new();
    let ran = here.run(&["create", "billing"]);
    assert_eq!(ran.status, 0);
    assert!(is_secret(ran.out.strip_suffix('\n').unwrap()), "{ran:?}");
    assert!(
        ran.err.contains("\"billing\"") && ran.err.contains("key_"),
        "{ran:?}"
    );
    assert!(!ran.err.contains(ran.out.trim()));
}

#[test]
fn json_is_the_key_and_its_value_in_one_line() {
    let here = Sandbox::new();
    let ran = here.run(&["create", "billing", "--output", "json"]);
    assert_eq!(ran.out.lines().count(), 1);
    assert_eq!(ran.err, "", "nothing but JSON where programs read");
    let key = ran.json();
    assert!(is_secret(key["value"].as_str().unwrap()));
    assert_eq!(key["object"], "api_key");
    assert_eq!(key["name"], "billing");
    for field in [
        "id",
        "name",
        "class",
        "status",
        "redacted_value",
        "created_at",
        "expires_at",
        "last_used_at",
        "owner",
        "project_id",
        "scopes",
        "limits",
        "metadata",
        "versions",
    ] {
        assert!(key.get(field).is_some(), "{field}");
    }
}

#[test]
fn an_explicit_table_is_a_table_also_in_a_pipe() {
    let here = Sandbox::new();
    let out = here.ok(&["create", "billing", "--output", "table"]);
    assert!(out.lines().any(is_secret));
    assert!(
        out.contains("  Name       billing\n") && out.contains("shown this once"),
        "{out}"
    );
}

#[test]
fn the_environment_chooses_the_form_and_an_option_wins() {
    let here = Sandbox::new().with("KEYWRIGHT_OUTPUT", "json");
    assert_eq!(here.run(&["create", "a"]).json()["name"], "a");
    assert!(here.ok(&["list", "--output", "table"]).starts_with("ID "));
    let here = Sandbox::new().with("KEYWRIGHT_OUTPUT", "");
    assert!(is_secret(here.ok(&["create", "a"]).trim()));
    // In a pipe the secret stands alone unless this very command says otherwise.
    let here = Sandbox::new().with("KEYWRIGHT_OUTPUT", "table");
    assert!(is_secret(here.ok(&["create", "a"]).trim()));
    assert!(
        here.ok(&["create", "a", "--output", "table"])
            .contains("Its secret:")
    );
    Sandbox::new()
        .with("KEYWRIGHT_OUTPUT", "xml")
        .run(&["list"])
        .failed(2, "KEYWRIGHT_OUTPUT");
}

#[test]
fn everything_that_was_asked_for_is_on_the_key() {
    let here = Sandbox::new();
    let key = here.json(&[
        "create",
        "web",
        "--owner",
        "cust_42",
        "--scopes",
        "b,a",
        "--expires-in",
        "1h30m",
        "--allow-ip",
        "10.0.0.0/8",
        "--allow-ip",
        "192.0.2.1,2001:db8::/32",
        "--metadata",
        "team=ops",
        "--metadata",
        "q=a=b",
        "--class",
        "test",
        "--rate-limit",
        "100/60s",
        "--credits",
        "5000",
    ]);
    assert_eq!(key["owner"], json!({"type": "external", "id": "cust_42"}));
    assert_eq!(key["scopes"], json!(["a", "b"]));
    assert_eq!(
        key["expires_at"].as_i64().unwrap() - key["created_at"].as_i64().unwrap(),
        5400
    );
    assert_eq!(key["allowed_ips"].as_array().unwrap().len(), 3);
    assert_eq!(key["metadata"], json!({"team": "ops", "q": "a=b"}));
    assert_eq!(key["class"], "test");
    assert_eq!(key["limits"].as_array().unwrap().len(), 2);
    assert!(key["value"].as_str().unwrap().starts_with("kw_test_kw1"));
}

#[test]
fn no_scopes_is_everything_and_empty_scopes_are_nothing() {
    let here = Sandbox::new();
    assert_eq!(here.json(&["create", "a"])["scopes"], json!(null));
    assert_eq!(
        here.json(&["create", "a", "--scopes", ""])["scopes"],
        json!([])
    );
    assert_eq!(
        here.json(&["create", "a", "--scopes="])["scopes"],
        json!([])
    );
}

#[test]
fn an_expiry_can_be_a_moment() {
    let here = Sandbox::new();
    let key = here.json(&["create", "a", "--expires-at", "9000-01-01T01:00:00+01:00"]);
    assert_eq!(key["expires_at"], 221_845_392_000_i64);
    here.run(&["create", "a", "--expires-at", "9000-01-01T00:00:00"])
        .failed(2, "zone");
    here.run(&["create", "a", "--expires-at", "2001-01-01T00:00:00Z"])
        .failed(2, "");
    here.run(&[
        "create",
        "a",
        "--expires-in",
        "1d",
        "--expires-at",
        "9000-01-01T00:00:00Z",
    ])
    .failed(2, "don't go together");
}

#[test]
fn a_retry_gives_the_same_key_until_it_was_used() {
    let here = Sandbox::new();
    let create = ["create", "a", "--idempotency-key", "order-1"];
    let (first, second) = (here.json(&create), here.json(&create));
    assert_eq!(first["id"], second["id"]);
    assert_ne!(first["value"], second["value"]);
    let secret = second["value"].as_str().unwrap();
    assert_eq!(here.code(secret, &[]), "valid");
    let ran = here.run(&[&create[..], &["--output", "json"]].concat());
    assert_eq!(
        (ran.status, &ran.error()["code"]),
        (4, &json!("already_issued"))
    );
    assert_eq!(ran.error()["key_id"], first["id"]);
    here.run(&["create", "b", "--idempotency-key", "order-1"])
        .failed(4, "error: ");
}

#[test]
fn a_brand_is_the_stores_for_good() {
    let here = Sandbox::new().with("KEYWRIGHT_BRAND", "acme");
    assert!(here.ok(&["create", "a"]).starts_with("acme_live_kw1"));
}

#[test]
fn an_admin_key_is_not_made_here() {
    Sandbox::new()
        .run(&["create", "a", "--class", "admin"])
        .failed(2, "it takes live, test, temp");
}

#[test]
fn wrong_values_are_refused_before_a_store_is_made() {
    let here = Sandbox::new();
    for words in [
        &["create", "a", "--expires-in", "90"][..],
        &["create", "a", "--expires-in", "0s"],
        &["create", "a", "--metadata", "novalue"],
        &["create", "a", "--credits", "-1"],
        &["create", "a", "--class", "prod"],
        &["create"],
    ] {
        here.run(words).failed(2, "error: ");
    }
    assert_eq!(
        here.folder().read_dir().unwrap().count(),
        0,
        "no file was made"
    );
}
