//! Records for an import: keys that another system issued.

use crate::arguments::{limits, moment};
use crate::call::{Token, Told, wait};
use crate::manager::NativeManager;
use crate::records::{ImportReport, Limit};
use crate::secret::NativeSecret;
use crate::words::KeyClass;
use keywright::{ImportRecord, Result};
use std::collections::HashMap;
use std::sync::Arc;

/// One key of another system.
#[derive(uniffi::Record)]
pub struct NativeImportRecord {
    /// Its name.
    pub name: String,
    /// Its secret.
    pub secret: Option<Arc<NativeSecret>>,
    /// How it was hashed.
    pub hash_format: Option<String>,
    /// The hash.
    pub hash: Option<String>,
    /// The key of an HMAC.
    pub hash_key: Option<Arc<NativeSecret>>,
    /// The same in hexadecimal.
    pub hash_key_hex: Option<Arc<NativeSecret>>,
    /// What the secret begins with.
    pub prefix: Option<String>,
    /// What may be shown.
    pub redacted_value: Option<String>,
    /// Its project.
    pub project: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// Its class.
    pub key_class: Option<KeyClass>,
    /// Its scopes.
    pub scopes: Option<Vec<String>>,
    /// Unix seconds.
    pub expires_at: Option<i64>,
    /// Its networks.
    pub allowed_ips: Option<Vec<String>>,
    /// Its metadata.
    pub metadata: HashMap<String, String>,
    /// Its limits.
    pub limits: Vec<Limit>,
}

fn record(input: NativeImportRecord) -> Result<ImportRecord> {
    let NativeImportRecord {
        name,
        secret,
        hash_format,
        hash,
        hash_key,
        hash_key_hex,
        prefix,
        redacted_value,
        project,
        owner,
        key_class,
        scopes,
        expires_at,
        allowed_ips,
        metadata,
        limits: bounds,
    } = input;
    Ok(ImportRecord {
        name,
        secret: secret.map(|it| it.secret()).transpose()?,
        hash_format,
        hash,
        hash_key: hash_key.map(|it| it.hash_key()).transpose()?,
        hash_key_hex: hash_key_hex.map(|it| it.secret()).transpose()?,
        prefix,
        redacted_value,
        project,
        owner,
        class: key_class,
        scopes,
        expires_at: moment(expires_at, "the time when it expires")?,
        allowed_ips,
        metadata: metadata.into_iter().collect(),
        limits: limits(bounds)?,
    })
}

#[uniffi::export]
impl NativeManager {
    /// Takes keys over.
    pub async fn import_keys(
        &self,
        records: Vec<NativeImportRecord>,
        cancel: Token,
    ) -> Told<ImportReport> {
        let records = records.into_iter().map(record).collect();
        wait(Some(&self.keys), cancel, self.keys.import_read(records)).await
    }
}
