//! Every chore of this repository, one command each: `cargo xtask help`.
//!
//! A command is a row of [`COMMANDS`]; a check is a row of [`steps::STEPS`].

mod bench;
mod closing;
mod conformance;
mod directions;
mod doctor;
mod drift;
mod links;
mod machine;
mod process;
mod readme;
mod screenshots;
mod steps;
mod suite;
mod surface;
mod tools;
mod uniffi;

use std::process::ExitCode;

/// One word after `cargo xtask`.
struct Command {
    name: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Result<(), String>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        help: "run every test and check  [--quick] [--only NAME,… [--alone]] [--list]",
        run: suite::command,
    },
    Command {
        name: "lint",
        help: "format, clippy, rustdoc, licences, spelling, ruff",
        run: |_| suite::only("lint"),
    },
    Command {
        name: "python",
        help: "build and test the Python package",
        run: |_| suite::only("python"),
    },
    Command {
        name: "node",
        help: "build and test the Node package",
        run: |_| suite::only("node"),
    },
    Command {
        name: "kotlin",
        help: "build and test the Kotlin package  [--debug|--release: only build it]",
        run: uniffi::kotlin::command,
    },
    Command {
        name: "swift",
        help: "build and test the Swift package  [--debug|--release: only build it]",
        run: uniffi::swift::command,
    },
    Command {
        name: "conformance",
        help: "the scenarios, in every language",
        run: |_| suite::only("conformance"),
    },
    Command {
        name: "directions",
        help: "which crate may depend on which",
        run: |_| directions::command(),
    },
    Command {
        name: "surface",
        help: "write the lists of public names in tests/surface  [--check]",
        run: surface::command,
    },
    Command {
        name: "bench",
        help: "the benchmarks, each beside its floor  [mobile | adapters [--only APP,…] [--write]]",
        run: bench::run,
    },
    Command {
        name: "screenshots",
        help: "the keys page in every state, into target/screenshots",
        run: |_| screenshots::run(),
    },
    Command {
        name: "doctor",
        help: "what is missing on this machine",
        run: |_| doctor::run(),
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if std::env::var_os(surface::AS_RUSTDOC).is_some() {
        return finish(surface::stand_in(&arguments));
    }
    let (name, rest) = arguments
        .split_first()
        .map_or(("help", &[][..]), |(name, rest)| (name.as_str(), rest));
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        help();
        let asked = matches!(name, "help" | "--help" | "-h");
        return if asked {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        };
    };
    finish((command.run)(rest))
}

fn finish(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn help() {
    println!("cargo xtask COMMAND\n");
    for command in COMMANDS {
        println!("  {:<12} {}", command.name, command.help);
    }
}
