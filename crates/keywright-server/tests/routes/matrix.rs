//! Every route with every kind of credential: who is let in, and that all others are told the same.

use crate::site::{Site, Told};
use axum::body::Body;
use http::Request;
use keywright::{CreateOptions, RevocationReason};
use std::time::Duration;

/// Every route that manages.
const MANAGED: &[(&str, &str)] = &[
    ("GET", "/v1/organization/admin_api_keys"),
    ("POST", "/v1/organization/admin_api_keys"),
    ("GET", "/v1/organization/admin_api_keys/key_x"),
    ("DELETE", "/v1/organization/admin_api_keys/key_x"),
    ("GET", "/v1/organization/projects"),
    ("POST", "/v1/organization/projects"),
    ("GET", "/v1/organization/projects/proj_x"),
    ("POST", "/v1/organization/projects/proj_x"),
    ("POST", "/v1/organization/projects/proj_x/archive"),
    ("GET", "/v1/organization/projects/proj_x/api_keys"),
    ("GET", "/v1/organization/projects/proj_x/api_keys/key_x"),
    ("POST", "/v1/organization/projects/proj_x/api_keys/key_x"),
    ("DELETE", "/v1/organization/projects/proj_x/api_keys/key_x"),
    ("GET", "/v1/organization/projects/proj_x/service_accounts"),
    ("POST", "/v1/organization/projects/proj_x/service_accounts"),
    (
        "GET",
        "/v1/organization/projects/proj_x/service_accounts/svc_x",
    ),
    (
        "POST",
        "/v1/organization/projects/proj_x/service_accounts/svc_x",
    ),
    (
        "DELETE",
        "/v1/organization/projects/proj_x/service_accounts/svc_x",
    ),
    (
        "POST",
        "/v1/organization/projects/proj_x/service_accounts/svc_x/api_keys",
    ),
    ("GET", "/v1/organization/audit_logs"),
    ("GET", "/v1/keys"),
    ("POST", "/v1/keys"),
    ("GET", "/v1/audit"),
    ("GET", "/v1/keys/key_x/usage"),
    ("POST", "/v1/keys/verify"),
    ("POST", "/v1/keys/identify"),
    ("GET", "/v1/keys/key_x"),
    ("POST", "/v1/keys/key_x"),
    ("POST", "/v1/keys/key_x/rotate"),
    ("POST", "/v1/keys/key_x/finish_rotation"),
    ("POST", "/v1/keys/key_x/cancel_rotation"),
    ("POST", "/v1/keys/key_x/disable"),
    ("POST", "/v1/keys/key_x/enable"),
    ("POST", "/v1/keys/key_x/revoke"),
];

