//! `POST /v1/keys/verify` and `/identify`

use crate::site::{Site, text};
use serde_json::{Value, json};

#[test]
fn a_bad_key_is_an_answer_and_no_error() {
    let site = Site::new();
    let made = site.issue("key");
    let ask = |body: &Value| site.post("/v1/keys/verify", body);
    let good = ask(&json!({ "secret": made.secret.reveal() }));
    assert_eq!(
        (&good["valid"], &good["code"]),
        (&json!(true), &json!("valid"))
    );
    assert_eq!(
        (&good["object"], &good["key"]["id"]),
        (&json!("verification"), &json!(made.key.id))
    );
    let bad = ask(&json!({ "secret": "nothing" }));
    assert_eq!(
        bad,
        json!({ "object": "verification", "valid": false, "code": "malformed", "key": null, "retry_after_ms": null, "limit": null })
    );
    // An admin key is no data key.
    let admin = ask(&json!({ "secret": site.admin.secret.reveal() }));
    assert_eq!(admin["code"], "wrong_class");
}

#[test]
fn a_limit_says_its_name_and_when_to_try_again() {
    let site = Site::new();
    let made = site.post("/v1/keys", &json!({ "name": "a", "rate_limit": "1/60s" }));
    let question = json!({ "secret": made["value"] });
    assert_eq!(site.post("/v1/keys/verify", &question)["code"], "valid");
    let limited = site.post("/v1/keys/verify", &question);
    assert_eq!(
        (&limited["code"], &limited["limit"]),
        (&json!("rate_limited"), &json!("rate_limit"))
    );
    assert!(limited["retry_after_ms"].as_u64().unwrap() > 0);
}

#[test]
fn many_are_asked_about_at_once_and_answered_in_their_order() {
    let site = Site::new();
    let (a, b) = (site.issue("a"), site.issue("b"));
    let batch = json!({ "batch": [
        { "secret": a.secret.reveal() },
        { "secret": "nothing" },
        { "secret": b.secret.reveal(), "scopes": ["x"] },
    ] });
    let told = site.post("/v1/keys/verify", &batch);
    let data = told["data"].as_array().unwrap();
    let codes: Vec<String> = data.iter().map(|answer| text(&answer["code"])).collect();
    assert_eq!(codes, ["valid", "malformed", "valid"]);
    assert_eq!(
        site.post("/v1/keys/verify", &json!({ "batch": [] }))["data"],
        json!([])
    );
    let many: Vec<Value> = (0..101).map(|_| json!({ "secret": "x" })).collect();
    site.told("POST", "/v1/keys/verify", &json!({ "batch": many }))
        .refused(400);
    site.told("POST", "/v1/keys/verify", &json!({ "batch": ["x"] }))
        .refused(400);
    site.told(
        "POST",
        "/v1/keys/verify",
        &json!({ "batch": [], "secret": "x" }),
    )
    .refused(400);
}

#[test]
fn nothing_is_charged_where_a_part_of_a_batch_is_malformed() {
    let site = Site::new();
    let made = site.post("/v1/keys", &json!({ "name": "a", "credits": 1 }));
    let batch = json!({ "batch": [{ "secret": made["value"] }, { "secret": 7 }] });
    let told = site.told("POST", "/v1/keys/verify", &batch);
    told.refused(400);
    assert!(!told.text.contains(&text(&made["value"])));
    let again = site.post("/v1/keys/verify", &json!({ "secret": made["value"] }));
    assert_eq!(again["code"], "valid");
}

#[test]
fn identify_tells_which_key_it_is_whatever_its_state() {
    let site = Site::new();
    let made = site.issue("a");
    site.wait(
        site.keys
            .revoke(&made.key.id, keywright::RevocationReason::default()),
    )
    .unwrap();
    let found = site.post(
        "/v1/keys/identify",
        &json!({ "secret": made.secret.reveal() }),
    );
    assert_eq!(
        (&found["id"], &found["status"]),
        (&json!(made.key.id), &json!("revoked"))
    );
    let told = site.told("POST", "/v1/keys/identify", &json!({ "secret": "hush" }));
    told.refused(404);
    assert!(!told.text.contains("hush"));
    site.told("POST", "/v1/keys/identify", &json!({}))
        .refused(400);
}
