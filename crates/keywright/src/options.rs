//! How a store is opened: where it is, which pepper it takes, what it accepts.

use crate::secret_store::SecretStore;
use keywright_core::random::Random;
use keywright_core::secret::Class;
use keywright_core::time::Clock;
use keywright_core::{Error, ErrorCode, Result};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// Names the store where none is given.
pub const ENV_STORE: &str = "KEYWRIGHT_STORE";
/// Holds the pepper itself.
pub const ENV_PEPPER: &str = "KEYWRIGHT_PEPPER";
/// Names the file with the pepper.
pub const ENV_PEPPER_FILE: &str = "KEYWRIGHT_PEPPER_FILE";
/// Gives a new store its brand.
pub const ENV_BRAND: &str = "KEYWRIGHT_BRAND";
/// Names the file in which this server keeps what it has seen of a PostgreSQL store's revocation log.
/// Without it a database that is taken back to an older state while no server runs is believed.
pub const ENV_REVOCATIONS: &str = "KEYWRIGHT_REVOCATIONS";
/// The store where neither an argument nor the environment names one.
pub const DEFAULT_STORE: &str = "./keywright.db";

/// Options of [`KeyManager::open`](crate::KeyManager::open). What isn't given is read from the
/// environment, or has a default.
#[derive(Default)]
pub struct OpenOptions {
    /// Where the pepper comes from.
    pub pepper: PepperSource,
    /// The brand of a store that is made now; for one that is there already it must be the same.
    pub brand: Option<String>,
    /// The classes whose secrets `verify` accepts; `live`, `test` and `temp` if absent. `admin` is
    /// refused: those keys are verified by [`AdminKeys::verify`](crate::AdminKeys::verify).
    pub accepted_classes: Option<Vec<Class>>,
    /// Refuse to make a store that isn't there.
    pub must_exist: bool,
    /// Who acts, in the audit trail; `library` if absent.
    pub actor: Option<String>,
    /// Hears of refused verifications and warnings.
    pub log_sink: Option<Arc<dyn LogSink>>,
    /// What tells the time; the machine's clock if absent.
    pub clock: Option<Arc<dyn Clock>>,
    /// Where randomness comes from; the operating system if absent. Only tests give another.
    pub random: Option<Arc<dyn Random>>,
}

/// Where the pepper comes from.
#[derive(Default)]
pub enum PepperSource {
    /// `KEYWRIGHT_PEPPER`, else the file that `KEYWRIGHT_PEPPER_FILE` names, else the file
    /// `STORE.pepper` beside an SQLite file (made, readable by its owner alone, with a new store).
    /// Beside PostgreSQL there is no such place: all its servers are given the same one.
    #[default]
    Environment,
    /// This text: 64 hexadecimal digits, or `NUMBER:DIGITS` for each of several.
    Value(SecretString),
    /// The file of that name.
    File(PathBuf),
    /// What an application keeps under that name where only it can; made with a new store.
    Store {
        /// Where it is kept.
        secrets: Arc<dyn SecretStore>,
        /// Its name there: another for each store.
        name: String,
    },
}

/// Hears what the library has to tell. Called on the caller's thread; it must not block. What it is
/// told never holds a secret.
pub trait LogSink: Send + Sync + 'static {
    /// Takes one record.
    fn log(&self, record: &LogRecord);
}

/// How grave a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For finding faults.
    Debug,
    /// Good to know.
    Info,
    /// Someone should look.
    Warning,
    /// Something is broken.
    Error,
}

impl LogLevel {
    /// Every level.
    pub const ALL: &'static [Self] = &[Self::Debug, Self::Info, Self::Warning, Self::Error];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogRecord {
    /// How grave it is.
    pub level: LogLevel,
    /// A sentence.
    pub message: String,
    /// The precise code of a verification, where it is about one.
    pub code: Option<String>,
    /// The key that it is about, where it is known.
    pub key_id: Option<String>,
}

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Memory,
    Sqlite(PathBuf),
    #[cfg(feature = "postgres")]
    Postgres(Box<keywright_postgres::Address>),
}

impl Location {
    /// Reads `memory:`, `sqlite:PATH`, a path or `postgres://…`; refuses what this version has no store for.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text == "memory:" {
            return Ok(Self::Memory);
        }
        // An address may hold a password, so it must never be taken for a path, which is shown.
        let scheme = text
            .split_once(':')
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        let of_another_kind = match scheme.as_deref() {
            Some("postgres" | "postgresql") => return Self::postgres(text),
            Some("https" | "http") => true,
            Some("sqlite") | None => false,
            Some(_) => text.contains("://"),
        };
        if of_another_kind {
            return Err(Error::new(
                ErrorCode::Unsupported,
                "this version has no store of that kind",
            )
            .hint("use a file (PATH or sqlite:PATH), postgres://… or memory:"));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        if path.is_empty() || path.contains('\0') {
            return Err(Error::invalid("that is not the name of a store")
                .hint("give a path, sqlite:PATH or memory:"));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }

    #[cfg(feature = "postgres")]
    fn postgres(text: &str) -> Result<Self> {
        keywright_postgres::Address::parse(text).map(|address| Self::Postgres(Box::new(address)))
    }

    #[cfg(not(feature = "postgres"))]
    fn postgres(_: &str) -> Result<Self> {
        Err(
            Error::new(ErrorCode::Unsupported, "this build has no PostgreSQL")
                .hint("use a file or memory:, or build with the feature postgres"),
        )
    }

    /// What was given, else what the environment says, else the default.
    pub(crate) fn choose(given: Option<&str>) -> Result<Self> {
        match given {
            Some(text) => Self::parse(text),
            None => match environment(ENV_STORE)? {
                Some(text) => Self::parse(&text),
                None => Self::parse(DEFAULT_STORE),
            },
        }
    }
}

/// A variable of the environment; empty counts as absent.
pub(crate) fn environment(name: &str) -> Result<Option<String>> {
    match std::env::var(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Error::invalid(format!("{name} is not valid UTF-8")))
        }
    }
}
