//! The body of a request, read within bounds of size and time, and taken for JSON where it says that
//! it is.

use crate::error::ApiError;
use crate::members::Members;
use axum::extract::{FromRequest, Request};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Duration;

/// The largest body that is read. A batch of a hundred secrets is a tenth of it.
pub(crate) const LARGEST_BODY: usize = 256 * 1024;
/// How long a body may take to arrive.
const SLOWEST_BODY: Duration = Duration::from_secs(30);

impl<S: Sync> FromRequest<S> for Members {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = tokio::time::timeout(SLOWEST_BODY, Limited::new(body, LARGEST_BODY).collect());
        let bytes = match bytes.await {
            Ok(Ok(read)) => read.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large()),
            Ok(Err(_)) => {
                return Err(ApiError::bad_request("The body ended before it was whole."));
            }
            Err(_) => {
                return Err(ApiError::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "The body took too long to arrive.",
                ));
            }
        };
        if !bytes.is_empty() && !is_json(&parts.headers) {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body has to be JSON. Send it with 'Content-Type: application/json'.",
            ));
        }
        Self::parse(&bytes)
    }
}

fn too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("The body is too large: at most {LARGEST_BODY} bytes."),
    )
}

/// Whether it says that it is JSON, once.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else {
        return false;
    };
    let essence = first.to_str().ok().and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// What makes a create repeatable.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut given = headers.get_all("idempotency-key").iter();
    let first = given.next();
    if given.next().is_some() {
        return Err(ApiError::bad_request(
            "Idempotency-Key was sent more than once.",
        ));
    }
    let text = |value: &HeaderValue| {
        let text = value.to_str().ok().map(str::to_owned);
        text.ok_or_else(|| ApiError::bad_request("Idempotency-Key has to be ASCII."))
    };
    first.map(text).transpose()
}
