//! Opening a store.

use crate::arguments::{List, Text, plain};
use crate::call::Call;
use crate::errors::invalid;
use crate::log::LogQueue;
use crate::manager::Manager;
use crate::opened::Opened;
use crate::secret::Given;
use crate::words::Word;
use keywright::{Class, Clock, KeyManager, LogSink, OpenOptions, PepperSource, Random};
use pyo3::prelude::*;
use std::sync::Arc;

/// The arguments of [`open_store`], in their order.
pub(crate) type OpenArguments = (
    Option<Text>,
    Option<Given>,
    Option<Text>,
    Option<Text>,
    Option<List<Word<Class>>>,
    bool,
    Option<Text>,
    Option<Py<PyAny>>,
);

/// Opens a store.
#[pyfunction]
#[pyo3(signature = (store, pepper, pepper_file, brand, accepted_classes, must_exist, actor, listener))]
#[expect(clippy::too_many_arguments, reason = "one for each option")]
pub(crate) fn open_store(
    store: Option<Text>,
    pepper: Option<Given>,
    pepper_file: Option<Text>,
    brand: Option<Text>,
    accepted_classes: Option<List<Word<Class>>>,
    must_exist: bool,
    actor: Option<Text>,
    listener: Option<Py<PyAny>>,
) -> PyResult<Call<Manager>> {
    let arguments = (
        store,
        pepper,
        pepper_file,
        brand,
        accepted_classes,
        must_exist,
        actor,
        listener,
    );
    open_with(arguments, None, None)
}

/// Opens a store with a clock and randomness of its own.
pub(crate) fn open_with(
    arguments: OpenArguments,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
) -> PyResult<Call<Manager>> {
    let (store, pepper, pepper_file, brand, accepted, must_exist, actor, listener) = arguments;
    let log = Arc::new(LogQueue::new(listener));
    let options = OpenOptions {
        pepper: match (pepper, pepper_file) {
            (None, None) => PepperSource::Environment,
            (Some(Given(pepper)), None) => PepperSource::Value(pepper.reveal().to_owned().into()),
            (None, Some(Text(path))) => PepperSource::File(path.into()),
            (Some(_), Some(_)) => {
                return Err(invalid(
                    "there are two sources of the pepper",
                    "give pepper or pepper_file, not both",
                ));
            }
        },
        brand: plain(brand),
        accepted_classes: accepted
            .map(|List(classes)| classes.into_iter().map(|Word(class)| class).collect()),
        must_exist,
        actor: plain(actor),
        log_sink: Some(Arc::clone(&log) as Arc<dyn LogSink>),
        clock,
        random,
    };
    let noted = Arc::clone(&log);
    Ok(Call::begin(None, log, async move {
        let keys = KeyManager::open(plain(store).as_deref(), options).await?;
        Ok(Manager::from(Opened::new(keys, noted)))
    }))
}
