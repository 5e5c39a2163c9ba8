//! What an import takes and gives: records, in a program and as lines of JSON, and the report.

use crate::hash_key::HashKey;
use crate::types::Limit;
use keywright_core::secret::Class;
use keywright_core::time::Timestamp;
use keywright_core::{Error, Result, Secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// One key of another system. Either `secret`, or `hash_format` and `hash`.
#[derive(Default)]
pub struct ImportRecord {
    /// What people call it.
    pub name: String,
    /// The secret itself, 1 to 512 bytes.
    pub secret: Option<Secret>,
    /// `sha256`, `sha512`, `hmac-sha256`, `bcrypt`, `argon2` or `django`.
    pub hash_format: Option<String>,
    /// The hash: hexadecimal, base64 or base64url for the plain ones, else in its own text form.
    pub hash: Option<String>,
    /// The key of an HMAC.
    pub hash_key: Option<HashKey>,
    /// The same in hexadecimal, as files have it where it is no text.
    pub hash_key_hex: Option<Secret>,
    /// What the secret begins with: 4 to 64 printable ASCII characters that begin no other imported
    /// secret. Required for salted hashes.
    pub prefix: Option<String>,
    /// What may be shown of the secret; the prefix if absent.
    pub redacted_value: Option<String>,
    /// Its project, by id or name.
    pub project: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// `live` (if absent) or `test`. A secret of our own format has its class in it.
    pub class: Option<Class>,
    /// What it may do: everything if absent.
    pub scopes: Option<Vec<String>>,
    /// When it stops being good.
    pub expires_at: Option<Timestamp>,
    /// The networks that it may be used from.
    pub allowed_ips: Option<Vec<String>>,
    /// What the application keeps with it.
    pub metadata: BTreeMap<String, String>,
    /// The bounds on its use.
    pub limits: Vec<Limit>,
}

/// Without the hash and the prefix: both help to guess a secret that somebody chose.
impl fmt::Debug for ImportRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            secret,
            hash_format,
            hash: _,
            hash_key,
            hash_key_hex,
            prefix: _,
            redacted_value,
            project,
            owner,
            class,
            scopes,
            expires_at,
            allowed_ips,
            metadata,
            limits,
        } = self;
        f.debug_struct("ImportRecord")
            .field("name", name)
            .field("secret", secret)
            .field("hash_format", hash_format)
            .field("hash_key", hash_key)
            .field("hash_key_hex", hash_key_hex)
            .field("redacted_value", redacted_value)
            .field("project", project)
            .field("owner", owner)
            .field("class", class)
            .field("scopes", scopes)
            .field("expires_at", expires_at)
            .field("allowed_ips", allowed_ips)
            .field("metadata", metadata)
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The ids of the keys that were taken over, in the order of their records.
    pub imported: Vec<String>,
    /// The records that were refused; the others were taken over all the same.
    pub refused: Vec<RefusedRecord>,
}

/// A record that was not taken over.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefusedRecord {
    /// Which record, counted from 0.
    pub index: u64,
    /// The error's code.
    pub code: String,
    /// What was wrong with it.
    pub message: String,
}

/// The form of a record in a file: one JSON object to a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    secret: Option<String>,
    hash_format: Option<String>,
    hash: Option<String>,
    hash_key: Option<String>,
    hash_key_hex: Option<String>,
    prefix: Option<String>,
    redacted_value: Option<String>,
    project: Option<String>,
    owner: Option<String>,
    class: Option<String>,
    scopes: Option<Vec<String>>,
    expires_at: Option<i64>,
    allowed_ips: Option<Vec<String>>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    limits: Vec<Limit>,
}

impl ImportRecord {
    /// Reads a record from a line of JSON with the fields of this type; times in Unix seconds.
    pub fn from_json(line: &str) -> Result<Self> {
        // The parser's own message could repeat a part of a secret, so only the place is told.
        let line: Line = serde_json::from_str(line).map_err(|error| {
            Error::invalid(format!(
                "the record is not understood at column {}",
                error.column()
            ))
            .hint("one JSON object to a line; docs/import.md lists its fields")
        })?;
        let expires_at = line.expires_at.map(|seconds| {
            Timestamp::from_unix(seconds)
                .ok_or_else(|| Error::invalid("expires_at is out of range"))
        });
        Ok(Self {
            name: line.name,
            secret: line.secret.map(Secret::from_string),
            hash_format: line.hash_format,
            hash: line.hash,
            hash_key: line.hash_key.map(|key| HashKey::from_bytes(key.into())),
            hash_key_hex: line.hash_key_hex.map(Secret::from_string),
            prefix: line.prefix,
            redacted_value: line.redacted_value,
            project: line.project,
            owner: line.owner,
            class: line.class.as_deref().map(Class::parse).transpose()?,
            scopes: line.scopes,
            expires_at: expires_at.transpose()?,
            allowed_ips: line.allowed_ips,
            metadata: line.metadata,
            limits: line.limits,
        })
    }
}
