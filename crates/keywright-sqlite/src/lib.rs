//! The SQLite store of keywright: one file that any number of processes may share, one writer with
//! group commit, readers beside it, sealed rows, and a revocation log next to the database.
//! Applications use the `keywright` crate; this one is its default store.
//!
//! ```
//! use keywright_core::{pepper::PepperRing, random::SeededRandom, store::Store, time::ManualClock};
//! use keywright_sqlite::{SqliteOptions, SqliteStore};
//! use std::sync::Arc;
//!
//! # let folder = tempfile::tempdir().unwrap();
//! let path = folder.path().join("keywright.db");
//! let random = Arc::new(SeededRandom::new(1)); // for examples only: whoever knows the seed knows all
//! let store = SqliteStore::open(SqliteOptions {
//!     path: path.clone(),
//!     peppers: Arc::new(PepperRing::generate(random.as_ref())?),
//!     clock: Arc::new(ManualClock::at(1_800_000_000)),
//!     random,
//!     brand: None,
//!     create: true,
//! })?;
//! assert_eq!(store.brand().as_str(), "kw");
//! futures_executor::block_on(store.close())?;
//! assert!(SqliteStore::exists(&path));
//! # Ok::<(), keywright_core::Error>(())
//! ```
//!
//! # Files
//!
//! | file | what | readable by |
//! |---|---|---|
//! | `PATH` | the database | its owner |
//! | `PATH-wal`, `PATH-shm` | SQLite's, while the store is open or after a crash | its owner |
//! | `PATH.revocations` | the revocation log; belongs to the database | its owner |
//!
//! The store needs a local disk: file locks and memory that processes share.
//!
//! # What is promised
//!
//! * What `write` has answered is on the disk (`synchronous=FULL`), every later read in any process
//!   sees it, and a narrowing change is in the revocation log. One that fails changed nothing, unless
//!   its message says that this is not known, or that the change is in effect and on its way to the
//!   log. A change that gives a key a new secret is answered even then, since the secret is in that
//!   answer alone; the log takes its entry as soon as it can.
//! * Each row is checked whenever it is read: its seal, and that it isn't older than the log says.
//!   What doesn't check is `tampered`, also for whoever wants to change it: sealing such a row anew
//!   would hide the forgery. That holds for revoking, too. A row that is refused everywhere verifies
//!   as little as a revoked one; a backup puts it right.
//! * A database that is removed, replaced or not ours is noticed and not written to. Opening never
//!   changes the schema. Copying over the file of an open store is not survived: the file is mapped
//!   into memory, and the system ends whoever reads from a part that is cut away.
//! * Before a `fork` the store must be closed, also where the child only opens it anew: SQLite keeps
//!   account, in memory, of the locks that its process holds, and a child has the account without the
//!   locks. A store that is carried into a child refuses all use there.
//!
//! The log is read when the store is opened (about a microsecond an entry) and held in memory (about
//! 120 bytes for each key that was ever narrowed). It is never shortened.

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
mod log_file;
mod meta;
mod open;
mod outbox;
#[cfg(feature = "backup")]
mod pepper_place;
#[cfg(feature = "backup")]
mod place;
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
