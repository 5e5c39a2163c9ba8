//! The program as a whole: the real binary, with an environment of its own, in a folder of its own.
#![allow(unused_crate_dependencies, missing_docs)]

mod accounts;
mod audit;
mod create;
mod data;
mod errors;
mod examples;
mod git;
mod life;
mod list;
mod pipes;
mod sandbox;
mod store;
mod terminal;
mod tools;
mod verify;
