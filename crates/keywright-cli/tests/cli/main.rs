//! The program as a whole: the real binary, with an environment of its own, in a folder of its own.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in helpers of tests too, what must not happen ends the test"
)]

mod accounts;
mod audit;
mod backup;
mod create;
mod data;
mod errors;
mod examples;
mod git;
mod life;
mod list;
mod pipes;
#[cfg(feature = "postgres")]
mod postgres;
mod sandbox;
#[cfg(feature = "serve")]
mod serve;
mod store;
mod terminal;
mod tools;
mod usage;
mod verify;
