//! What only this store has to show: files, processes, tampering, crashes.

mod files;
mod life;
mod log;
mod place;
mod suite;
mod tamper;
mod together;
