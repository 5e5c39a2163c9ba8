//! The `keywright` command, which the npm package brings along.

use napi_derive::napi;
use std::ffi::OsString;

/// Runs the command with the program's name as the first of its arguments, or called in another way;
/// gives its exit status.
#[napi(catch_unwind)]
pub fn run_cli(arguments: Vec<String>, called: Option<String>) -> i32 {
    let arguments = arguments.into_iter().map(OsString::from);
    // The command turns a panic into a status of its own.
    match called {
        Some(called) => keywright_cli::run_called(&called, arguments),
        None => keywright_cli::run(arguments),
    }
}
