//! What holds for every request: headers, bounds, forms, and that nothing of it comes back.

use crate::site::{START, Site, Told};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

const KEYS: &str = "/v1/organization/admin_api_keys";

fn raw(site: &Site, content_type: &[&str], body: impl Into<Body>) -> Told {
    let mut request = Request::builder().method("POST").uri(KEYS).header(
        "authorization",
        format!("Bearer {}", site.admin.secret.reveal()),
    );
    for value in content_type {
        request = request.header("content-type", *value);
    }
    site.send(request.body(body.into()).unwrap())
}

#[test]
fn every_answer_has_an_id_of_its_own_and_may_not_be_kept() {
    let site = Site::new();
    let mut seen = std::collections::HashSet::new();
    for path in [KEYS, "/healthz", "/no/such/path", "/v1/keys/self"] {
        let told = site.ask("GET", path, None, None);
        let id = told.headers["x-request-id"].to_str().unwrap().to_owned();
        assert!(id.len() == 36 && id.starts_with("req_"), "{id}");
        assert!(seen.insert(id));
        assert_eq!(told.headers["openai-version"], "2020-10-01");
        assert!(told.headers.contains_key("openai-processing-ms"));
        assert_eq!(told.headers["cache-control"], "no-store");
        assert_eq!(told.headers["x-content-type-options"], "nosniff");
    }
}

#[test]
fn what_is_no_json_object_is_refused_and_not_repeated() {
    let site = Site::new();
    for body in [
        "{\"name\": \"hush",
        "hush",
        "[\"hush\"]",
        "\"hush\"",
        "\u{feff}{}",
        "{}hush",
    ] {
        let told = raw(&site, &["application/json"], body);
        let error = told.refused(400);
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .starts_with("We could not parse the JSON body")
        );
        assert!(!told.text.contains("hush"));
    }
    let deep = "[".repeat(100_000);
    raw(&site, &["application/json"], deep).refused(400);
    raw(&site, &["application/json"], vec![b'"', 0xff, b'"']).refused(400);
}

