//! `Secret`: an opaque object. Only `reveal()` gives out what is in it, and closing it (or letting
//! it go) wipes it.

use crate::arguments::text;
use crate::errors::{invalid, raise};
use keywright::{Error, ErrorCode, HashKey};
use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3::{Borrowed, PyTypeInfo, type_hint_union};
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// A secret that doesn't show itself: not in `repr`, `str`, formatting, logs, pickles or JSON.
///
/// `reveal()` gives it out, as a string that Python can't wipe. `close()`, or the end of a `with`
/// block, wipes the object's own copy at once; else that happens when the object goes away.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct Secret {
    value: Mutex<Option<Arc<keywright::Secret>>>,
    /// How it shows itself.
    shown: String,
    redacted: String,
}

#[pymethods]
impl Secret {
    /// Takes a string over, for example from the environment. The caller's own copy stays.
    #[new]
    fn new(value: Given) -> Self {
        Self::from(value.0)
    }

    /// The secret itself. `ClosedError` once it is closed.
    fn reveal<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        self.open().map(|secret| PyString::new(py, secret.reveal()))
    }

    /// What may be shown of it.
    #[getter]
    fn redacted_value(&self) -> &str {
        &self.redacted
    }

    /// Wipes it at once: `reveal()` is a `ClosedError` from now on. Closing twice is fine.
    fn close(&self) {
        self.slot().take();
    }

    fn __enter__(this: Py<Self>) -> Py<Self> {
        this
    }

    fn __exit__(
        &self,
        _kind: &Bound<'_, PyAny>,
        _error: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) {
        self.close();
    }

    fn __repr__(&self) -> &str {
        &self.shown
    }

    fn __str__(&self) -> &str {
        &self.shown
    }

    fn __format__(&self, _spec: &Bound<'_, PyAny>) -> &str {
        &self.shown
    }

    #[expect(clippy::unused_self, reason = "Python gives it")]
    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<String> {
        Err(refuse("pickled"))
    }

    #[expect(clippy::unused_self, reason = "Python gives it")]
    fn __copy__(&self) -> PyResult<()> {
        Err(refuse("copied"))
    }

    #[expect(clippy::unused_self, reason = "Python gives it")]
    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(refuse("copied"))
    }
}

fn refuse(what: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "a Secret can't be {what}; use .reveal() where it has to go out"
    ))
}

impl Secret {
    /// The value, unless it is closed.
    pub(crate) fn open(&self) -> PyResult<Arc<keywright::Secret>> {
        self.slot().clone().ok_or_else(|| {
            raise(
                Error::new(ErrorCode::Closed, "the secret has been closed")
                    .hint("reveal it before it is closed"),
            )
        })
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Arc<keywright::Secret>>> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<keywright::Secret> for Secret {
    fn from(secret: keywright::Secret) -> Self {
        Self {
            shown: format!("{secret:?}"),
            redacted: secret.redacted_value().to_owned(),
            value: Mutex::new(Some(Arc::new(secret))),
        }
    }
}

/// A presented secret, as `str`, `bytes` or [`Secret`].
pub(crate) enum Presented<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Held(Arc<keywright::Secret>),
    /// A `str` that is not Unicode. No secret of any form is empty either, so it is taken as that.
    Broken,
}

impl<'a, 'py> FromPyObject<'a, 'py> for Presented<'a> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr =
        type_hint_union!(PyString::TYPE_HINT, PyBytes::TYPE_HINT, Secret::TYPE_HINT);

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() {
            return Ok(text(object).map_or(Self::Broken, Self::Text));
        }
        if let Ok(bytes) = object.extract() {
            return Ok(Self::Bytes(bytes));
        }
        match object.cast::<Secret>() {
            Ok(secret) => secret.get().open().map(Self::Held),
            Err(_) => Err(PyTypeError::new_err("a secret is a str, bytes or a Secret")),
        }
    }
}

impl AsRef<[u8]> for Presented<'_> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
            Self::Held(secret) => secret.reveal().as_bytes(),
            Self::Broken => b"",
        }
    }
}

impl Presented<'_> {
    /// The same for longer, wiped when it is dropped.
    pub(crate) fn keep(self) -> Kept {
        match self {
            Self::Held(secret) => Kept::Held(secret),
            other => Kept::Copied(Zeroizing::new(other.as_ref().to_vec())),
        }
    }

    /// As a secret of the library's own.
    pub(crate) fn to_secret(&self) -> PyResult<keywright::Secret> {
        let not_text = || {
            invalid(
                "a secret to keep is text",
                "give a str, or bytes that are UTF-8",
            )
        };
        if matches!(self, Self::Broken) {
            return Err(not_text());
        }
        let text = std::str::from_utf8(self.as_ref()).map_err(|_| not_text())?;
        Ok(keywright::Secret::from_string(text.to_owned()))
    }
}

/// A presented secret that outlives the call that brought it.
pub(crate) enum Kept {
    Held(Arc<keywright::Secret>),
    Copied(Zeroizing<Vec<u8>>),
}

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Held(secret) => secret.reveal().as_bytes(),
            Self::Copied(bytes) => bytes,
        }
    }
}

/// A secret argument that is kept: `str`, `bytes` or [`Secret`].
pub(crate) struct Given(pub(crate) keywright::Secret);

impl<'a, 'py> FromPyObject<'a, 'py> for Given {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = Presented::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Presented::extract(object)?.to_secret().map(Self)
    }
}

/// The key of a hash: `str`, any `bytes`, or [`Secret`].
pub(crate) struct GivenKey(pub(crate) HashKey);

impl<'a, 'py> FromPyObject<'a, 'py> for GivenKey {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = Presented::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let key = match Presented::extract(object)? {
            Presented::Broken => {
                return Err(invalid(
                    "the key of a hash is not Unicode",
                    "give bytes where it is no text",
                ));
            }
            key => key,
        };
        Ok(Self(HashKey::from_bytes(key.as_ref().to_vec())))
    }
}
