//! Who asks: routes that manage take an admin key, and say one and the same 401 to everything that is
//! none. Handlers get a view of the store in whose audit trail that key acts.

use crate::error::ApiError;
use crate::state::App;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use keywright::for_server::AdminAuthorization;
use keywright::{
    ApiKey, Authorization, AuthorizeCode, AuthorizeOptions, Error, KeyManager, RequestParts,
    VerifyCode,
};
use std::net::SocketAddr;

/// The address at the other end of the connection, in a request's extensions. [`Server`](crate::Server)
/// puts it there; who runs [`router`](crate::router) otherwise does it themselves, or the audit trail
/// has no addresses and no proxy is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Whoever may manage.
#[derive(Clone)]
pub(crate) struct Admin {
    /// The store, with this key acting.
    pub(crate) keys: KeyManager,
}

impl Admin {
    /// What the library says, as an answer.
    pub(crate) fn told(&self, error: &Error) -> ApiError {
        ApiError::of(&self.keys, error)
    }

    /// The same, in OpenAI's API.
    pub(crate) fn told_openai(&self, error: &Error) -> ApiError {
        self.told(error).into_openai()
    }
}

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        // A route that takes it and does not stand behind `require_admin` lets nobody in.
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| ApiError::failed(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// What of a request the library is told.
struct Borrowed<'a> {
    parts: &'a Parts,
    headers: Vec<(&'a str, &'a [u8])>,
    peer: Option<String>,
}

impl<'a> Borrowed<'a> {
    fn new(parts: &'a Parts) -> Self {
        let headers = parts.headers.iter();
        let peer = parts.extensions.get::<Peer>();
        Self {
            parts,
            headers: headers
                .map(|(name, value)| (name.as_str(), value.as_bytes()))
                .collect(),
            peer: peer.map(|Peer(address)| address.ip().to_string()),
        }
    }

    fn parts(&self) -> RequestParts<'_> {
        let target = self.parts.uri.path_and_query();
        RequestParts {
            method: self.parts.method.as_str(),
            target: target.map_or("/", http::uri::PathAndQuery::as_str),
            headers: &self.headers,
            peer: self.peer.as_deref(),
            body: &[],
        }
    }
}

/// Lets requests with an admin key pass.
pub(crate) async fn require_admin(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match admin(&app, &parts).await {
        Ok(admin) => {
            parts.extensions.insert(admin);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(refusal) => refusal,
    }
}

async fn admin(app: &App, parts: &Parts) -> Result<Admin, Response> {
    let borrowed = Borrowed::new(parts);
    let request = borrowed.parts();
    let failed = |error: Error| app.told(&error).into_response();
    match app.keys.authorize_admin(&request, &app.policy).await {
        Ok(AdminAuthorization::Passed(key)) => {
            let keys = acting(app, &key.id, &request).map_err(failed)?;
            Ok(Admin { keys })
        }
        Ok(AdminAuthorization::NoAdminKey) => Err(no_admin_key(&parts.method).into_response()),
        Ok(AdminAuthorization::Refused(answer)) => Err(refusal(&answer)),
        Err(error) => Err(failed(error)),
    }
}

/// The store with someone acting in its audit trail, from their address.
pub(crate) fn acting_from(app: &App, actor: &str, parts: &Parts) -> Result<KeyManager, ApiError> {
    let borrowed = Borrowed::new(parts);
    acting(app, actor, &borrowed.parts()).map_err(|error| app.told(&error))
}

fn acting(app: &App, actor: &str, request: &RequestParts<'_>) -> Result<KeyManager, Error> {
    let address = app.policy.client_address(request);
    let address = address.map(|address| address.to_string());
    app.keys.acting_as(actor, address.as_deref())
}

/// The key of whoever asks, be it a data key or an admin key. It costs no credits.
pub(crate) async fn holder(app: &App, parts: &Parts) -> Result<ApiKey, Response> {
    let borrowed = Borrowed::new(parts);
    let request = borrowed.parts();
    let failed = |error: Error| app.told(&error).into_response();
    let free = AuthorizeOptions {
        cost: Some(0),
        ..AuthorizeOptions::default()
    };
    let answer = app.keys.authorize(&request, &free, &app.policy).await;
    let answer = answer.map_err(failed)?;
    if let Some(key) = answer.key() {
        return Ok(key);
    }
    if answer.code() != AuthorizeCode::Verified(VerifyCode::WrongClass) {
        return Err(refusal(&answer));
    }
    match app.keys.authorize_admin(&request, &app.policy).await {
        Ok(AdminAuthorization::Passed(key)) => Ok(*key),
        Ok(AdminAuthorization::Refused(answer)) => Err(refusal(&answer)),
        Ok(AdminAuthorization::NoAdminKey) => Err(refusal(&answer)),
        Err(error) => Err(failed(error)),
    }
}

/// 401 is a dead key, 403 a live one without the right.
fn no_admin_key(method: &Method) -> ApiError {
    let (message, challenge) = if matches!(*method, Method::GET | Method::HEAD) {
        (
            "You have insufficient permissions for this operation. Missing scopes: api.management.read. Use an admin key.",
            "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"api.management.read\"",
        )
    } else {
        (
            "You have insufficient permissions for this operation. Missing scopes: api.management.write. Use an admin key.",
            "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"api.management.write\"",
        )
    };
    ApiError::new(StatusCode::FORBIDDEN, message)
        .code("insufficient_permissions")
        .header(header::WWW_AUTHENTICATE, challenge)
}

fn refusal(answer: &Authorization) -> Response {
    let status = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = (status, answer.body().to_owned()).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in answer.headers() {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    response
}
