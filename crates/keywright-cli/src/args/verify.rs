//! Commands that take a secret: never as an argument.

use super::examples;
use clap::{Args, ValueHint};
use std::ffi::OsString;

/// Say whether a secret is good for a use
///
/// Reads the secret from standard input, less one line end; on a terminal it asks for it and doesn't
/// show it. A secret is never taken as an argument, where the shell's history and the list of
/// processes would keep it.
///
/// Exit status: 0 valid, 1 not valid, 5 no answer could be had (deny).
#[derive(Debug, Args)]
#[command(after_help = examples::VERIFY)]
pub(crate) struct Verify {
    /// What the use requires, separated by commas
    #[arg(long, value_name = "A,B")]
    pub(crate) scopes: Option<String>,
    /// The address that the use comes from
    #[arg(long, value_name = "A")]
    pub(crate) ip: Option<String>,
    /// How many usage credits it costs [default: 1]
    #[arg(long, value_name = "N")]
    pub(crate) cost: Option<u64>,
    // Taken so that it can be refused without being repeated. No shell is to complete it.
    #[arg(hide = true, value_hint = ValueHint::Other)]
    pub(crate) misplaced: Vec<OsString>,
}

/// Say which key a secret belongs to; gives no access
///
/// Reads the secret as `verify` does. The key may be revoked, expired, or for another use.
#[derive(Debug, Args)]
#[command(after_help = examples::IDENTIFY)]
pub(crate) struct Identify {
    // Taken so that it can be refused without being repeated. No shell is to complete it.
    #[arg(hide = true, value_hint = ValueHint::Other)]
    pub(crate) misplaced: Vec<OsString>,
}
