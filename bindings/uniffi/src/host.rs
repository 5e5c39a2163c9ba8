//! What only the application has, and gives: where secrets are kept, the time, who listens. An
//! exception of its own code is never passed on, for its text could hold a secret.

use crate::failure::NativeFailure;
use crate::records::LogRecord;
use crate::secret::NativeSecret;
use keywright::{
    Clock, Error, ErrorCode, LogSink, Result, Secret, SecretStore, SystemClock, Timestamp,
};
use std::sync::Arc;

/// Keeps secrets. Called on threads of the library's own.
#[uniffi::export(foreign)]
pub trait NativeSecretStore: Send + Sync {
    /// The secret of that name.
    fn load(&self, name: String) -> std::result::Result<Option<Arc<NativeSecret>>, NativeFailure>;
    /// Keeps it.
    fn save(
        &self,
        name: String,
        secret: Arc<NativeSecret>,
    ) -> std::result::Result<(), NativeFailure>;
    /// Forgets it.
    fn remove(&self, name: String) -> std::result::Result<(), NativeFailure>;
}

/// Tells the time.
#[uniffi::export(foreign)]
pub trait NativeClock: Send + Sync {
    /// Unix milliseconds.
    fn now_ms(&self) -> std::result::Result<i64, NativeFailure>;
}

/// Hears what there is to tell.
#[uniffi::export(foreign)]
pub trait NativeLogSink: Send + Sync {
    /// Takes one record.
    fn tell(&self, record: LogRecord) -> std::result::Result<(), NativeFailure>;
}

pub(crate) struct HostSecrets(pub(crate) Arc<dyn NativeSecretStore>);

impl SecretStore for HostSecrets {
    fn load(&self, name: &str) -> Result<Option<Secret>> {
        let kept = self.0.load(name.to_owned()).map_err(failed)?;
        kept.map(|kept| kept.secret()).transpose()
    }

    fn save(&self, name: &str, secret: &Secret) -> Result<()> {
        let copy = NativeSecret::from(Secret::from_string(secret.reveal().to_owned()));
        self.0.save(name.to_owned(), Arc::new(copy)).map_err(failed)
    }

    fn delete(&self, name: &str) -> Result<()> {
        self.0.remove(name.to_owned()).map_err(failed)
    }
}

fn failed(_: NativeFailure) -> Error {
    Error::new(ErrorCode::Unavailable, "the application's own code failed")
}

/// Where the host's clock fails, the machine's counts: also where it tells a time that can't be kept,
/// for at the beginning of time no key has expired.
pub(crate) struct HostClock(pub(crate) Arc<dyn NativeClock>);

impl Clock for HostClock {
    fn now_ms(&self) -> i64 {
        let told = self.0.now_ms().ok();
        told.filter(|ms| Timestamp::from_unix(ms.div_euclid(1000)).is_some())
            .unwrap_or_else(|| SystemClock.now_ms())
    }
}

/// What a listener throws is its own affair.
pub(crate) struct HostLog(pub(crate) Arc<dyn NativeLogSink>);

impl LogSink for HostLog {
    fn log(&self, record: &keywright::LogRecord) {
        let _ = self.0.tell(record.clone().into());
    }
}
