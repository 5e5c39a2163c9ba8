//! What lies between an HTTP request and `verify`: the request's parts, the policy, the answer.

use crate::arguments::{List, Text, Whole, plain, text, texts};
use crate::errors::{guard, raise};
use crate::records::ApiKey;
use crate::words::Word;
use keywright::{AuthorizeCode, AuthorizeOptions, ErrorForm, HttpOptions};
use pyo3::Borrowed;
use pyo3::exceptions::PyTypeError;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3::{PyTypeInfo, type_hint_union};
use zeroize::Zeroizing;

/// What of an HTTP request counts. It shows no values: one of them is a secret.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct RequestParts {
    method: String,
    target: String,
    headers: Vec<(String, Octets)>,
    peer: Option<String>,
    body: Octets,
}

#[pymethods]
impl RequestParts {
    /// `target` is the path and the query as they were received, still percent-encoded. `headers` are
    /// names and values in the order in which they came; one that was sent twice stands twice. `peer`
    /// is the address at the other end of the connection; None where it has none (a Unix socket).
    #[new]
    #[pyo3(signature = (method, target, headers, *, peer=None, body=Octets::default()))]
    fn new(
        method: Text,
        target: Text,
        headers: List<(HeaderName, Octets)>,
        peer: Option<Text>,
        body: Octets,
    ) -> Self {
        let headers = headers.0.into_iter();
        Self {
            method: method.0,
            target: target.0,
            headers: headers.map(|(name, value)| (name.0, value)).collect(),
            peer: plain(peer),
            body,
        }
    }

    /// `GET`, `POST`, ….
    #[getter]
    fn method(&self) -> &str {
        &self.method
    }

    /// The address at the other end of the connection.
    #[getter]
    fn peer(&self) -> Option<&str> {
        self.peer.as_deref()
    }

    fn __repr__(&self) -> String {
        format!("RequestParts(method={:?}, …)", self.method)
    }
}

impl RequestParts {
    /// Runs something with the library's form of it, which borrows.
    pub(crate) fn with<T>(&self, run: impl FnOnce(&keywright::RequestParts<'_>) -> T) -> T {
        let headers: Vec<(&str, &[u8])> = self.headers();
        run(&self.borrowed(&headers))
    }

    pub(crate) fn headers(&self) -> Vec<(&str, &[u8])> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.as_str(), value.0.as_slice()))
            .collect()
    }

    pub(crate) fn borrowed<'a>(
        &'a self,
        headers: &'a [(&'a str, &'a [u8])],
    ) -> keywright::RequestParts<'a> {
        keywright::RequestParts {
            method: &self.method,
            target: &self.target,
            headers,
            peer: self.peer.as_deref(),
            body: &self.body.0,
        }
    }
}

/// Bytes as they were received: `bytes`, or a `str` that has a letter for each of them (Latin-1), as
/// WSGI gives them. Wiped when they are let go.
#[derive(Default)]
pub(crate) struct Octets(Zeroizing<Vec<u8>>);

impl<'a, 'py> FromPyObject<'a, 'py> for Octets {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(PyString::TYPE_HINT, PyBytes::TYPE_HINT);

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.extract::<&[u8]>() {
            return Ok(Self(Zeroizing::new(bytes.to_vec())));
        }
        if !object.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err("a header or a body is bytes or a str"));
        }
        let text = text(object)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        for letter in text.chars() {
            match u8::try_from(letter) {
                Ok(byte) => bytes.push(byte),
                Err(_) => return Ok(Self(Zeroizing::new(text.as_bytes().to_vec()))),
            }
        }
        Ok(Self(bytes))
    }
}

impl Octets {
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// The name of a header; what is no text names none that counts.
pub(crate) struct HeaderName(String);

impl<'a, 'py> FromPyObject<'a, 'py> for HeaderName {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = Octets::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let bytes = Octets::extract(object)?;
        Ok(Self(String::from_utf8_lossy(&bytes.0).into_owned()))
    }
}

/// How keys are presented over HTTP, and in which form a refusal is told. Made once.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct HttpPolicy(pub(crate) keywright::HttpPolicy);

#[pymethods]
impl HttpPolicy {
    /// `header` holds the key alone (`x-api-key`), besides `Authorization: Bearer`. `trusted_proxies`
    /// are CIDR blocks or addresses of the proxies whose `X-Forwarded-For` counts, and `unix` for
    /// whoever connects without an address. `error_form` is `openai`, or `problem` for RFC 9457's.
    #[new]
    #[pyo3(signature = (*, header=None, trusted_proxies=List(Vec::new()), error_form=Word(ErrorForm::OpenAi)))]
    fn new(
        header: Option<Text>,
        trusted_proxies: List<Text>,
        error_form: Word<ErrorForm>,
    ) -> PyResult<Self> {
        guard(None, || {
            keywright::HttpPolicy::new(&HttpOptions {
                header: plain(header),
                trusted_proxies: texts(trusted_proxies),
                error_form: error_form.0,
            })
            .map(Self)
            .map_err(raise)
        })
    }
}

/// Whether a request may pass, and if not, the whole response to send. True where it may.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct Authorization(keywright::Authorization);

impl From<keywright::Authorization> for Authorization {
    fn from(answer: keywright::Authorization) -> Self {
        Self(answer)
    }
}

#[pymethods]
impl Authorization {
    /// Whether the request may pass.
    #[getter]
    fn allowed(&self) -> bool {
        self.0.allowed()
    }

    /// The precise reason, for the application and its log. It is not for the wire.
    #[getter]
    fn code(&self) -> Word<AuthorizeCode> {
        Word(self.0.code())
    }

    /// 200, 400, 401, 403, 429 or 503.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status()
    }

    /// Names in lower case, and values. Where the request may pass: what its limits say, to be added
    /// to the application's own.
    #[getter]
    fn headers(&self) -> Vec<(&str, &str)> {
        let headers = self.0.headers().iter();
        headers
            .map(|(name, value)| (*name, value.as_str()))
            .collect()
    }

    /// JSON; empty where the request may pass.
    #[getter]
    fn body(&self) -> &[u8] {
        self.0.body().as_bytes()
    }

    /// The key, if and only if the request may pass. Of its versions it has the presented one alone.
    #[getter]
    fn key(&self) -> PyResult<Option<ApiKey>> {
        guard(None, || Ok(self.0.key().map(ApiKey::from)))
    }

    /// The key's id, wherever the secret was right.
    #[getter]
    fn key_id(&self) -> PyResult<Option<String>> {
        guard(None, || Ok(self.0.key_id()))
    }

    fn __bool__(&self) -> bool {
        self.0.allowed()
    }

    fn __repr__(&self) -> String {
        let (code, status) = (self.0.code().as_str(), self.0.status());
        format!("Authorization(code='{code}', status={status})")
    }
}

/// What a request requires of its key.
pub(crate) fn required(scopes: List<Text>, cost: Whole<u64>) -> AuthorizeOptions {
    AuthorizeOptions {
        scopes: texts(scopes),
        cost: Some(cost.0),
    }
}

/// The policy that was given, or the usual one.
pub(crate) fn policy(given: Option<&Py<HttpPolicy>>) -> keywright::HttpPolicy {
    given.map_or_else(Default::default, |policy| policy.get().0.clone())
}
