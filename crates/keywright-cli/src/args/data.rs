//! Commands about all of a store's data at once.

use super::examples;
use clap::Args;
use std::path::PathBuf;

/// Take over keys that another system issued
///
/// Reads one JSON object to a line (docs/import.md lists the fields): a secret, or the hash that the
/// other system kept. Whoever holds such a secret goes on using it. A line that is refused doesn't
/// keep the others from being taken over; it is named by its number on standard error.
///
/// Exit status: 0 all taken over, 4 some refused.
#[derive(Debug, Args)]
#[command(after_help = examples::IMPORT)]
pub(crate) struct Import {
    /// The file, or - for standard input
    pub(crate) file: PathBuf,
}

/// Write everything that the store knows, without secrets
///
/// One JSON object to a line (docs/export.md): projects, users, service accounts, keys, admin keys,
/// audit events. No secret and no digest is among it.
#[derive(Debug, Args)]
#[command(after_help = examples::EXPORT)]
pub(crate) struct Export {}
