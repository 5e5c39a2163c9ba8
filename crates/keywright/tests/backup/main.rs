//! Backup and restore, as whoever runs a store sees them.
#![cfg(feature = "backup")]

mod backing_up;
mod damage;
mod interrupted;
mod restoring;
mod since_then;
mod support;
mod upgrading;
