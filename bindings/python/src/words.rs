//! Enums are strings in Python, with `Literal` types: the words of the tables, in and out.

use crate::arguments::text;
use keywright::{
    AuthorizeCode, Class, ErrorForm, KeyStatus, LogLevel, OwnerKind, Result, RevocationReason,
    VerifyCode, VersionStatus,
};
use keywright_pages::{ColorScheme, Language};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyString;
use pyo3::{Borrowed, type_hint_identifier};
use std::convert::Infallible;

/// An enum with a stable name for each variant.
pub(crate) trait Named: Copy + 'static {
    /// The `Literal` type that has these names.
    const HINT: PyStaticExpr;
    /// The variant's name.
    fn name(self) -> &'static str;
}

/// A named variant as Python sees it.
#[derive(Clone, Copy)]
pub(crate) struct Word<T>(pub(crate) T);

impl<'py, T: Named> IntoPyObject<'py> for Word<T> {
    type Target = PyString;
    type Output = Bound<'py, PyString>;
    type Error = Infallible;

    const OUTPUT_TYPE: PyStaticExpr = T::HINT;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(PyString::intern(py, self.0.name()))
    }
}

/// A word that comes in can be read back into its variant.
pub(crate) trait Parsed: Named {
    /// The variant of that name.
    fn parse(name: &str) -> Result<Self>;
}

impl<'a, 'py, T: Parsed> FromPyObject<'a, 'py> for Word<T> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = T::HINT;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        T::parse(text(object)?)
            .map(Self)
            .map_err(crate::errors::raise)
    }
}

macro_rules! named {
    ($($type:ident $hint:literal $(, $parsed:ident $parse:ident)?;)+) => {
        $(
            impl Named for $type {
                const HINT: PyStaticExpr = type_hint_identifier!("keywright._words", $hint);
                fn name(self) -> &'static str {
                    self.as_str()
                }
            }
            $(impl $parsed for $type {
                fn parse(name: &str) -> Result<Self> {
                    Self::$parse(name)
                }
            })?
        )+

        /// Every list of words, for the test that compares them with the `Literal` types.
        #[cfg(feature = "test-support")]
        pub(crate) fn all() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$(($hint, $type::ALL.iter().map(|it| it.as_str()).collect()),)+]
        }
    };
}

named! {
    Class "KeyClass", Parsed parse;
    KeyStatus "KeyStatus", Parsed parse;
    RevocationReason "RevocationReason", Parsed parse;
    OwnerKind "OwnerKind";
    VersionStatus "VersionStatus";
    VerifyCode "VerifyCode";
    AuthorizeCode "AuthorizeCode";
    ErrorForm "ErrorForm", Parsed parse;
    ColorScheme "ColorScheme", Parsed parse;
    Language "Language", Parsed named;
    LogLevel "LogLevel";
}
