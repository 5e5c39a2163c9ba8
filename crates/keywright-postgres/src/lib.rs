//! The PostgreSQL store of keywright: one database that any number of servers share, sealed rows,
//! and a revocation log that every server holds the database against. Applications use the
//! `keywright` crate with its feature `postgres`; see [`Address`] for the URL.
//!
//! # What is promised
//!
//! * What `write` has answered is durable on the primary (`synchronous_commit` is never off), and
//!   every later read on any server sees it: all reads go to the primary, none is cached, and a
//!   server that is a standby is refused. One that fails changed nothing, unless its message says
//!   that this is not known, or that the change is in effect and on its way to the log.
//! * Writing transactions come one after the other, on whichever servers they are: each holds one
//!   lock from before its view begins until after its commit. Limits are exact, and the audit trail
//!   has no gaps. What serialization failures and deadlocks others cause is run again, eight times
//!   at most.
//! * Each row is checked whenever it is read: its seal, and that it isn't older than the revocation
//!   log says. What doesn't check is `tampered`, also for whoever wants to change it.
//! * Where the database can't be reached, every answer is `unavailable`: within the URL's
//!   `connect_timeout` (5 s), and at once while another attempt has just failed. Connections are made
//!   again by themselves. An answer that doesn't come is waited for at most 4 s where a key is looked
//!   up, and 12 s elsewhere.
//! * Before a `fork` the store must be closed, or opened anew in the child; a store that is carried
//!   into a child refuses all use there.
//!
//! A store takes as many threads and connections as the URL's `pool` says for reading, and one more
//! for writing. They are its own: futures need no particular runtime.

mod address;
mod base;
mod codec;
mod commit;
mod error;
mod gate;
mod link;
mod list;
mod log;
mod log_file;
mod meta;
mod open;
mod past;
mod readers;
mod rows;
mod schema;
mod session;
mod store;
mod tls;
mod touch;
mod transaction;
mod tx;
mod writer;

pub use address::Address;
pub use open::PostgresOptions;
pub use store::PostgresStore;
