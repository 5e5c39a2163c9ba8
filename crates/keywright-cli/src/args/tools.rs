//! Commands around the program itself.

use super::examples;
use clap::Args;
use clap_complete::Shell;
use std::path::PathBuf;

/// Show the whole story once: make a store, issue a key, verify it, list it
///
/// Makes the store if it isn't there, issues a key, shows its secret this once, verifies it, lists
/// what is in the store, and prints commands to go on with.
#[derive(Debug, Args)]
#[command(after_help = examples::QUICKSTART)]
pub(crate) struct Quickstart {
    /// What to call the key
    #[arg(default_value = "demo")]
    pub(crate) name: String,
}

/// Write a script that completes commands in a shell
#[derive(Debug, Args)]
#[command(after_help = examples::COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// Write the manual pages
///
/// Without a folder, the main page goes to standard output.
#[derive(Debug, Args)]
#[command(after_help = examples::MAN)]
pub(crate) struct Man {
    /// The folder to put a page for each command in; it is made if it isn't there
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}
