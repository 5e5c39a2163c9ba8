//! What an API key is and what may happen to it: the format of a secret, the life of a key, the
//! decision whether it may be used, limits, audit, and the traits that stores, clocks and
//! randomness implement. No I/O, no runtime; everything is testable with a fake clock and a store
//! in memory. Applications use the `keywright` crate, which stands on this one.
#![forbid(unsafe_code)]

pub mod accounts;
pub mod audit;
mod base62;
pub mod canonical;
pub mod codes;
pub mod daily;
mod describe;
pub mod error;
pub mod foreign;
pub mod ids;
pub mod keys;
pub mod lifecycle;
pub mod limits;
pub mod memory;
pub mod names;
pub mod networks;
pub mod operations;
pub mod owner;
pub mod pepper;
pub mod random;
pub mod revocation;
pub mod scopes;
pub mod seal;
pub mod secret;
pub mod store;
mod text_enum;
pub mod time;
mod varint;
mod verify;

pub use codes::VerifyCode;
pub use error::{Error, ErrorCode, Result};
pub use secret::Secret;
pub use verify::{Requirements, judge};
