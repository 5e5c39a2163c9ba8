//! What tests of keywright share: a store with a clock that stands still and randomness that
//! repeats, and the suite that every store has to pass.

pub mod postgres;
pub mod store_suite;
mod test_store;

pub use test_store::{Issued, START, TestStore, wanted};
