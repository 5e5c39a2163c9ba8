//! Every chore of this repository, one command each: `cargo xtask help`.

mod process;
mod steps;
mod suite;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("test") => suite::run(steps::STEPS),
        _ => {
            println!("cargo xtask test    run every test and check");
            ExitCode::from(2)
        }
    }
}
