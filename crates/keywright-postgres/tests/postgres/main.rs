//! What only this store has to show: several servers, outages, tampering, a database taken back.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests fail by panicking"
)]

mod conflicts;
mod line;
mod outage;
mod past;
mod place;
mod processes;
mod servers;
mod suite;
mod tamper;
mod tls;
