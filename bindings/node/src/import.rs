//! Records for an import: keys that another system issued.

use crate::arguments::{LimitInput, Pair, limits, maybe_moment, metadata, word};
use crate::call::{CancelToken, wait};
use crate::data::ReportData;
use crate::failure::Failure;
use crate::manager::NativeManager;
use crate::presented::Presented;
use keywright::{Class, Error, HashKey, ImportRecord, Result, Secret};
use napi::Either;
use napi_derive::napi;

/// One key of another system.
#[napi(object, object_to_js = false)]
pub struct RecordInput {
    /// Its name.
    pub name: String,
    /// Its secret.
    #[napi(ts_type = "string | Uint8Array | NativeSecret")]
    pub secret: Option<Presented>,
    /// How it was hashed.
    pub hash_format: Option<String>,
    /// The hash.
    pub hash: Option<String>,
    /// The key of an HMAC.
    #[napi(ts_type = "string | Uint8Array | NativeSecret")]
    pub hash_key: Option<Presented>,
    /// The same in hexadecimal.
    #[napi(ts_type = "string | NativeSecret")]
    pub hash_key_hex: Option<Presented>,
    /// What the secret begins with.
    pub prefix: Option<String>,
    /// What may be shown.
    pub redacted_value: Option<String>,
    /// Its project.
    pub project: Option<String>,
    /// Its owner.
    pub owner: Option<String>,
    /// Its class.
    pub class: Option<String>,
    /// Its scopes.
    pub scopes: Option<Vec<String>>,
    /// Unix milliseconds.
    pub expires_at: Option<f64>,
    /// Its networks.
    pub allowed_ips: Option<Vec<String>>,
    /// Its metadata.
    pub metadata: Option<Vec<Pair>>,
    /// Its limits.
    pub limits: Option<Vec<LimitInput>>,
}

fn record(input: RecordInput) -> Result<ImportRecord> {
    let RecordInput {
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
        class,
        scopes,
        expires_at,
        allowed_ips,
        metadata: pairs,
        limits: bounds,
    } = input;
    Ok(ImportRecord {
        name,
        secret: secret.map(|it| text(&it)).transpose()?,
        hash_format,
        hash,
        hash_key: hash_key.map(|it| HashKey::from_bytes(it.bytes().to_vec())),
        hash_key_hex: hash_key_hex.map(|it| text(&it)).transpose()?,
        prefix,
        redacted_value,
        project,
        owner,
        class: word(class.as_deref(), Class::parse)?,
        scopes,
        expires_at: maybe_moment(expires_at, "expiresAt")?,
        allowed_ips,
        metadata: metadata(pairs),
        limits: limits(bounds.unwrap_or_default())?,
    })
}

fn text(presented: &Presented) -> Result<Secret> {
    let text = std::str::from_utf8(presented.bytes())
        .map_err(|_| Error::invalid("a secret in a record is not well-formed text"))?;
    Ok(Secret::from_string(text.to_owned()))
}

#[napi]
impl NativeManager {
    /// Takes keys over.
    #[napi]
    pub async fn import_keys(
        &self,
        records: Vec<RecordInput>,
        cancel: Option<&CancelToken>,
    ) -> Either<ReportData, Failure> {
        let records = records.into_iter().map(record).collect();
        let work = self.keys.import_read(records);
        wait(Some(&self.keys), cancel, work).await
    }
}
