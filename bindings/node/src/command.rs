//! The `keywright` command, which the npm package brings along.

use napi_derive::napi;
use std::ffi::OsString;

/// Runs the command with the program's name as the first of its arguments; gives its exit status.
#[napi(catch_unwind)]
pub fn run_cli(arguments: Vec<String>) -> i32 {
    // The command turns a panic into a status of its own.
    keywright_cli::run(arguments.into_iter().map(OsString::from))
}
