//! What is around every request: bounds on its head, an id for it, headers on the answer, and a wall
//! for panics.

use crate::error::ApiError;
use crate::state::App;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use keywright::{Error, ErrorCode};
use std::fmt::Write as _;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Instant;

/// As much as all headers may hold together.
pub(crate) const LARGEST_HEAD: usize = 64 * 1024;
/// As long as path and query may be.
const LONGEST_TARGET: usize = 8 * 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const VERSION: HeaderName = HeaderName::from_static("openai-version");
const PROCESSING: HeaderName = HeaderName::from_static("openai-processing-ms");

pub(crate) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let mut response = match too_large(&request) {
        Some(refusal) => refusal.into_response(),
        None => contained(next.run(request)).await,
    };
    let status = response.status();
    let headers = response.headers_mut();
    if let Some(id) = request_id(&app) {
        if status.is_server_error() {
            // Beside what failed, so that whoever is told the id finds it.
            let message = format!("request {id} was answered with {}", status.as_u16());
            app.keys
                .log_error(&Error::new(ErrorCode::Internal, message));
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            headers.insert(REQUEST_ID, id);
        }
    }
    headers.insert(VERSION, HeaderValue::from_static("2020-10-01"));
    let elapsed = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    headers.insert(PROCESSING, HeaderValue::from(elapsed));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

fn too_large(request: &Request) -> Option<ApiError> {
    let target = request.uri().path_and_query();
    if target.is_some_and(|target| target.as_str().len() > LONGEST_TARGET) {
        let message = format!("The URL is too long: at most {LONGEST_TARGET} bytes.");
        return Some(ApiError::new(StatusCode::URI_TOO_LONG, message));
    }
    let headers = request.headers().iter();
    let size: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    (size > LARGEST_HEAD).then(|| {
        ApiError::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            format!("The headers are too large: at most {LARGEST_HEAD} bytes together."),
        )
    })
}

/// `req_` and 32 hexadecimal digits.
fn request_id(app: &App) -> Option<String> {
    let bytes = app.keys.random_bytes().ok()?;
    let mut id = "req_".to_owned();
    for byte in bytes {
        let _ = write!(id, "{byte:02x}");
    }
    Some(id)
}

/// A panic ends its request, and no other. Its text could hold anything, and goes nowhere.
async fn contained(work: impl Future<Output = Response>) -> Response {
    let mut work = pin!(work);
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or_else(|panic| {
            std::mem::forget(panic);
            let failed = ApiError::failed(StatusCode::INTERNAL_SERVER_ERROR);
            Poll::Ready(failed.into_response())
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_executor::block_on;

    #[test]
    fn a_panic_is_an_answer() {
        let broken = async {
            std::future::ready(()).await;
            panic!("a secret")
        };
        let response = block_on(contained(broken));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
