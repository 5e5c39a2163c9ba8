//! `keywright serve`

use super::examples;
use clap::Args;

/// Serve the store over HTTP: OpenAI's Admin API for keys, and verify, rotate, revoke beside it
///
/// Makes the store if it isn't there, and serves until it is interrupted; what was accepted by then is
/// finished. Whoever manages needs an admin key: `keywright admin-key create NAME` makes one, also
/// while the server runs. The connection is not encrypted: leave it on this machine, or put a proxy
/// before it that does TLS.
#[derive(Debug, Args)]
#[command(after_help = examples::SERVE)]
pub(crate) struct Serve {
    /// Where to listen; port 0 is any that is free [env: KEYWRIGHT_LISTEN] [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// Proxies whose X-Forwarded-For counts: addresses or CIDR blocks, separated by commas [env:
    /// KEYWRIGHT_TRUSTED_PROXIES]
    #[arg(long, value_name = "ADDRESSES")]
    pub(crate) trusted_proxies: Option<String>,
    /// Show what would count, and don't serve
    #[arg(long)]
    pub(crate) print_config: bool,
}
