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

/// Save database, pepper and revocation log in one encrypted file
///
/// The store may be in use meanwhile. Only the passphrase opens the file (it is an age file): the one
/// in KEYWRIGHT_BACKUP_PASSPHRASE, else it is asked for, twice. Whoever has both can make keys.
#[derive(Debug, Args)]
#[command(after_help = examples::BACKUP)]
pub(crate) struct Backup {
    /// The file to write; it must not be there
    pub(crate) file: PathBuf,
}

/// Give back what `backup` saved
///
/// Nothing may have the store open. Where a store is there it is replaced, after a question, if it is
/// the same one. What was revoked, disabled, narrowed or rotated away since the backup does not come
/// back to life as long as the store's revocation log is still there. The passphrase is taken as by
/// `backup`.
#[derive(Debug, Args)]
#[command(after_help = examples::RESTORE)]
pub(crate) struct Restore {
    /// The file that `backup` wrote
    pub(crate) file: PathBuf,
    /// Don't ask before a store that is there is replaced
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// Take the store to the form that this version of the program writes
///
/// Nothing may have the store open. Opening a store never does this by itself. Make a backup first:
/// an older program can't use the store any more.
#[derive(Debug, Args)]
#[command(after_help = examples::UPGRADE)]
pub(crate) struct Upgrade {}
