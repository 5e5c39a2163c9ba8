//! The `keywright` program. Everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let status = keywright_cli::run(std::env::args_os());
    // The library's statuses are 0 to 6.
    ExitCode::from(u8::try_from(status).unwrap_or(6))
}
