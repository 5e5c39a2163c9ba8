//! What comes in from Python. A wrong type is a `TypeError`, as everywhere in Python; a value that
//! is no good is an `InvalidArgumentError`. Neither repeats what was given: it could be a secret.

use crate::errors::invalid;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyUnicodeEncodeError};
use pyo3::inspect::{PyStaticExpr, PyStaticOperator};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyMapping, PyString};
use pyo3::{Borrowed, PyTypeInfo, type_hint_identifier, type_hint_subscript};
use std::collections::BTreeMap;

/// The text of a `str`.
pub(crate) fn text<'a>(object: Borrowed<'a, '_, PyAny>) -> PyResult<&'a str> {
    object.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyUnicodeEncodeError>(object.py()) {
            invalid(
                "a text is not Unicode: it has half of a surrogate pair",
                "decode it from UTF-8 before it is given",
            )
        } else {
            error
        }
    })
}

/// A `str`.
pub(crate) struct Text(pub(crate) String);

impl<'a, 'py> FromPyObject<'a, 'py> for Text {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = PyString::TYPE_HINT;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        text(object).map(|text| Self(text.to_owned()))
    }
}

/// The text of an optional argument.
pub(crate) fn plain(text: Option<Text>) -> Option<String> {
    text.map(|Text(text)| text)
}

/// Any iterable of items, but not one string, whose letters would be the items.
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<'py, T> FromPyObject<'_, 'py> for List<T>
where
    T: pyo3::conversion::FromPyObjectOwned<'py>,
{
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Iterable"),
        T::INPUT_TYPE
    );

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() || object.is_instance_of::<PyBytes>() {
            return Err(PyTypeError::new_err(
                "a list is wanted here, and not one string",
            ));
        }
        object
            .try_iter()?
            .map(|item| item?.extract().map_err(Into::into))
            .collect::<PyResult<_>>()
            .map(Self)
    }
}

/// The texts of a list.
pub(crate) fn texts(List(items): List<Text>) -> Vec<String> {
    items.into_iter().map(|Text(text)| text).collect()
}

/// A mapping of texts to texts.
#[derive(Default)]
pub(crate) struct Pairs(pub(crate) BTreeMap<String, String>);

impl<'a, 'py> FromPyObject<'a, 'py> for Pairs {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Mapping"),
        PyString::TYPE_HINT,
        PyString::TYPE_HINT
    );

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let mapping = object.cast::<PyMapping>()?;
        let mut pairs = BTreeMap::new();
        for pair in mapping.items()?.iter() {
            let (Text(key), Text(value)) = pair.extract()?;
            pairs.insert(key, value);
        }
        Ok(Self(pairs))
    }
}

/// A whole number that the library can count with.
#[derive(Clone, Copy)]
pub(crate) struct Whole<T>(pub(crate) T);

impl<'a, 'py, T: TryFrom<u64>> FromPyObject<'a, 'py> for Whole<T> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_identifier!("builtins", "int");

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let out_of_range = || {
            invalid(
                "a number is out of range",
                "give one that is not negative and not too large",
            )
        };
        no_bool(object)?;
        let number: u64 = object.extract().map_err(|error: PyErr| {
            if error.is_instance_of::<PyOverflowError>(object.py()) {
                out_of_range()
            } else {
                error
            }
        })?;
        T::try_from(number).map(Self).map_err(|_| out_of_range())
    }
}

/// Refuses True and False where a number is wanted: they pass for 1 and 0, and are a mistake.
pub(crate) fn no_bool(object: Borrowed<'_, '_, PyAny>) -> PyResult<()> {
    if object.is_instance_of::<PyBool>() {
        return Err(PyTypeError::new_err(
            "a number is wanted here, and not True or False",
        ));
    }
    Ok(())
}

/// The number of an optional argument.
pub(crate) fn number<T>(whole: Option<Whole<T>>) -> Option<T> {
    whole.map(|Whole(number)| number)
}

/// What `update` is given for a field that stays as it is.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct Unset;

#[pymethods]
impl Unset {
    #[new]
    fn new() -> Self {
        Self
    }

    #[expect(clippy::unused_self, reason = "Python gives it")]
    fn __repr__(&self) -> &'static str {
        "UNSET"
    }
}

/// A value, or [`Unset`].
pub(crate) enum Change<T> {
    Keep,
    Set(T),
}

impl<T> Change<T> {
    pub(crate) fn map<U>(self, convert: impl FnOnce(T) -> U) -> Option<U> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(convert(value)),
        }
    }
}

impl<'a, 'py, T: FromPyObject<'a, 'py>> FromPyObject<'a, 'py> for Change<T> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = PyStaticExpr::BinOp {
        left: &T::INPUT_TYPE,
        op: PyStaticOperator::BitOr,
        right: &Unset::TYPE_HINT,
    };

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<Unset>() {
            return Ok(Self::Keep);
        }
        object.extract().map(Self::Set).map_err(Into::into)
    }
}
