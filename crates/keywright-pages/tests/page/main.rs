//! The keys page, as those who use it and those who attack it see it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what has no value fails its test"
)]

mod audit;
mod create;
mod daily_use;
mod edit;
mod escaping;
mod forms;
mod harness;
mod headers;
mod language;
mod list;
mod owners;
mod rotate;
mod secrets;
mod state;
mod store;
mod theme;
