//! The answer of `verify`. What isn't read of it isn't converted.

use crate::errors::guard;
use crate::json::Json;
use crate::records::ApiKey;
use crate::times::Span;
use crate::words::Word;
use keywright::VerifyCode;
use pyo3::prelude::*;

/// Whether a presented secret is good for a use, and why not. True where it is.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct Verification(keywright::Verification);

impl From<keywright::Verification> for Verification {
    fn from(answer: keywright::Verification) -> Self {
        Self(answer)
    }
}

#[pymethods]
impl Verification {
    /// Why the key is good or not.
    #[getter]
    fn code(&self) -> Word<VerifyCode> {
        Word(self.0.code())
    }

    /// The HTTP status that stands for the code.
    #[getter]
    fn http_status(&self) -> u16 {
        self.0.code().http_status()
    }

    /// What a public wire says in `error.code`: less than `code`, which is for you. None if valid.
    #[getter]
    fn wire_code(&self) -> Option<&'static str> {
        self.0.code().wire_code()
    }

    /// Whether the key may be used.
    #[getter]
    fn valid(&self) -> bool {
        self.0.valid()
    }

    /// The key, wherever the secret was right; also if it may not be used. Of its versions it has
    /// the presented one alone.
    #[getter]
    fn key(&self) -> PyResult<Option<ApiKey>> {
        guard(None, || Ok(self.0.key().map(ApiKey::from)))
    }

    /// The key's id, without making the rest.
    #[getter]
    fn key_id(&self) -> PyResult<Option<String>> {
        guard(None, || Ok(self.0.key_id()))
    }

    /// How long to wait where waiting helps.
    #[getter]
    fn retry_after(&self) -> Option<Span> {
        self.0.retry_after().map(Span)
    }

    /// The name of the limit that refused.
    #[getter]
    fn limit(&self) -> Option<&str> {
        self.0.limit()
    }

    fn __bool__(&self) -> bool {
        self.0.valid()
    }

    fn __repr__(&self) -> String {
        let code = self.0.code().as_str();
        match (self.0.key_id(), self.0.limit()) {
            (None, _) => format!("Verification(code='{code}')"),
            (Some(id), None) => format!("Verification(code='{code}', key_id='{id}')"),
            (Some(id), Some(limit)) => {
                format!("Verification(code='{code}', key_id='{id}', limit='{limit}')")
            }
        }
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        guard(None, || {
            let wait = self.0.retry_after().map(|span| span.as_millis());
            Json::of(&serde_json::json!({
                "valid": self.0.valid(),
                "code": self.0.code().as_str(),
                "key": self.0.key(),
                "retry_after_ms": wait,
                "limit": self.0.limit(),
            }))
        })
    }
}
