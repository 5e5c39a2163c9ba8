//! The layer, the extractor and the mounted page, through a router, without a network.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use futures_executor::block_on;
use keywright::{
    CreateOptions, Created, ErrorForm, HttpOptions, HttpPolicy, KeyManager, ListOptions,
    OpenOptions, RevocationReason,
};
use keywright_pages::{KeysPage, PageOptions};
use keywright_tower::{AuthorizeLayer, Authorized, Peer, keys_page};
use std::net::SocketAddr;
use tower::{Layer, Service, ServiceExt, service_fn};

fn open() -> KeyManager {
    block_on(KeyManager::open(Some("memory:"), OpenOptions::default())).unwrap()
}

fn issue(keys: &KeyManager, options: CreateOptions) -> Created {
    block_on(keys.create("billing", options)).unwrap()
}

fn scoped(scopes: &[&str]) -> CreateOptions {
    CreateOptions {
        scopes: Some(scopes.iter().map(|scope| (*scope).to_owned()).collect()),
        ..CreateOptions::default()
    }
}

fn app(keys: &KeyManager) -> Router {
    let layer = AuthorizeLayer::new(keys.clone()).scope("hello.read");
    Router::new()
        .route("/hello", get(async |key: Authorized| key.name.clone()))
        .layer(layer)
}

fn ask(app: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    block_on(async {
        let response = app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(body.into()).unwrap();
        (parts.status, parts.headers, text)
    })
}

fn bearing(secret: &str) -> Request<Body> {
    Request::get("/hello")
        .header("authorization", format!("Bearer {secret}"))
        .body(Body::empty())
        .unwrap()
}

#[test]
fn a_good_key_reaches_the_handler() {
    let keys = open();
    let created = issue(&keys, scoped(&["hello.read"]));
    let (status, _, body) = ask(&app(&keys), bearing(created.secret.reveal()));
    assert_eq!((status.as_u16(), body.as_str()), (200, "billing"));
}

#[test]
fn what_is_refused_is_answered_as_the_facade_says() {
    let keys = open();
    let app = app(&keys);
    let narrow = issue(&keys, scoped(&["other"]));
    let dead = issue(&keys, scoped(&["hello.read"]));
    block_on(keys.revoke(&dead.key.id, RevocationReason::Unspecified)).unwrap();
    let (status, headers, none) = ask(&app, Request::get("/hello").body(Body::empty()).unwrap());
    assert_eq!(status, 401);
    assert_eq!(headers["www-authenticate"], "Bearer realm=\"api\"");
    assert_eq!(headers["content-type"], "application/json");
    assert!(none.contains("invalid_api_key"));
    let (status, _, revoked) = ask(&app, bearing(dead.secret.reveal()));
    assert_eq!((status.as_u16(), revoked), (401, none), "the same bytes");

    let (status, _, body) = ask(&app, bearing(narrow.secret.reveal()));
    assert_eq!(status, 403);
    assert!(body.contains("insufficient_permissions"));

    let in_url = Request::get(format!("/hello?api_key={}", narrow.secret.reveal()));
    let (status, _, body) = ask(&app, in_url.body(Body::empty()).unwrap());
    assert_eq!(status, 400);
    assert!(body.contains("key_in_url"));

    let mut two = bearing(narrow.secret.reveal());
    two.headers_mut()
        .append("authorization", "Bearer x".parse().unwrap());
    assert_eq!(ask(&app, two).0, 400);
}

#[test]
fn limits_are_told_and_kept() {
    let keys = open();
    let options = CreateOptions {
        rate_limit: Some("2/60s".to_owned()),
        ..scoped(&["hello.read"])
    };
    let created = issue(&keys, options);
    let app = app(&keys);
    let (status, headers, _) = ask(&app, bearing(created.secret.reveal()));
    assert_eq!(status, 200);
    assert!(headers["ratelimit"].to_str().unwrap().contains("r=1"));
    ask(&app, bearing(created.secret.reveal()));
    let (status, headers, _) = ask(&app, bearing(created.secret.reveal()));
    assert_eq!(status, 429);
    assert!(headers.contains_key("retry-after"));
}

#[test]
fn a_store_that_is_away_is_a_503() {
    let keys = open();
    let created = issue(&keys, scoped(&["hello.read"]));
    block_on(keys.close()).unwrap();
    let (status, _, _) = ask(&app(&keys), bearing(created.secret.reveal()));
    assert_eq!(status, 503);
}

