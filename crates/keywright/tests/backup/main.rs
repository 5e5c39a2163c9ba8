//! Backup and restore, as whoever runs a store sees them.
#![cfg(feature = "backup")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking, also in what they share"
)]

mod backing_up;
mod damage;
mod interrupted;
mod meanwhile;
mod restoring;
mod since_then;
mod support;
mod upgrading;
