//! The node skin: what the npm package `keywright` (in `node/`) loads. It converts, calls and maps
//! errors; it decides nothing. Types of the façade are taken apart without `..`, so that a field
//! that is added there stops the build here.
#![deny(unsafe_code)]
#![expect(
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    reason = "only JavaScript calls these functions, and napi gives their arguments by value"
)]

pub mod accounts;
pub mod admin_keys;
pub mod arguments;
pub mod call;
pub mod command;
pub mod data;
pub mod export;
pub mod failure;
pub mod http;
pub mod import;
pub mod key_data;
pub mod keys;
pub mod log;
pub mod manager;
pub mod open;
pub mod page;
pub mod presented;
pub mod secret;
#[cfg(feature = "test-support")]
pub mod testing;
pub mod verification;
