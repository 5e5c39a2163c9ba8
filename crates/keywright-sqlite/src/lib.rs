//! The SQLite store of keywright: one file that any number of processes may share, one writer with
//! group commit, readers beside it, sealed rows, and a revocation log next to the database.
//! Applications use the `keywright` crate; this one is its default store.

#[cfg(feature = "backup")]
mod backup;
mod base;
mod codec;
mod commit;
mod connect;
#[cfg(feature = "backup")]
mod container;
mod disk;
mod error;
mod list;
mod log;
mod meta;
mod open;
mod outbox;
#[cfg(feature = "backup")]
mod pepper_place;
mod readers;
#[cfg(feature = "backup")]
mod rest;
#[cfg(feature = "backup")]
mod restore;
mod rows;
mod schema;
mod session;
mod store;
#[cfg(test)]
mod tests;
mod touch;
mod transaction;
mod tx;
mod upgrade;
mod writer;

#[cfg(feature = "backup")]
pub use backup::{BackupReport, BackupRequest};
pub use open::SqliteOptions;
#[cfg(feature = "backup")]
pub use restore::{RestoreReport, RestoreRequest, RestoreStep, restore};
pub use store::SqliteStore;
pub use upgrade::{UpgradeReport, upgrade};
