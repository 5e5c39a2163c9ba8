//! The SQLite store of keywright: one file that any number of processes may share, one writer with
//! group commit, readers beside it, sealed rows, and a revocation log next to the database.
//! Applications use the `keywright` crate; this one is its default store.

mod base;
mod codec;
mod commit;
mod connect;
mod error;
mod list;
mod log;
mod meta;
mod open;
mod outbox;
mod readers;
mod rows;
mod schema;
mod session;
mod store;
mod touch;
mod tx;
mod writer;

pub use open::SqliteOptions;
pub use store::SqliteStore;
