//! `POST /v1/leaks`

use crate::site::Site;
use axum::body::Body;
use http::Request;
use keywright::{RevocationReason, VerifyCode, VerifyOptions};
use serde_json::json;

#[test]
fn whoever_presents_a_good_secret_ends_it_and_nobody_is_told() {
    let site = Site::new();
    let data = site.issue("data");
    let admin = site
        .wait(site.keys.admin_keys().create("a", None, None))
        .unwrap();
    let report = |body: String, content_type: &str| {
        let request = Request::builder()
            .method("POST")
            .uri("/v1/leaks")
            .header("content-type", content_type);
        site.send(request.body(Body::from(body)).unwrap())
    };
    let secret = |text: &str| json!({ "secret": text }).to_string();
    let expected = report(secret("nothing"), "application/json");
    assert_eq!(expected.done()["received"], true);
    for (body, content_type) in [
        (secret(data.secret.reveal()), "application/json"),
        (secret(data.secret.reveal()), "application/json"),
        (secret(admin.secret.reveal()), "application/json"),
        (secret(""), "application/json"),
        ("{}".to_owned(), "application/json"),
        ("{".to_owned(), "application/json"),
        (secret(site.admin.secret.reveal()), "text/plain"),
        ("x".repeat(1 << 20), "application/json"),
    ] {
        let told = report(body, content_type);
        assert_eq!((told.status, &told.text), (200, &expected.text));
        assert_eq!(told.fixed_headers(), expected.fixed_headers());
    }
    let options = VerifyOptions::default();
    let code = site
        .wait(site.keys.verify(data.secret.reveal(), &options))
        .unwrap()
        .code();
    assert_eq!(code, VerifyCode::Compromised);
    let revoked = site
        .wait(site.keys.admin_keys().get(&admin.key.id))
        .unwrap();
    assert_eq!(
        revoked.revocation_reason,
        Some(RevocationReason::KeyCompromise)
    );
    site.get("/v1/keys/self");
}

#[test]
fn where_the_store_can_not_be_asked_it_is_not_said_that_it_was_done() {
    let site = Site::new();
    let data = site.issue("data");
    site.wait(site.keys.close()).unwrap();
    let body = json!({ "secret": data.secret.reveal() });
    let told = site.ask("POST", "/v1/leaks", None, Some(&body));
    assert_eq!(told.status, 503);
}
