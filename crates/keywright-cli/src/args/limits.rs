//! Limits in short, for commands that set them.

use clap::Args;

/// The bounds on a key's use.
#[derive(Debug, Args)]
pub(crate) struct Limits {
    /// At most so many requests in any such time: 100/60s, 5/1m, 1000/1h, 1/1d
    #[arg(long, value_name = "N/SPAN")]
    pub(crate) rate_limit: Option<String>,
    /// So many usage credits, once and for all
    #[arg(long, value_name = "N")]
    pub(crate) credits: Option<u64>,
}
