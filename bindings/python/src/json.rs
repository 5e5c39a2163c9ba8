//! The wire form of an object as Python's own dicts, lists and scalars.

use crate::errors::{invalid, raise};
use keywright::{Error, ErrorCode};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use pyo3::{type_hint_identifier, type_hint_subscript};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An object of JSON, which becomes a `dict`.
pub(crate) struct Json(pub(crate) Value);

/// The wire form of `value` as text.
pub(crate) fn to_text(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|_| formless())
}

/// What that text is the wire form of.
pub(crate) fn of_text<T: DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|_| {
        invalid(
            "that is not the wire form of such an object",
            "unpickle with the version that pickled",
        )
    })
}

fn formless() -> PyErr {
    raise(Error::new(
        ErrorCode::Internal,
        "an object has no wire form",
    ))
}

impl Json {
    /// The wire form of `value`.
    pub(crate) fn of(value: &impl Serialize) -> PyResult<Self> {
        serde_json::to_value(value)
            .map(Self)
            .map_err(|_| formless())
    }

    /// The object in `text`; an empty one if there is none.
    pub(crate) fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_else(|_| Value::Object(serde_json::Map::new())))
    }
}

impl<'py> IntoPyObject<'py> for Json {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("builtins", "dict"),
        type_hint_identifier!("builtins", "str"),
        type_hint_identifier!("typing", "Any")
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        convert(py, self.0)
    }
}

fn convert(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(value) => Ok(value.into_pyobject(py)?.to_owned().into_any()),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Ok(number.into_pyobject(py)?.into_any()),
            (None, Some(number)) => Ok(number.into_pyobject(py)?.into_any()),
            (None, None) => Ok(number.as_f64().into_pyobject(py)?.into_any()),
        },
        Value::String(text) => Ok(text.into_pyobject(py)?.into_any()),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(convert(py, item)?)?;
            }
            Ok(list.into_any())
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            for (name, value) in fields {
                dict.set_item(name, convert(py, value)?)?;
            }
            Ok(dict.into_any())
        }
    }
}