/// Every route that takes no admin key.
const OPEN: &[(&str, &str)] = &[
    ("GET", "/v1/keys/self"),
    ("POST", "/v1/leaks"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
];

/// Who adds a route decides who is let in, and this test is where it is written down.
#[test]
fn no_route_is_left_out() {
    let source = include_str!("../../src/routes.rs");
    let methods = ["get(", "post(", ".post(", ".delete("];
    let handlers = methods.iter().map(|method| source.matches(method).count());
    // `.post(` is found as `post(`, too.
    let counted: usize = handlers.sum::<usize>() - source.matches(".post(").count();
    assert_eq!(counted, MANAGED.len() + OPEN.len());
}

fn with(site: &Site, method: &str, path: &str, authorization: &[&str]) -> Told {
    let mut request = Request::builder().method(method).uri(path);
    for value in authorization {
        request = request.header("authorization", *value);
    }
    site.send(request.body(Body::empty()).unwrap())
}

#[test]
fn all_that_is_no_living_key_is_told_the_same_on_every_route() {
    let site = Site::new();
    let dead = site.wait(async {
        let admin_keys = site.keys.admin_keys();
        let admin = admin_keys.create("revoked", None, None).await.unwrap();
        let reason = RevocationReason::default();
        admin_keys.revoke(&admin.key.id, reason).await.unwrap();
        let leaked = admin_keys.create("leaked", None, None).await.unwrap();
        let reason = RevocationReason::KeyCompromise;
        admin_keys.revoke(&leaked.key.id, reason).await.unwrap();
        let off = site
            .keys
            .create("off", CreateOptions::default())
            .await
            .unwrap();
        site.keys.disable(&off.key.id).await.unwrap();
        let gone = site
            .keys
            .create("gone", CreateOptions::default())
            .await
            .unwrap();
        site.keys.revoke(&gone.key.id, reason).await.unwrap();
        [admin, leaked, off, gone].map(|created| created.secret)
    });
    // A secret of the right form whose last character of the random part is another one.
    let mut forged = site.admin.secret.reveal().to_owned();
    forged.replace_range(40..41, if &forged[40..41] == "0" { "1" } else { "0" });

    let mut credentials: Vec<Vec<String>> = vec![
        vec![],
        vec!["Bearer My Admin API Key".to_owned()],
        vec!["Bearer ".to_owned()],
        vec!["Basic Zm9vOmJhcg==".to_owned()],
        vec![format!("Bearer {forged}")],
    ];
    credentials.extend(
        dead.iter()
            .map(|secret| vec![format!("Bearer {}", secret.reveal())]),
    );
    let expected = with(&site, "GET", "/v1/organization/projects", &[]);
    expected.refused(401);
    for (method, path) in MANAGED.iter().chain(&OPEN[..1]) {
        for credential in &credentials {
            let values: Vec<&str> = credential.iter().map(String::as_str).collect();
            let told = with(&site, method, path, &values);
            assert_eq!(told.status, 401, "{method} {path} {told:?}");
            assert_eq!(told.text, expected.text, "{method} {path}");
            assert_eq!(
                told.fixed_headers(),
                expected.fixed_headers(),
                "{method} {path}"
            );
        }
    }
}

#[test]
fn a_living_data_key_is_told_what_it_lacks() {
    let site = Site::new();
    let data = site.issue("data");
    for (method, path) in MANAGED {
        let told = site.ask(method, path, Some(data.secret.reveal()), None);
        let error = told.refused(403);
        let wanted = if *method == "GET" { "read" } else { "write" };
        assert_eq!(error["code"], "insufficient_permissions");
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .contains(&format!("Missing scopes: api.management.{wanted}"))
        );
    }
    let key = site.ask("GET", "/v1/keys/self", Some(data.secret.reveal()), None);
    assert_eq!(key.done()["id"], data.key.id.as_str());
}

#[test]
fn an_admin_key_is_let_in_everywhere() {
    let site = Site::new();
    for (method, path) in MANAGED {
        let told = site.ask(method, path, Some(site.admin.secret.reveal()), None);
        assert!(
            matches!(told.status, 200 | 400 | 404),
            "{method} {path} {told:?}"
        );
        // It is the route itself that answers.
        assert!(!told.text.contains("Invalid URL"), "{method} {path}");
    }
    let key = site.get("/v1/keys/self");
    assert_eq!(key["id"], site.admin.key.id.as_str());
}

#[test]
fn an_expired_admin_key_is_told_so() {
    let site = Site::new();
    let admin_keys = site.keys.admin_keys();
    let span = Some(Duration::from_secs(60));
    let short = site.wait(admin_keys.create("short", span, None)).unwrap();
    site.clock.advance(Duration::from_secs(60));
    let told = site.ask("GET", "/v1/keys", Some(short.secret.reveal()), None);
    assert_eq!(told.refused(401)["code"], "expired_api_key");
}

#[test]
fn two_credentials_or_one_in_the_url_are_refused() {
    let site = Site::new();
    let secret = site.admin.secret.reveal();
    let bearer = format!("Bearer {secret}");
    for (method, path) in MANAGED {
        let twice = with(&site, method, path, &[&bearer, &bearer]).refused(400);
        assert_eq!(twice["code"], "multiple_credentials");
        let in_url = with(&site, method, &format!("{path}?key={secret}"), &[&bearer]);
        assert_eq!(in_url.refused(400)["code"], "key_in_url");
        assert!(!in_url.text.contains(secret));
    }
}

#[test]
fn health_and_leak_reports_take_no_key() {
    let site = Site::new();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(site.ask("GET", path, None, None).done()["status"], "ok");
    }
    assert_eq!(site.ask("POST", "/v1/leaks", None, None).status, 200);
    site.wait(site.keys.close()).unwrap();
    assert_eq!(site.ask("GET", "/healthz", None, None).status, 200);
    assert_eq!(site.ask("GET", "/readyz", None, None).status, 503);
}
