//! The query of a request. Arrays come as `name[]=a&name[]=b` or `name=a&name=b`.

use crate::error::ApiError;
use crate::members::{invalid_type, invalid_value, too_small, within};
use axum::extract::FromRequestParts;
use http::request::Parts;
use std::convert::Infallible;
use std::ops::RangeInclusive;

/// The parameters, decoded, in their order.
pub(crate) struct Query(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        ))
    }
}

impl Query {
    /// The values of a parameter that may come several times.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let named = |given: &str| given == name || given.strip_suffix("[]") == Some(name);
        let values = self.0.iter().filter(|(given, _)| named(given));
        values.map(|(_, value)| value.clone()).collect()
    }

    /// The value of a parameter that comes once at most.
    pub(crate) fn one(&self, name: &'static str) -> Result<Option<&str>, ApiError> {
        let mut values = self.0.iter().filter(|(given, _)| given == name);
        let first = values.next().map(|(_, value)| value.as_str());
        if values.next().is_some() {
            return Err(invalid_value(name, "it was sent more than once"));
        }
        Ok(first)
    }

    pub(crate) fn integer(
        &self,
        name: &'static str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<u64>, ApiError> {
        let Some(text) = self.one(name)? else {
            return Ok(None);
        };
        match text.parse::<u64>() {
            Ok(number) => within(name, number, &range).map(Some),
            Err(_) if text.parse::<i64>().is_ok() => Err(too_small(name, *range.start())),
            Err(_) => Err(invalid_type(name, "an integer")),
        }
    }

    /// How many are wanted on a page.
    pub(crate) fn limit(&self, range: RangeInclusive<u64>, default: u32) -> Result<u32, ApiError> {
        let given = self.integer("limit", range)?;
        Ok(given
            .and_then(|limit| u32::try_from(limit).ok())
            .unwrap_or(default))
    }

    pub(crate) fn boolean(&self, name: &'static str) -> Result<bool, ApiError> {
        match self.one(name)? {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(invalid_type(name, "true or false")),
        }
    }

    /// One of a few words.
    pub(crate) fn choice(
        &self,
        name: &'static str,
        words: &'static [&'static str],
    ) -> Result<Option<&'static str>, ApiError> {
        let Some(given) = self.one(name)? else {
            return Ok(None);
        };
        let found = words.iter().copied().find(|word| *word == given);
        found
            .map(Some)
            .ok_or_else(|| invalid_value(name, &format!("use {}", words.join(", "))))
    }
}
