//! What only this store has to show: files, processes, tampering, crashes.

mod life;
mod place;
mod suite;
mod tamper;
