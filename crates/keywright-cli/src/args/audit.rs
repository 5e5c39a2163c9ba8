//! Commands about the audit trail.

use super::examples;
use crate::input::moment;
use clap::{Args, Subcommand};
use keywright::Timestamp;

/// What happened, and whether anyone has meddled with the record of it
#[derive(Debug, Subcommand)]
#[command(after_help = examples::AUDIT)]
pub(crate) enum Audit {
    List(List),
    Verify(Verify),
    Export(Export),
}

/// Show events, oldest first
#[derive(Debug, Args)]
#[command(after_help = examples::AUDIT_LIST)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Only those behind this place in the chain
    #[arg(long, value_name = "SEQ")]
    pub(crate) after: Option<u64>,
    /// At most so many, 1 to 1000 [default: 100]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
}

/// Check the whole chain: each event follows from the one before
///
/// Exit status: 0 the chain is intact, 1 it is broken.
#[derive(Debug, Args)]
#[command(after_help = examples::AUDIT_VERIFY)]
pub(crate) struct Verify {}

/// Write events as one JSON object to a line
#[derive(Debug, Args)]
#[command(after_help = examples::AUDIT_EXPORT)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Only those behind this place in the chain
    #[arg(long, value_name = "SEQ")]
    pub(crate) after: Option<u64>,
}

/// Which events.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Only about this key, project or account
    #[arg(long, value_name = "ID")]
    pub(crate) object: Option<String>,
    /// Only in this project, by id or name
    #[arg(long, value_name = "P")]
    pub(crate) project: Option<String>,
    /// Only of these types, for example api_key.created; separated by commas
    #[arg(long = "type", value_name = "T", value_delimiter = ',')]
    pub(crate) types: Vec<String>,
    /// Only by this actor, for example cli:alice
    #[arg(long, value_name = "WHO")]
    pub(crate) actor: Option<String>,
    /// Only from then on: 7d for the last seven days, or 2027-01-15T08:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::parse_or_ago)]
    pub(crate) since: Option<Timestamp>,
}
