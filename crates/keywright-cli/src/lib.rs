//! The `keywright` command, as a library: [`run`] does what the program does, so that packages for
//! other languages can bring it too.
#![forbid(unsafe_code)]
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod app;
mod args;
mod commands;
mod failure;
mod git;
mod input;
mod log;
mod output;
mod store;
mod usage;

use app::App;
use args::Cli;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use failure::{Outcome, Status};
use keywright::{Error, ErrorCode};
use output::streams::Streams;
use output::style::Style;
use std::ffi::{OsStr, OsString};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the command, with the program's name as the first of `args`, and gives its exit status:
/// 0 done or valid, 1 verified and not valid, or a broken audit chain, 2 wrong usage, 3 no such
/// object, 4 refused by state, 5 the store can't be used, 6 anything else.
///
/// Reads standard input and the environment, writes to standard output and standard error, and
/// never ends the process itself.
///
/// ```
/// assert_eq!(keywright_cli::run(["keywright", "completions", "bash"].map(Into::into)), 0);
/// assert_eq!(keywright_cli::run(["keywright", "no-such-command"].map(Into::into)), 2);
/// ```
pub fn run(args: impl IntoIterator<Item = OsString>) -> i32 {
    let args: Vec<OsString> = args.into_iter().collect();
    let program = output::next::program(args.first().map(OsString::as_os_str));
    carry_out(&args, program)
}

/// The same where the first of `args` is not how the program is called: commands to go on with begin
/// with `called`, which is shell text as it stands.
///
/// ```
/// let args = ["keywright", "completions", "bash"].map(Into::into);
/// assert_eq!(keywright_cli::run_called("python -m keywright", args), 0);
/// ```
pub fn run_called(called: &str, args: impl IntoIterator<Item = OsString>) -> i32 {
    let args: Vec<OsString> = args.into_iter().collect();
    carry_out(&args, called.to_owned())
}

fn carry_out(args: &[OsString], program: String) -> i32 {
    let json = wants_json(args);
    // A fault of ours becomes a failure like any other; it must not unwind into another language.
    let outcome = catch_unwind(AssertUnwindSafe(|| go(args, program, json))).unwrap_or_else(|_| {
        Err(Error::new(
            ErrorCode::Internal,
            "the program failed inside; please report it",
        )
        .into())
    });
    match outcome {
        Ok(status) => status.code(),
        Err(failure) => {
            app::report(&failure, json);
            failure.status
        }
    }
}

/// The definition of the command line, for what is made from it.
#[doc(hidden)]
#[must_use]
pub fn definition() -> clap::Command {
    Cli::command()
}

fn go(args: &[OsString], program: String, json: bool) -> Outcome {
    match Cli::try_parse_from(args) {
        Ok(Cli { global, command }) => {
            let app = App::new(program, global)?;
            commands::run(&app, command)
        }
        Err(error) => help_or_failure(&error, json),
    }
}

/// Help and version are no failures; they come out of the parser as errors all the same.
fn help_or_failure(error: &clap::Error, json: bool) -> Outcome {
    let out = Streams::new();
    let rendered = |style: Style| {
        let text = error.render();
        if style.is_on() {
            text.ansi().to_string()
        } else {
            text.to_string()
        }
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            out.print(&rendered(out.style))?;
            Ok(Status::Done)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !json => {
            out.note(rendered(out.notes_style).trim_end());
            Ok(Status::Misused)
        }
        _ => Err(usage::failure(error)),
    }
}

/// Whether failures are wanted as JSON. Looked up by hand, as the parser may be what fails.
fn wants_json(args: &[OsString]) -> bool {
    let words: Vec<&OsStr> = args
        .iter()
        .skip(1)
        .map(OsString::as_os_str)
        .take_while(|word| *word != "--")
        .collect();
    let named = words.iter().enumerate().rev().find_map(|(at, word)| {
        if *word == "--output" {
            return Some(words.get(at + 1).is_some_and(|form| *form == "json"));
        }
        Some(word.to_str()?.strip_prefix("--output=")? == "json")
    });
    named.unwrap_or_else(|| matches!(app::form_of_environment(), Ok(Some(true))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(words: &[&str]) -> bool {
        wants_json(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_form_is_known_even_where_the_command_is_not_understood() {
        assert!(json(&["keywright", "--output", "json", "nonsense"]));
        assert!(json(&["keywright", "nonsense", "--output=json"]));
        assert!(!json(&["keywright", "nonsense", "--output", "table"]));
        assert!(!json(&["keywright", "create", "--", "--output=json"]));
        assert!(!json(&["keywright", "nonsense", "--output"]));
    }
}
