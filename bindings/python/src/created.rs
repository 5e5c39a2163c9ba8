//! What `create` and `rotate` give: a key, and its secret for this one time.

use crate::records::ApiKey;
use crate::secret::Secret;
use pyo3::PyTypeInfo;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;

/// A key and its new secret. The secret is nowhere else and can't be had again.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct Created {
    key: Py<ApiKey>,
    secret: Py<Secret>,
}

#[pymethods]
impl Created {
    /// The key.
    #[getter]
    fn key(&self, py: Python<'_>) -> Py<ApiKey> {
        self.key.clone_ref(py)
    }

    /// Its secret: `secret.reveal()` shows it.
    #[getter]
    fn secret(&self, py: Python<'_>) -> Py<Secret> {
        self.secret.clone_ref(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (key, secret) = (self.key.bind(py).repr()?, self.secret.bind(py).repr()?);
        Ok(format!("Created(key={key}, secret={secret})"))
    }
}

/// The facade's form of it, on its way to Python.
pub(crate) struct NewKey(pub(crate) keywright::Created);

impl<'py> IntoPyObject<'py> for NewKey {
    type Target = Created;
    type Output = Bound<'py, Created>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = Created::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let keywright::Created { key, secret } = self.0;
        let created = Created {
            key: Py::new(py, ApiKey::from(key))?,
            secret: Py::new(py, Secret::from(secret))?,
        };
        Bound::new(py, created)
    }
}
