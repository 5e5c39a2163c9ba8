//! Opening a store.

use crate::call::{Token, Told, wait};
use crate::host::{HostClock, HostLog, HostSecrets, NativeClock, NativeLogSink, NativeSecretStore};
use crate::manager::NativeManager;
use crate::secret::NativeSecret;
use crate::words::KeyClass;
use futures_channel::oneshot;
use keywright::{
    Clock, Error, ErrorCode, KeyManager, LogSink, OpenOptions, PepperSource, Random, Result,
    for_skins,
};
use std::sync::Arc;

/// Where the pepper is kept by the application.
#[derive(uniffi::Record)]
pub struct NativePepperPlace {
    /// Where.
    pub secrets: Arc<dyn NativeSecretStore>,
    /// Under which name.
    pub name: String,
}

/// How a store is opened.
#[derive(uniffi::Record)]
pub struct NativeOpenInput {
    /// The pepper itself.
    pub pepper: Option<Arc<NativeSecret>>,
    /// The file with the pepper.
    pub pepper_file: Option<String>,
    /// Where the application keeps it.
    pub pepper_place: Option<NativePepperPlace>,
    /// The brand of a new store.
    pub brand: Option<String>,
    /// The classes that verify accepts.
    pub accepted_classes: Option<Vec<KeyClass>>,
    /// Whether the store must be there.
    pub must_exist: bool,
    /// Who acts.
    pub actor: Option<String>,
    /// Tells the time.
    pub clock: Option<Arc<dyn NativeClock>>,
    /// Hears of refused verifications and warnings.
    pub log_sink: Option<Arc<dyn NativeLogSink>>,
}

/// Opens a store.
#[uniffi::export]
pub async fn native_open(
    store: Option<String>,
    input: NativeOpenInput,
    cancel: Token,
) -> Told<Arc<NativeManager>> {
    open_with(store, input, None, cancel).await
}

pub(crate) async fn open_with(
    store: Option<String>,
    input: NativeOpenInput,
    random: Option<Arc<dyn Random>>,
    cancel: Token,
) -> Told<Arc<NativeManager>> {
    let work = async {
        let options = open_options(input, random)?;
        let keys = off_thread(move || {
            futures_executor::block_on(KeyManager::open(store.as_deref(), options))
        });
        Ok(Arc::new(NativeManager::from(keys.await?)))
    };
    wait(None, cancel, work).await
}

fn open_options(input: NativeOpenInput, random: Option<Arc<dyn Random>>) -> Result<OpenOptions> {
    let NativeOpenInput {
        pepper,
        pepper_file,
        pepper_place,
        brand,
        accepted_classes,
        must_exist,
        actor,
        clock,
        log_sink,
    } = input;
    let pepper = match (pepper, pepper_file, pepper_place) {
        (None, None, None) => PepperSource::Environment,
        (Some(pepper), None, None) => PepperSource::Value(pepper.text()?.into()),
        (None, Some(path), None) => PepperSource::File(path.into()),
        (None, None, Some(NativePepperPlace { secrets, name })) => PepperSource::Store {
            secrets: Arc::new(HostSecrets(secrets)),
            name,
        },
        _ => return Err(Error::invalid("the pepper comes from one place only")),
    };
    Ok(OpenOptions {
        pepper,
        brand,
        accepted_classes,
        must_exist,
        actor,
        log_sink: log_sink.map(|sink| Arc::new(HostLog(sink)) as Arc<dyn LogSink>),
        clock: clock.map(|clock| Arc::new(HostClock(clock)) as Arc<dyn Clock>),
        random,
    })
}

/// Runs what reads files and asks the application on a thread of its own: the caller's may be the
/// one that draws the screen.
async fn off_thread<T: Send + 'static>(
    run: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (tell, told) = oneshot::channel();
    let started = std::thread::Builder::new()
        .name("keywright-open".to_owned())
        .spawn(move || {
            // Nobody listens any more if the call was let go: what was opened is closed by that.
            let _ = tell.send(for_skins::now(None, run));
        });
    if started.is_err() {
        return Err(Error::new(
            ErrorCode::Unavailable,
            "the system gives no thread to open the store on",
        ));
    }
    told.await.unwrap_or_else(|_| {
        Err(Error::new(
            ErrorCode::Internal,
            "opening ended without an answer",
        ))
    })
}
