//! What can be typed: commands, their options and their help. What they do is in `commands`.
#![expect(
    clippy::doc_markdown,
    reason = "these comments are the text of the help, where backticks would be shown"
)]

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod data;
pub(crate) mod environment;
pub(crate) mod examples;
pub(crate) mod keys;
pub(crate) mod limits;
#[cfg(feature = "serve")]
pub(crate) mod serve;
pub(crate) mod tools;
pub(crate) mod verify;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand};
use environment::ENVIRONMENT;

/// Where the help shows options that every command takes.
const EVERYWHERE: &str = "Options of every command";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// API keys from birth to death: issue, show once, verify, rotate, revoke
///
/// Keys live in a store, an SQLite file: the one that --store names, else the one that
/// KEYWRIGHT_STORE names, else ./keywright.db. It is made by the first command that adds something
/// to it. The pepper beside it (keywright.db.pepper) is needed to verify keys: keep both, and keep
/// them apart. For several machines the store is a PostgreSQL database, best named by
/// KEYWRIGHT_STORE, since its URL may hold a password; its pepper comes from KEYWRIGHT_PEPPER or
/// KEYWRIGHT_PEPPER_FILE.
///
/// Exit status: 0 done or valid; 1 verified and not valid, or the audit chain is broken; 2 wrong
/// usage, or a question that can't be asked; 3 no such object; 4 refused by state; 5 the store can't
/// be used; 6 anything else.
#[derive(Debug, Parser)]
#[command(
    name = "keywright",
    bin_name = "keywright",
    version,
    styles = STYLES,
    max_term_width = 100,
    disable_help_subcommand = false,
    infer_subcommands = false,
    after_help = examples::KEYWRIGHT,
    after_long_help = format!("{ENVIRONMENT}\n\n{}", examples::KEYWRIGHT)
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The store: a path, sqlite:PATH, postgres://… or memory: [env: KEYWRIGHT_STORE] [default: ./keywright.db]
    #[arg(
        long,
        global = true,
        value_name = "PATH_OR_URL",
        help_heading = EVERYWHERE
    )]
    pub(crate) store: Option<String>,
    /// How to write: a table for people, or JSON for programs [env: KEYWRIGHT_OUTPUT] [default: table]
    #[arg(
        long,
        global = true,
        value_name = "FORM",
        value_parser = ["table", "json"],
        hide_possible_values = true,
        help_heading = EVERYWHERE
    )]
    pub(crate) output: Option<String>,
    /// Show what the library logs [env: KEYWRIGHT_LOG=debug|info|warning|error]
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    pub(crate) verbose: bool,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Quickstart(tools::Quickstart),
    Create(keys::Create),
    Verify(verify::Verify),
    Identify(verify::Identify),
    List(keys::List),
    Get(keys::Get),
    Usage(keys::Usage),
    Update(keys::Update),
    Rotate(keys::Rotate),
    Disable(keys::Disable),
    Enable(keys::Enable),
    Revoke(keys::Revoke),
    Import(data::Import),
    Export(data::Export),
    Backup(data::Backup),
    Restore(data::Restore),
    Upgrade(data::Upgrade),
    #[command(subcommand)]
    Audit(audit::Audit),
    #[command(subcommand)]
    Project(accounts::Project),
    #[command(subcommand)]
    ServiceAccount(accounts::ServiceAccount),
    #[command(subcommand)]
    User(accounts::User),
    #[command(subcommand)]
    AdminKey(accounts::AdminKey),
    #[cfg(feature = "serve")]
    Serve(serve::Serve),
    Completions(tools::Completions),
    Man(tools::Man),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    fn each(command: &clap::Command, path: &str, check: &mut dyn FnMut(&str, &clap::Command)) {
        check(path, command);
        for inner in command
            .get_subcommands()
            .filter(|inner| inner.get_name() != "help")
        {
            each(inner, &format!("{path} {}", inner.get_name()), check);
        }
    }

    #[test]
    fn every_command_says_what_it_does_and_has_examples() {
        each(&Cli::command(), "keywright", &mut |path, command| {
            assert!(command.get_about().is_some(), "{path} has no description");
            let examples = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                examples.starts_with("Examples:\n"),
                "{path} has no examples"
            );
        });
    }

    #[test]
    fn every_option_is_described() {
        each(&Cli::command(), "keywright", &mut |path, command| {
            for argument in command
                .get_arguments()
                .filter(|argument| !argument.is_hide_set())
            {
                assert!(
                    argument.get_help().is_some(),
                    "{path} {}",
                    argument.get_id()
                );
            }
        });
    }
}
