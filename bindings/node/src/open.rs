//! Opening a store.

use crate::call::{CancelToken, wait};
use crate::failure::Failure;
use crate::log::LogQueue;
use crate::manager::NativeManager;
use keywright::{Class, Clock, KeyManager, LogSink, OpenOptions, PepperSource, Random, Result};
use napi::Either;
use napi_derive::napi;
use std::sync::Arc;

/// How a store is opened.
#[napi(object, object_to_js = false)]
pub struct OpenInput {
    /// The pepper itself.
    pub pepper: Option<String>,
    /// The file with the pepper.
    pub pepper_file: Option<String>,
    /// The brand of a new store.
    pub brand: Option<String>,
    /// The classes that verify accepts.
    pub accepted_classes: Option<Vec<String>>,
    /// Whether the store must be there.
    pub must_exist: Option<bool>,
    /// Who acts.
    pub actor: Option<String>,
    /// Whether anyone listens to the log.
    pub log: Option<bool>,
}

/// Opens a store.
#[napi]
pub async fn open(
    store: Option<String>,
    options: OpenInput,
    cancel: Option<&CancelToken>,
) -> Either<NativeManager, Failure> {
    wait(None, cancel, open_with(store, options, None, None)).await
}

pub(crate) async fn open_with(
    store: Option<String>,
    input: OpenInput,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
) -> Result<NativeManager> {
    let OpenInput {
        pepper,
        pepper_file,
        brand,
        accepted_classes,
        must_exist,
        actor,
        log,
    } = input;
    let queue = log.unwrap_or(false).then(Arc::<LogQueue>::default);
    let pepper = match (pepper, pepper_file) {
        (Some(_), Some(_)) => {
            return Err(keywright::Error::invalid(
                "give pepper or pepperFile, not both",
            ));
        }
        (Some(pepper), None) => PepperSource::Value(pepper.into()),
        (None, Some(path)) => PepperSource::File(path.into()),
        (None, None) => PepperSource::Environment,
    };
    let accepted_classes = accepted_classes
        .map(|names| names.iter().map(|name| Class::parse(name)).collect())
        .transpose()?;
    let options = OpenOptions {
        pepper,
        brand,
        accepted_classes,
        must_exist: must_exist.unwrap_or(false),
        actor,
        log_sink: queue.clone().map(|queue| queue as Arc<dyn LogSink>),
        clock,
        random,
    };
    let keys = KeyManager::open(store.as_deref(), options).await?;
    Ok(NativeManager::new(keys, queue))
}
