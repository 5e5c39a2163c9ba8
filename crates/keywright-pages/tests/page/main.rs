//! The keys page, as those who use it and those who attack it see it.
#![allow(missing_docs, reason = "the names of tests say what they are")]

mod audit;
mod create;
mod edit;
mod escaping;
mod forms;
mod harness;
mod headers;
mod language;
mod list;
mod owners;
mod rotate;
mod secrets;
mod state;
mod store;
mod theme;
