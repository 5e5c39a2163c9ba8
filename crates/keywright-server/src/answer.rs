//! What is sent back: JSON objects and lists in OpenAI's form.

use crate::error::ApiError;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

/// What a handler gives.
pub(crate) type Answer = Result<Response, ApiError>;

/// An object with a secret in it, for this one time. It is borrowed, so that no copy is left behind.
#[derive(Serialize)]
pub(crate) struct WithValue<'a, T: Serialize> {
    #[serde(flatten)]
    pub(crate) object: T,
    pub(crate) value: &'a str,
}

/// A list, page by page.
#[derive(Serialize)]
struct List {
    object: &'static str,
    data: Vec<Value>,
    first_id: Value,
    last_id: Value,
    has_more: bool,
}

#[derive(Serialize)]
struct Deleted<'a> {
    id: &'a str,
    object: &'static str,
    #[serde(rename = "deleted")]
    done: bool,
}

pub(crate) fn json(value: &impl Serialize) -> Answer {
    let failed = |_| ApiError::failed(StatusCode::INTERNAL_SERVER_ERROR);
    let text = serde_json::to_vec(value).map_err(failed)?;
    let mut response = text.into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Ok(response)
}

pub(crate) fn list(data: Vec<Value>, has_more: bool) -> Answer {
    let id = |item: Option<&Value>| item.map_or(Value::Null, |item| item["id"].clone());
    json(&List {
        object: "list",
        first_id: id(data.first()),
        last_id: id(data.last()),
        data,
        has_more,
    })
}

pub(crate) fn deleted(id: &str, object: &'static str) -> Answer {
    json(&Deleted {
        id,
        object,
        done: true,
    })
}

/// A page of what there is as a whole: what stands behind the cursor.
pub(crate) fn page_of<T>(
    all: Vec<T>,
    after: Option<&str>,
    limit: u32,
    id: impl Fn(&T) -> &str,
    shown: impl Fn(&T) -> bool,
) -> Result<(Vec<T>, bool), ApiError> {
    let start = match after {
        None => 0,
        Some(after) => {
            let place = all.iter().position(|item| id(item) == after);
            place.ok_or_else(no_such_cursor)? + 1
        }
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut rest = all.into_iter().skip(start).filter(|item| shown(item));
    let page: Vec<T> = rest.by_ref().take(limit).collect();
    let has_more = rest.next().is_some();
    Ok((page, has_more))
}

pub(crate) fn no_such_cursor() -> ApiError {
    ApiError::about_cursor("pagination cursor not found")
}
