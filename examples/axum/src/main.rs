//! An API with keys, and the page on which its users manage them.
//!
//! `GET /hello` wants a key with the scope `hello.read`; `/login?owner=O` stands in for a login; `/keys`
//! is the page of whoever is logged in.

use axum::extract::{FromRequestParts, Query};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use keywright::{KeyManager, OpenOptions};
use keywright_pages::{KeysPage, PageOptions, Permission};
use keywright_tower::{AuthorizeLayer, Authorized, keys_page};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let port = std::env::var("PORT").map_or(Ok(8000), |port| port.parse())?;
    let keys = KeyManager::open(None, OpenOptions::default()).await?; // KEYWRIGHT_STORE

    let page = KeysPage::new(PageOptions {
        permissions: vec![
            Permission::read("hello.read", "Be greeted"),
            Permission::write("hello.write", "Change the greeting"),
        ],
        ..PageOptions::default()
    })?;
    let app = Router::new()
        .route("/hello", get(hello))
        .layer(AuthorizeLayer::new(keys.clone()).scope("hello.read"))
        .route("/login", get(log_in))
        .route("/keys", keys_page(keys, page, |user: User| user.0));

    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(
        listener,
        app.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .await?;
    Ok(())
}

async fn hello(key: Authorized) -> Json<Value> {
    Json(json!({ "hello": key.name }))
}

#[derive(Deserialize)]
struct Login {
    owner: String,
}

/// For the example only: whoever asks is believed.
async fn log_in(Query(login): Query<Login>) -> Response {
    let cookie = format!("owner={}; Path=/; HttpOnly; SameSite=Lax", login.owner);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.@-".contains(&byte);
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) if !login.owner.is_empty() && login.owner.bytes().all(plain) => {
            ([(SET_COOKIE, cookie)], Redirect::to("/keys")).into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Who is logged in.
struct User(String);

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let cookies = parts.headers.get_all(COOKIE).iter();
        let mut pairs = cookies
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        let owner = pairs.find(|(name, value)| *name == "owner" && !value.is_empty());
        owner
            .map(|(_, owner)| Self(owner.to_owned()))
            .ok_or((StatusCode::UNAUTHORIZED, "log in at /login?owner=NAME"))
    }
}
