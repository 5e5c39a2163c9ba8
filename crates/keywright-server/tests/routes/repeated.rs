//! Creates that are sent once more with the same `Idempotency-Key`.

use crate::site::{Site, Told, ids, text};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

fn post(site: &Site, path: &str, idempotency_key: &str, body: &Value) -> Told {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header(
            "authorization",
            format!("Bearer {}", site.admin.secret.reveal()),
        )
        .header("content-type", "application/json")
        .header("idempotency-key", idempotency_key)
        .body(Body::from(body.to_string()));
    site.send(request.unwrap())
}

/// Every route that issues a secret, with a body and where the key stands in the answer.
fn issuing(site: &Site) -> Vec<(String, &'static str)> {
    let project = ids(&site.get("/v1/organization/projects"))[0].clone();
    let accounts = format!("/v1/organization/projects/{project}/service_accounts");
    let account = text(&site.post(&accounts, &json!({ "name": "bot" }))["id"]);
    vec![
        ("/v1/organization/admin_api_keys".to_owned(), ""),
        (accounts.clone(), "/api_key"),
        (format!("{accounts}/{account}/api_keys"), ""),
        ("/v1/keys".to_owned(), ""),
    ]
}

#[test]
fn the_same_request_is_about_the_same_key_with_a_secret_that_works() {
    let site = Site::new();
    for (number, (path, place)) in issuing(&site).iter().enumerate() {
        let (name, body) = (format!("request {number}"), json!({ "name": "same" }));
        let first = post(&site, path, &name, &body).done();
        let second = post(&site, path, &name, &body).done();
        let member = |made: &Value, member: &str| text(&made.pointer(place).unwrap()[member]);
        assert_eq!(first["id"], second["id"], "{path}");
        assert_eq!(member(&first, "id"), member(&second, "id"), "{path}");
        let (lost, got) = (member(&first, "value"), member(&second, "value"));
        site.ask("GET", "/v1/keys/self", Some(&lost), None)
            .refused(401);
        site.ask("GET", "/v1/keys/self", Some(&got), None).done();

        let used = post(&site, path, &name, &body);
        assert_eq!(used.refused(409)["code"], "already_issued", "{path}");
        assert_eq!(used.headers["x-should-retry"], "false");
        let other = post(&site, path, &name, &json!({ "name": "other" }));
        assert_eq!(other.refused(409)["code"], "idempotency_conflict", "{path}");
        assert_eq!(other.headers["x-should-retry"], "false");
    }
}

#[test]
fn what_has_no_secret_is_made_once() {
    let site = Site::new();
    let (accounts, _) = issuing(&site).remove(1);
    let alone = |name: &str| json!({ "name": name, "create_service_account_only": true });
    let named = |name: &str| json!({ "name": name });
    let projects = "/v1/organization/projects".to_owned();
    let (accounts_before, projects_before) = (ids(&site.get(&accounts)), ids(&site.get(&projects)));
    let cases = [
        (&accounts, alone("a"), alone("b")),
        (&projects, named("a"), named("b")),
    ];
    for (path, body, other) in cases {
        let first = post(&site, path, "request", &body).done();
        assert_eq!(post(&site, path, "request", &body).done(), first);
        let conflict = post(&site, path, "request", &other);
        assert_eq!(conflict.refused(409)["code"], "idempotency_conflict");
        assert_eq!(conflict.headers["x-should-retry"], "false");
        post(&site, path, "another", &other).done();
    }
    assert_eq!(ids(&site.get(&accounts)).len(), accounts_before.len() + 2);
    assert_eq!(ids(&site.get(&projects)).len(), projects_before.len() + 2);
}

#[test]
fn a_key_for_it_has_its_bounds() {
    let site = Site::new();
    post(
        &site,
        "/v1/organization/projects",
        "",
        &json!({ "name": "a" }),
    )
    .refused(400);
    post(&site, "/v1/keys", "", &json!({ "name": "a" })).refused(400);
    post(&site, "/v1/keys", &"x".repeat(256), &json!({ "name": "a" })).refused(400);
}
