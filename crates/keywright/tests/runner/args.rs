//! The arguments of one call: each is taken once by its name and in its type, and none may be left.

use super::value::resolve_fields;
use super::{Saved, Trouble};
use keywright::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::time::Duration;

/// Arguments by name.
pub(crate) struct Args(Map<String, Value>);

/// An argument, or that the scenario's argument is none.
pub(crate) type Taken<T> = Result<T, Trouble>;

impl Args {
    /// The arguments with their references carried out.
    pub(crate) fn new(fields: &Map<String, Value>, saved: &Saved) -> Result<Self, String> {
        resolve_fields(fields, saved).map(Self)
    }

    /// An argument that may be absent or null.
    pub(crate) fn maybe<T: DeserializeOwned>(&mut self, name: &str) -> Taken<Option<T>> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(name, value).map(Some),
        }
    }

    /// An argument that must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Taken<T> {
        let value = self
            .0
            .remove(name)
            .ok_or_else(|| Trouble::Unknown(format!("`{name}` is missing")))?;
        read(name, value)
    }

    /// An argument of which absent and null are not the same.
    #[expect(clippy::option_option, reason = "as the facade has it")]
    pub(crate) fn nullable<T: DeserializeOwned>(&mut self, name: &str) -> Taken<Option<Option<T>>> {
        self.0
            .remove(name)
            .map(|value| read(name, value))
            .transpose()
    }

    /// An argument that has a default.
    pub(crate) fn or_default<T: DeserializeOwned + Default>(&mut self, name: &str) -> Taken<T> {
        Ok(self.maybe(name)?.unwrap_or_default())
    }

    /// A span of time in seconds.
    pub(crate) fn span(&mut self, name: &str) -> Taken<Option<Duration>> {
        Ok(self.maybe(name)?.map(Duration::from_secs))
    }

    /// A moment in Unix seconds.
    pub(crate) fn moment(&mut self, name: &str) -> Taken<Option<Timestamp>> {
        self.maybe(name)?.map(moment).transpose()
    }

    /// A moment in Unix seconds, of which absent and null are not the same.
    #[expect(clippy::option_option, reason = "as the facade has it")]
    pub(crate) fn nullable_moment(&mut self, name: &str) -> Taken<Option<Option<Timestamp>>> {
        let Some(seconds) = self.nullable(name)? else {
            return Ok(None);
        };
        seconds.map(moment).transpose().map(Some)
    }

    /// A word, by the reader of its type.
    pub(crate) fn word<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> keywright::Result<T>,
    ) -> Taken<Option<T>> {
        let text: Option<String> = self.maybe(name)?;
        Ok(text.as_deref().map(parse).transpose()?)
    }

    /// A presented secret: text, or bytes in hexadecimal.
    pub(crate) fn secret(&mut self) -> Taken<Vec<u8>> {
        let value: Value = self.need("secret")?;
        match (&value, value.get("$bytes").and_then(Value::as_str)) {
            (Value::String(text), _) => Ok(text.as_bytes().to_vec()),
            (_, Some(digits)) => {
                unhex(digits).ok_or_else(|| Trouble::Unknown("$bytes takes hexadecimal".to_owned()))
            }
            _ => Err(Trouble::Unknown("`secret` is no text".to_owned())),
        }
    }

    /// That nothing is left.
    pub(crate) fn done(self) -> Taken<()> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(Trouble::Unknown(format!("unknown argument `{name}`"))),
        }
    }
}

fn read<T: DeserializeOwned>(name: &str, value: Value) -> Taken<T> {
    serde_json::from_value(value).map_err(|error| Trouble::Unknown(format!("`{name}`: {error}")))
}

fn moment(seconds: i64) -> Taken<Timestamp> {
    Timestamp::from_unix(seconds).ok_or_else(|| Trouble::Unknown(format!("{seconds} is no moment")))
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
