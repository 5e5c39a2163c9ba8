//! What only this store has to show: files, processes, tampering, crashes.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod damaged;
mod files;
mod life;
mod log;
mod log_damage;
mod place;
mod processes;
mod scene;
mod suite;
mod tamper;
mod together;
mod uses;