#[test]
fn cost_and_policy_are_arguments() {
    let keys = open();
    let options = CreateOptions {
        credits: Some(10),
        ..CreateOptions::default()
    };
    let created = issue(&keys, options);
    let policy = HttpPolicy::new(&HttpOptions {
        header: Some("x-api-key".to_owned()),
        error_form: ErrorForm::Problem,
        ..HttpOptions::default()
    });
    let layer = AuthorizeLayer::new(keys.clone())
        .cost(7)
        .policy(policy.unwrap());
    let app = Router::new().route("/", get(async || "ok")).layer(layer);
    let request = || {
        let request = Request::get("/").header("x-api-key", created.secret.reveal());
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(ask(&app, request()).0, 200);
    let (status, headers, _) = ask(&app, request());
    assert_eq!(status, 429);
    assert_eq!(headers["content-type"], "application/problem+json");
}

#[test]
fn the_peers_address_counts() {
    let keys = open();
    let options = CreateOptions {
        allowed_ips: Some(vec!["198.51.100.0/24".to_owned()]),
        ..scoped(&["hello.read"])
    };
    let created = issue(&keys, options);
    let app = app(&keys);
    let good: SocketAddr = "198.51.100.7:4711".parse().unwrap();
    let bad: SocketAddr = "203.0.113.7:4711".parse().unwrap();
    let from = |address, with_axum| {
        let mut request = bearing(created.secret.reveal());
        if with_axum {
            request
                .extensions_mut()
                .insert(ConnectInfo::<SocketAddr>(address));
        } else {
            request.extensions_mut().insert(Peer(address));
        }
        ask(&app, request).0.as_u16()
    };
    assert_eq!([from(good, true), from(good, false)], [200, 200]);
    assert_eq!([from(bad, true), from(bad, false)], [403, 403]);
}

#[test]
fn scopes_that_are_none_let_nobody_pass() {
    let keys = open();
    let created = issue(&keys, CreateOptions::default());
    let layer = AuthorizeLayer::new(keys).scope("Not A Scope");
    let app = Router::new()
        .route("/hello", get(async || "ok"))
        .layer(layer);
    assert_eq!(ask(&app, bearing(created.secret.reveal())).0, 500);
}

#[test]
fn the_extractor_needs_the_layer() {
    let bare: Router = Router::new().route("/hello", get(async |_: Authorized| "ok"));
    assert_eq!(ask(&bare, bearing("x")).0, 500);
    let maybe = async |key: Option<Authorized>| key.is_some().to_string();
    let bare: Router = Router::new().route("/hello", get(maybe));
    assert_eq!(ask(&bare, bearing("x")).2, "false");
}

#[test]
fn the_layer_is_for_any_service_of_http() {
    let keys = open();
    let created = issue(&keys, scoped(&["hello.read"]));
    let inner = service_fn(async |request: Request<()>| {
        let key = request.extensions().get::<Authorized>().unwrap();
        Ok::<_, std::convert::Infallible>(axum::http::Response::new(key.key().id.clone()))
    });
    let mut service = AuthorizeLayer::new(keys).layer(inner);
    let request = bearing(created.secret.reveal()).map(|_| ());
    let response = block_on(async { service.ready().await.unwrap().call(request).await.unwrap() });
    assert_eq!(response.body(), &created.key.id);
}

struct User(String);

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Redirect> {
        let user = parts.headers.get("x-user").and_then(|it| it.to_str().ok());
        user.map(|user| Self(user.to_owned()))
            .ok_or_else(|| Redirect::to("/login"))
    }
}

fn site(keys: &KeyManager) -> Router {
    let page = KeysPage::new(PageOptions::default()).unwrap();
    Router::new()
        .route(
            "/account/keys",
            keys_page(keys.clone(), page, |user: User| user.0),
        )
        .route(
            "/other",
            post(async || Response::new(Body::empty()).into_response()),
        )
        .layer(Extension(()))
}

#[test]
fn the_page_is_the_logged_in_owners() {
    let keys = open();
    let site = site(&keys);
    let get = |user: Option<&str>, query: &str| {
        let mut request = Request::get(format!("/account/keys{query}"));
        if let Some(user) = user {
            request = request.header("x-user", user);
        }
        ask(&site, request.body(Body::empty()).unwrap())
    };
    let (status, headers, _) = get(None, "");
    assert_eq!(
        (status.as_u16(), &headers["location"]),
        (303, &"/login".parse().unwrap())
    );
    let (status, headers, body) = get(Some("cust_42"), "?dialog=create");
    assert_eq!(status, 200);
    assert!(
        headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("frame-ancestors 'none'")
    );

    let value = |name: &str| {
        let (_, rest) = body
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let form = format!(
        "token={}&action=create&nonce={}&name=x&expires=never",
        value("token"),
        value("nonce")
    );
    let send = |form: String| {
        let request = Request::post("/account/keys")
            .header("x-user", "cust_42")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        ask(&site, request.unwrap())
    };
    assert_eq!(send(format!("{form}{}", "x".repeat(70_000))).0, 413);
    assert_eq!(send(form).0, 200);
    let page = block_on(keys.list(ListOptions::default())).unwrap();
    assert_eq!(
        (page.data.len(), page.data[0].owner.id.as_str()),
        (1, "cust_42")
    );
    let head = Request::head("/account/keys").header("x-user", "cust_42");
    assert_eq!(ask(&site, head.body(Body::empty()).unwrap()).0, 200);
    let put = Request::put("/account/keys").header("x-user", "cust_42");
    assert_eq!(ask(&site, put.body(Body::empty()).unwrap()).0, 405);
}
