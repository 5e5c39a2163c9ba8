//! What goes wrong, in OpenAI's form: `{"error":{"message","type","param","code"}}`. Nothing that a
//! request said is in it: all texts and names are ours.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use keywright::{Error, ErrorCode, KeyManager};
use serde::Serialize;
use std::borrow::Cow;

/// Tells the official packages whether to send a request once more.
pub(crate) const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// A refusal, or a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: Option<&'static str>,
    param: Option<&'static str>,
    message: Cow<'static, str>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    message: &'a str,
    r#type: &'static str,
    param: Option<&'static str>,
    code: Option<&'static str>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code: None,
            param: None,
            message: message.into(),
            headers: Vec::new(),
        }
    }

    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Something is wrong with a member or parameter of this name.
    pub(crate) fn about(
        code: &'static str,
        param: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            param: Some(param),
            ..Self::bad_request(message).code(code)
        }
    }

    /// `after` or `before` names nothing that is there.
    pub(crate) fn about_cursor(message: &'static str) -> Self {
        Self {
            param: Some("after"),
            ..Self::not_found(message)
        }
    }

    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    /// What the library says. The log is told what a client is not to know.
    pub(crate) fn of(keys: &KeyManager, error: &Error) -> Self {
        let status = StatusCode::from_u16(error.code.http_status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if status.is_server_error() {
            keys.log_error(error);
            return Self::failed(status);
        }
        let message = match &error.hint {
            Some(hint) => format!("{}: {hint}.", error.message),
            None => format!("{}.", error.message),
        };
        let refusal = Self::new(status, capital(message));
        match error.code {
            ErrorCode::InvalidArgument => refusal.code("invalid_value"),
            ErrorCode::NotFound => refusal,
            // It would be the same once more; the packages try again on 409 unless they are told.
            other => refusal.code(other.as_str()).header(SHOULD_RETRY, "false"),
        }
    }

    /// It is our fault; whoever runs the server finds more in its log.
    pub(crate) fn failed(status: StatusCode) -> Self {
        match status {
            StatusCode::SERVICE_UNAVAILABLE => Self::new(
                status,
                "Keys can't be reached at the moment. Try again in a moment.",
            )
            .code("service_unavailable"),
            _ => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The server failed at this request. Tell whoever runs it its x-request-id.",
            ),
        }
    }

    /// What the state of an object refuses is a 400 in OpenAI's API, and a 409 in ours.
    pub(crate) fn into_openai(mut self) -> Self {
        if self.code == Some(ErrorCode::InvalidState.as_str()) {
            self.status = StatusCode::BAD_REQUEST;
            self.headers.clear();
        }
        self
    }
}

fn capital(text: String) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Body {
            error: Fields {
                message: &self.message,
                r#type: if self.status.is_server_error() {
                    "server_error"
                } else {
                    "invalid_request_error"
                },
                param: self.param,
                code: self.code,
            },
        };
        // Texts can't fail to be written.
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.extend(self.headers);
        response
    }
}
