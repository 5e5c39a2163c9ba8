//! What can only be seen from inside.

mod errors;
mod group;
mod log;
mod plans;
