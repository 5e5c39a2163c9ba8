//! `POST /v1/leaks`: whoever presents a secret that is good ends it. It takes no key, and the answer
//! is the same bytes whatever was sent, so that nobody learns from it what a secret is worth.

use crate::answer::json;
use crate::credential::acting_from;
use crate::error::ApiError;
use crate::members::Members;
use crate::state::App;
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

/// Who acts, in the audit trail.
const ACTOR: &str = "leak-report";

#[derive(Serialize)]
struct Received {
    object: &'static str,
    received: bool,
}

pub(crate) async fn report(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let keys = match acting_from(&app, ACTOR, &parts) {
        Ok(keys) => keys,
        Err(error) => return error.into_response(),
    };
    let read = Members::from_request(Request::from_parts(parts, body), &()).await;
    if let Ok(mut members) = read
        && let Ok(secret) = members.secret("secret")
        && let Err(error) = keys.revoke_leaked(secret.as_str()).await
    {
        // The key may live on: that must not pass for done.
        keys.log_error(&error);
        return ApiError::failed(StatusCode::SERVICE_UNAVAILABLE).into_response();
    }
    let received = Received {
        object: "leak_report",
        received: true,
    };
    json(&received).into_response()
}
