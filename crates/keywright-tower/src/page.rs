//! With axum: the key as an extractor, and the keys page as a route.

use crate::layer::Authorized;
use crate::parts::Borrowed;
use axum::body::Body;
use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use keywright::KeyManager;
use keywright_pages::{KeysPage, PageResponse};
use std::convert::Infallible;

/// [`Authorized`] was asked for where no [`AuthorizeLayer`](crate::AuthorizeLayer) is around the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingLayer;

impl IntoResponse for MissingLayer {
    fn into_response(self) -> Response {
        tracing::error!(target: "keywright", "a route takes Authorized, but has no AuthorizeLayer");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Authorized {
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, MissingLayer> {
        parts.extensions.get().cloned().ok_or(MissingLayer)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Authorized {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get().cloned())
    }
}

/// The page on which owners manage their own keys, as a route under any path.
///
/// `owner` says whose keys they are: from whatever the application extracts where it has logged people
/// in. If that extractor refuses (and leads to a login), so does the page.
///
/// ```
/// use axum::{Router, extract::FromRequestParts, http::{StatusCode, request::Parts}};
/// use keywright::{KeyManager, OpenOptions};
/// use keywright_pages::{KeysPage, PageOptions};
/// use keywright_tower::keys_page;
///
/// /// Who is logged in.
/// struct Customer { id: String }
/// # impl<S: Send + Sync> FromRequestParts<S> for Customer {
/// #     type Rejection = StatusCode;
/// #     async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, StatusCode> {
/// #         Err(StatusCode::UNAUTHORIZED)
/// #     }
/// # }
/// # futures_executor::block_on(async {
/// let keys = KeyManager::open(Some("memory:"), OpenOptions::default()).await?;
/// let page = KeysPage::new(PageOptions::default())?;
///
/// let app: Router = Router::new()
///     .route("/account/keys", keys_page(keys, page, |customer: Customer| customer.id));
/// # Ok::<(), keywright::Error>(()) }).unwrap();
/// ```
pub fn keys_page<S, E, F>(keys: KeyManager, page: KeysPage, owner: F) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
    E: FromRequestParts<S> + Send + 'static,
    F: Fn(E) -> String + Clone + Send + Sync + 'static,
{
    any(async move |who: E, request: Request| respond(&keys, &page, &owner(who), request).await)
}

async fn respond(keys: &KeyManager, page: &KeysPage, owner: &str, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // One more than is read, so that the page itself can say that it was too much.
    let limit = KeysPage::LARGEST_BODY + 1;
    let body = match read(body, limit).await {
        Read::All(body) => body,
        Read::TooMuch => vec![0; limit],
        Read::Broken => return StatusCode::BAD_REQUEST.into_response(),
    };
    let borrowed = Borrowed::new(&parts);
    into_response(page.respond(keys, owner, &borrowed.with(&body)).await)
}

enum Read {
    All(Vec<u8>),
    TooMuch,
    Broken,
}

async fn read(body: Body, limit: usize) -> Read {
    match axum::body::to_bytes(body, limit).await {
        Ok(bytes) => Read::All(bytes.into()),
        Err(error) if is_too_much(&error) => Read::TooMuch,
        Err(_) => Read::Broken,
    }
}

fn is_too_much(error: &axum::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn into_response(page: PageResponse) -> Response {
    let mut response = Response::new(Body::from(page.body));
    *response.status_mut() =
        StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in page.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
    response
}
