//! What can only be seen from inside.

mod closing;
mod errors;
pub(crate) mod group;
mod log;
mod plans;
mod uses;
