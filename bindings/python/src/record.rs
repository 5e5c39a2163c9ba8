//! Data objects: what the facade gives, wrapped, frozen, and converted field by field only when it
//! is read. One macro writes their getters, `repr`, equality, copies and what is pickled.

use crate::json::Json;
use crate::times::Moment;
use crate::words::{Named, Word};
use keywright::Timestamp;
use std::collections::BTreeMap;

/// How a field of the facade's is given to Python.
pub(crate) trait Shown<T: ?Sized> {
    fn shown(value: &T) -> Self;
}

macro_rules! shown_as_they_are {
    ($($type:ty),+) => {
        $(impl Shown<$type> for $type {
            fn shown(value: &$type) -> Self {
                value.clone()
            }
        })+
    };
}

shown_as_they_are!(String, u32, u64, BTreeMap<String, String>);

impl Shown<Timestamp> for Moment {
    fn shown(value: &Timestamp) -> Self {
        Self(*value)
    }
}

impl<T: Named> Shown<T> for Word<T> {
    fn shown(value: &T) -> Self {
        Self(*value)
    }
}

/// A string of JSON becomes a dict.
impl Shown<String> for Json {
    fn shown(value: &String) -> Self {
        Self::parse(value)
    }
}

impl<T, U: Shown<T>> Shown<Option<T>> for Option<U> {
    fn shown(value: &Option<T>) -> Self {
        value.as_ref().map(U::shown)
    }
}

impl<T, U: Shown<T>> Shown<Vec<T>> for Vec<U> {
    fn shown(value: &Vec<T>) -> Self {
        value.iter().map(U::shown).collect()
    }
}

/// Writes the class of a data object: `NAME of FACADE_TYPE { getter: Type = field; … }`, and what
/// more methods it has. A field that is added to the facade's type and is missing here stops the
/// build.
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        $name:ident of $facade:path {
            $($(#[doc = $about:literal])+ $getter:ident: $type:ty = $field:ident;)+
        }
        $($more:item)*
    ) => {
        $(#[doc = $doc])+
        #[pyo3::pyclass(frozen, eq, hash, module = "keywright")]
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub(crate) struct $name($facade);

        impl From<$facade> for $name {
            fn from(value: $facade) -> Self {
                Self(value)
            }
        }

        impl crate::record::Shown<$facade> for $name {
            fn shown(value: &$facade) -> Self {
                Self(value.clone())
            }
        }

        #[pyo3::pymethods]
        impl $name {
            $(
                $(#[doc = $about])+
                #[getter]
                fn $getter(&self) -> pyo3::PyResult<$type> {
                    crate::errors::guard(None, || Ok(crate::record::Shown::shown(&self.0.$field)))
                }
            )+

            fn __repr__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<String> {
                use pyo3::prelude::*;
                crate::errors::guard(None, || {
                    let $facade { $($field),+ } = &self.0;
                    let mut fields = Vec::new();
                    $(
                        let value: $type = crate::record::Shown::shown($field);
                        let shown = value.into_pyobject(py)?.into_any().repr()?.to_string();
                        fields.push(format!("{}={shown}", stringify!($getter)));
                    )+
                    Ok(format!("{}({})", stringify!($name), fields.join(", ")))
                })
            }

            /// It never changes, so that it is its own copy.
            fn __copy__(this: pyo3::Py<Self>) -> pyo3::Py<Self> {
                this
            }

            /// Likewise.
            fn __deepcopy__(
                this: pyo3::Py<Self>,
                _memo: &pyo3::Bound<'_, pyo3::PyAny>,
            ) -> pyo3::Py<Self> {
                this
            }

            /// Pickled as its wire form.
            fn __reduce__<'py>(
                this: &pyo3::Bound<'py, Self>,
            ) -> pyo3::PyResult<(pyo3::Bound<'py, pyo3::PyAny>, (String,))> {
                use pyo3::prelude::*;
                let restore = this.get_type().getattr("_of_wire")?;
                let wire = crate::errors::guard(None, || crate::json::to_text(&this.get().0))?;
                Ok((restore, (wire,)))
            }

            #[staticmethod]
            fn _of_wire(wire: &str) -> pyo3::PyResult<Self> {
                crate::errors::guard(None, || crate::json::of_text(wire).map(Self))
            }

            $($more)*
        }
    };
}
pub(crate) use record;
