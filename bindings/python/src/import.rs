//! Records for an import: keys that another system issued.

use crate::arguments::{List, Pairs, Text, plain, texts};
use crate::records::Limit;
use crate::secret::{Given, GivenKey};
use crate::times::MomentOrSeconds;
use crate::words::Word;
use keywright::{Class, HashKey, Secret, Timestamp};
use pyo3::prelude::*;
use std::collections::BTreeMap;

/// One key of another system. Either `secret`, or `hash_format` and `hash`.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct ImportRecord {
    name: String,
    secret: Option<Secret>,
    hash_format: Option<String>,
    hash: Option<String>,
    hash_key: Option<HashKey>,
    hash_key_hex: Option<Secret>,
    prefix: Option<String>,
    redacted_value: Option<String>,
    project: Option<String>,
    owner: Option<String>,
    class: Option<Class>,
    scopes: Option<Vec<String>>,
    expires_at: Option<Timestamp>,
    allowed_ips: Option<Vec<String>>,
    metadata: BTreeMap<String, String>,
    limits: Vec<keywright::Limit>,
}

#[pymethods]
impl ImportRecord {
    /// A record; `docs/import.md` describes its fields. Times may be Unix seconds, as in files.
    #[new]
    #[pyo3(signature = (
        name, *, secret = None, hash_format = None, hash = None, hash_key = None,
        hash_key_hex = None, prefix = None, redacted_value = None, project = None, owner = None, class_ = None, scopes = None,
        expires_at = None, allowed_ips = None, metadata = None, limits = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    fn new(
        name: Text,
        secret: Option<Given>,
        hash_format: Option<Text>,
        hash: Option<Text>,
        hash_key: Option<GivenKey>,
        hash_key_hex: Option<Given>,
        prefix: Option<Text>,
        redacted_value: Option<Text>,
        project: Option<Text>,
        owner: Option<Text>,
        class_: Option<Word<Class>>,
        scopes: Option<List<Text>>,
        expires_at: Option<MomentOrSeconds>,
        allowed_ips: Option<List<Text>>,
        metadata: Option<Pairs>,
        limits: Option<List<Py<Limit>>>,
    ) -> Self {
        Self {
            name: name.0,
            secret: secret.map(|Given(secret)| secret),
            hash_format: plain(hash_format),
            hash: plain(hash),
            hash_key: hash_key.map(|GivenKey(key)| key),
            hash_key_hex: hash_key_hex.map(|Given(key)| key),
            prefix: plain(prefix),
            redacted_value: plain(redacted_value),
            project: plain(project),
            owner: plain(owner),
            class: class_.map(|Word(class)| class),
            scopes: scopes.map(texts),
            expires_at: expires_at.map(|MomentOrSeconds(moment)| moment),
            allowed_ips: allowed_ips.map(texts),
            metadata: metadata.unwrap_or_default().0,
            limits: inner_limits(limits),
        }
    }

    /// What people call it.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let name = self.name.as_str().into_pyobject(py)?.repr()?;
        Ok(format!("ImportRecord(name={name}, …)"))
    }
}

/// The facade's limits in a list of Python's.
pub(crate) fn inner_limits(limits: Option<List<Py<Limit>>>) -> Vec<keywright::Limit> {
    limits
        .into_iter()
        .flat_map(|List(limits)| limits)
        .map(|limit| limit.get().inner())
        .collect()
}

impl ImportRecord {
    /// The facade's own form of it.
    pub(crate) fn inner(&self) -> keywright::ImportRecord {
        let again = |secret: &Secret| Secret::from_string(secret.reveal().to_owned());
        keywright::ImportRecord {
            name: self.name.clone(),
            secret: self.secret.as_ref().map(again),
            hash_format: self.hash_format.clone(),
            hash: self.hash.clone(),
            hash_key: self
                .hash_key
                .as_ref()
                .map(|key| HashKey::from_bytes(key.reveal().to_vec())),
            hash_key_hex: self.hash_key_hex.as_ref().map(again),
            prefix: self.prefix.clone(),
            redacted_value: self.redacted_value.clone(),
            project: self.project.clone(),
            owner: self.owner.clone(),
            class: self.class,
            scopes: self.scopes.clone(),
            expires_at: self.expires_at,
            allowed_ips: self.allowed_ips.clone(),
            metadata: self.metadata.clone(),
            limits: self.limits.clone(),
        }
    }
}
