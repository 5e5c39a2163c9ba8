//! The members of a JSON body, read one by one into what they are to be. What is wrong with one is
//! told by its name, which is ours, and never by its value.

use crate::error::ApiError;
use serde_json::{Map, Number, Value};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

/// A JSON object whose members are taken out.
#[derive(Default)]
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// Reads a body; an empty one has no members.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ApiError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        let broken = || {
            ApiError::bad_request(
                "We could not parse the JSON body of your request. It has to be a JSON object, in UTF-8.",
            )
        };
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) | Err(_) => Err(broken()),
        }
    }

    /// The members of an object within another one.
    pub(crate) fn of(value: Value, name: &'static str) -> Result<Self, ApiError> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(invalid_type(name, "an object")),
        }
    }

    /// A member; `null` counts as absent.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Whether it is there, be it `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether it is there as `null`.
    pub(crate) fn is_null(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(Value::is_null)
    }

    /// Refuses `null` where absent is another thing.
    pub(crate) fn no_null(&self, name: &'static str) -> Result<(), ApiError> {
        if self.is_null(name) {
            return Err(ApiError::about(
                "invalid_type",
                name,
                format!("'{name}' must not be null. Leave it out to keep what is."),
            ));
        }
        Ok(())
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, ApiError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(invalid_type(name, "a string")),
        }
    }

    pub(crate) fn required_text(&mut self, name: &'static str) -> Result<String, ApiError> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    /// A secret that somebody presents; it is wiped when it is let go.
    pub(crate) fn secret(&mut self, name: &'static str) -> Result<Zeroizing<String>, ApiError> {
        self.required_text(name).map(Zeroizing::new)
    }

    pub(crate) fn integer(
        &mut self,
        name: &'static str,
        range: RangeInclusive<u64>,
    ) -> Result<Option<u64>, ApiError> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let Value::Number(number) = value else {
            return Err(invalid_type(name, "an integer"));
        };
        match number.as_u64().or_else(|| whole(&number)) {
            Some(number) => within(name, number, &range).map(Some),
            None if number.as_i64().is_some() => Err(too_small(name, *range.start())),
            None => Err(invalid_type(name, "an integer")),
        }
    }

    pub(crate) fn boolean(&mut self, name: &'static str) -> Result<Option<bool>, ApiError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(it)) => Ok(Some(it)),
            Some(_) => Err(invalid_type(name, "true or false")),
        }
    }

    pub(crate) fn list(&mut self, name: &'static str) -> Result<Option<Vec<Value>>, ApiError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(invalid_type(name, "an array")),
        }
    }

    pub(crate) fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, ApiError> {
        let Some(items) = self.list(name)? else {
            return Ok(None);
        };
        let text = |item| match item {
            Value::String(text) => Ok(text),
            _ => Err(invalid_type(name, "an array of strings")),
        };
        items
            .into_iter()
            .map(text)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    pub(crate) fn pairs(
        &mut self,
        name: &'static str,
    ) -> Result<BTreeMap<String, String>, ApiError> {
        let Some(value) = self.value(name) else {
            return Ok(BTreeMap::new());
        };
        let pair = |(key, value)| match value {
            Value::String(value) => Ok((key, value)),
            _ => Err(invalid_type(name, "an object whose values are strings")),
        };
        let Self(members) = Self::of(value, name)?;
        members.into_iter().map(pair).collect()
    }

    /// Refuses members that nobody asked for: one that is misspelt must not pass for one that is not
    /// there.
    pub(crate) fn end(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(ApiError::bad_request(
            "The body has a member that this request doesn't know. Look at the spelling of its members.",
        )
        .code("unknown_parameter"))
    }
}

/// `60.0` is an integer in JSON, as far as floating point tells integers apart.
fn whole(number: &Number) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = number.as_f64()?;
    let exact = number.fract() == 0.0 && (0.0..=EXACT).contains(&number);
    // Its shortest form has no point then, and is a whole number's.
    exact.then(|| number.to_string().parse().ok()).flatten()
}

pub(crate) fn within(
    name: &'static str,
    number: u64,
    range: &RangeInclusive<u64>,
) -> Result<u64, ApiError> {
    if number < *range.start() {
        return Err(too_small(name, *range.start()));
    }
    if number > *range.end() {
        let message = format!("'{name}' is too large: at most {}.", range.end());
        return Err(ApiError::about("integer_above_max_value", name, message));
    }
    Ok(number)
}

pub(crate) fn too_small(name: &'static str, least: u64) -> ApiError {
    let message = format!("'{name}' is too small: at least {least}.");
    ApiError::about("integer_below_min_value", name, message)
}

pub(crate) fn missing(name: &'static str) -> ApiError {
    let message = format!("'{name}' is missing.");
    ApiError::about("missing_required_parameter", name, message)
}

pub(crate) fn invalid_type(name: &'static str, wanted: &str) -> ApiError {
    ApiError::about(
        "invalid_type",
        name,
        format!("'{name}' has to be {wanted}."),
    )
}

pub(crate) fn invalid_value(name: &'static str, wanted: &str) -> ApiError {
    ApiError::about(
        "invalid_value",
        name,
        format!("'{name}' can't be that: {wanted}."),
    )
}
