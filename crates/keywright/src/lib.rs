//! API keys from birth to death, as a library: issue a named key, show its secret once, list,
//! verify, rotate, revoke. Begin with [`KeyManager`].
//!
//! A *key* has an id, a name, an owner and a project; each of its numbered *versions* is one
//! *secret*. Nothing of a secret is kept but an HMAC under a *pepper* that lies outside the
//! database, and every row is sealed by it. After [`KeyManager::revoke`] returns, no verify that
//! starts later succeeds with that key, in this process or in any other on the same store.
//!
//! This crate is the one definition of the surface that the command line and all languages share.
#![forbid(unsafe_code)]

mod accounts;
mod admin_keys;
mod audit;
#[cfg(feature = "backup")]
mod backup;
mod export;
mod for_pages;
#[doc(hidden)]
pub mod for_server;
#[doc(hidden)]
pub mod for_skins;
mod foreign;
mod hash_key;
mod http;
mod import;
mod import_record;
mod keys;
mod limits;
mod manager;
mod options;
mod pepper_file;
#[cfg(feature = "postgres")]
mod postgres;
mod secret_maker;
mod secret_store;
mod slow;
mod system;
mod types;
mod usage;
mod verify;

pub use accounts::{Projects, ServiceAccounts, Users};
pub use admin_keys::AdminKeys;
#[cfg(feature = "backup")]
pub use backup::{BackupReport, RestoreOptions, RestoreReport, UpgradeReport};
pub use export::Export;
pub use hash_key::HashKey;
pub use http::{
    Authorization, AuthorizeCode, AuthorizeOptions, ErrorForm, HttpOptions, HttpPolicy,
    RequestParts,
};
pub use import_record::{ImportRecord, ImportReport, RefusedRecord};
pub use manager::KeyManager;
pub use options::{
    DEFAULT_STORE, ENV_BRAND, ENV_PEPPER, ENV_PEPPER_FILE, ENV_REVOCATIONS, ENV_STORE, LogLevel,
    LogRecord, LogSink, OpenOptions, PepperSource,
};
pub use pepper_file::pepper_path;
pub use secret_store::SecretStore;
pub use system::{SystemClock, SystemRandom};
pub use types::{
    ApiKey, AuditEvent, AuditOptions, BrokenLink, CreateOptions, Created, DailyUse, KeyOwner,
    KeyVersion, Limit, ListOptions, Page, Project, ProjectOptions, ServiceAccount, UpdateOptions,
    User, VerifyOptions, VersionStatus,
};
pub use verify::Verification;

pub use keywright_core::keys::{KeyStatus, RevocationReason};
pub use keywright_core::owner::OwnerKind;
pub use keywright_core::random::{Random, SeededRandom};
pub use keywright_core::secret::Class;
pub use keywright_core::time::{Clock, ManualClock, Timestamp};
pub use keywright_core::{Error, ErrorCode, Result, Secret, VerifyCode};