#[test]
fn a_body_has_to_say_that_it_is_json() {
    let site = Site::new();
    let body = json!({ "name": "a" }).to_string();
    for good in ["application/json", "Application/JSON; charset=utf-8"] {
        raw(&site, &[good], body.clone()).done();
    }
    let bad: &[&[&str]] = &[
        &[],
        &["text/plain"],
        &["application/x-www-form-urlencoded"],
        &["application/jsonx"],
        &["application/json", "text/plain"],
    ];
    for types in bad {
        raw(&site, types, body.clone()).refused(415);
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let site = Site::new();
    raw(&site, &["application/json"], " ".repeat(256 * 1024 + 1)).refused(413);
    let with_header = |size: usize| {
        let request = Request::builder()
            .uri("/healthz")
            .header("x-large", "x".repeat(size));
        site.send(request.body(Body::empty()).unwrap())
    };
    assert_eq!(with_header(60 * 1024).status, 200);
    with_header(64 * 1024).refused(431);
    let long = format!("/healthz?{}", "x".repeat(8 * 1024));
    site.ask("GET", &long, None, None).refused(414);
}

#[test]
fn what_is_not_there_is_not_there_in_openais_form() {
    let site = Site::new();
    for path in [
        "/",
        "/v1",
        "/v1/organization/users",
        "/v1/organization/invites",
        "/v1/organization/roles",
        "/v1/organization/costs?start_time=1",
        "/v1/organization/usage/completions?start_time=1",
        "/v1/organization/admin_api_keys/",
        "/v1/organization/hush",
    ] {
        let told = site.told("GET", path, &Value::Null);
        assert_eq!(told.refused(404)["type"], "invalid_request_error", "{path}");
        assert!(!told.text.contains("hush"));
    }
    // A trailing slash is no list: the Node package sends it for an empty id.
    site.told("DELETE", &format!("{KEYS}/"), &Value::Null)
        .refused(404);
    let told = site.told("PUT", KEYS, &Value::Null);
    told.refused(405);
    assert_eq!(told.headers["allow"], "GET,HEAD,POST");
}

#[test]
fn an_id_is_one_part_of_the_path_whatever_is_in_it() {
    let site = Site::new();
    for id in [
        "a%2Fb",
        "%2e%2e",
        "%00",
        "%ff",
        "key_%F0%9F%94%91",
        "..%2f..%2fprojects",
    ] {
        site.told("GET", &format!("{KEYS}/{id}"), &Value::Null)
            .refused(404);
        let path = format!("/v1/organization/projects/{id}/api_keys");
        site.told("GET", &path, &Value::Null).refused(404);
        site.told("GET", &format!("/v1/keys/{id}"), &Value::Null)
            .refused(404);
    }
}

#[test]
fn members_are_judged_by_name() {
    let site = Site::new();
    let cases = [
        (json!({}), "name", "missing_required_parameter"),
        (
            json!({ "name": null }),
            "name",
            "missing_required_parameter",
        ),
        (json!({ "name": 7 }), "name", "invalid_type"),
        (
            json!({ "name": "a", "expires_in_seconds": "7" }),
            "expires_in_seconds",
            "invalid_type",
        ),
        (
            json!({ "name": "a", "expires_in_seconds": 1.5 }),
            "expires_in_seconds",
            "invalid_type",
        ),
        (
            json!({ "name": "a", "expires_in_seconds": 0 }),
            "expires_in_seconds",
            "integer_below_min_value",
        ),
        (
            json!({ "name": "a", "expires_in_seconds": -1 }),
            "expires_in_seconds",
            "integer_below_min_value",
        ),
        (
            json!({ "name": "a", "expires_in_seconds": 31_536_001 }),
            "expires_in_seconds",
            "integer_above_max_value",
        ),
    ];
    for (body, param, code) in cases {
        let error = site.told("POST", KEYS, &body).refused(400);
        assert_eq!(
            (&error["param"], &error["code"]),
            (&json!(param), &json!(code)),
            "{body}"
        );
    }
    for whole in [json!(60), json!(60.0), json!(6e1)] {
        let body = json!({ "name": "a", "expires_in_seconds": whole });
        assert_eq!(site.post(KEYS, &body)["expires_at"], START + 60);
    }
    let too_long = json!({ "name": "hush".repeat(100) });
    let told = site.told("POST", KEYS, &too_long);
    assert_eq!(told.refused(400)["code"], "invalid_value");
    assert!(!told.text.contains("hush"));
    site.told("POST", KEYS, &json!({ "name": "" })).refused(400);
}

#[test]
fn limits_of_pages_are_judged() {
    let site = Site::new();
    let projects = "/v1/organization/projects";
    for (query, code) in [
        ("limit=0", "integer_below_min_value"),
        ("limit=-1", "integer_below_min_value"),
        ("limit=101", "integer_above_max_value"),
        ("limit=hush", "invalid_type"),
        ("limit=1&limit=2", "invalid_value"),
        ("include_archived=maybe", "invalid_type"),
    ] {
        let told = site.told("GET", &format!("{projects}?{query}"), &Value::Null);
        assert_eq!(told.refused(400)["code"], code, "{query}");
        assert!(!told.text.contains("hush"));
    }
    for after in ["proj_000000000000000000000000", "hush", ""] {
        let told = site.told("GET", &format!("{projects}?after={after}"), &Value::Null);
        assert_eq!(told.refused(404)["message"], "pagination cursor not found");
        let told = site.told("GET", &format!("{KEYS}?after={after}"), &Value::Null);
        assert_eq!(told.refused(400)["param"], "after");
    }
    site.told("GET", &format!("{KEYS}?order=up"), &Value::Null)
        .refused(400);
    assert_eq!(
        site.told("GET", &format!("{KEYS}?limit=5000"), &Value::Null)
            .status,
        200
    );
}
