//! Commands about keys: their options and help.

use super::{examples, limits};
use crate::input::{duration, moment, pairs, words};
use clap::{ArgGroup, Args};
use keywright::{Class, KeyStatus, RevocationReason, Timestamp};
use std::time::Duration;

/// Issue a key and show its secret, this once
///
/// On a terminal the secret is shown with the key. In a pipe it is written alone to standard output,
/// and everything else to standard error. It is kept nowhere and can't be shown again.
#[derive(Debug, Args)]
#[command(after_help = examples::CREATE)]
pub(crate) struct Create {
    /// What people call it
    pub(crate) name: String,
    /// Its project, by id or name [default: the project "default"]
    #[arg(long, value_name = "P")]
    pub(crate) project: Option<String>,
    /// Who it belongs to: user_…, svc_…, or any string of your own
    #[arg(long, value_name = "O")]
    pub(crate) owner: Option<String>,
    /// What it may do, separated by commas; '' for nothing [default: everything]
    #[arg(long, value_name = "A,B")]
    pub(crate) scopes: Option<String>,
    /// How long it is good: 90d, 12h, 1h30m [default: what its project says, else for ever]
    #[arg(long, value_name = "SPAN", value_parser = duration::parse, conflicts_with = "expires_at")]
    pub(crate) expires_in: Option<Duration>,
    /// When it stops being good: 2027-01-15T08:00:00Z, or Unix seconds
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub(crate) expires_at: Option<Timestamp>,
    /// A network that it may be used from; may be given several times [default: anywhere]
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
    pub(crate) allow_ip: Vec<String>,
    /// Something to keep with it; may be given several times
    #[arg(long, value_name = "K=V", value_parser = pairs::parse)]
    pub(crate) metadata: Vec<(String, String)>,
    /// What it is for: live, test, or temp (an hour at most) [default: live]
    #[arg(long, value_name = "CLASS", value_parser = words::class(), hide_possible_values = true)]
    pub(crate) class: Option<Class>,
    #[command(flatten)]
    pub(crate) limits: limits::Limits,
    /// Makes a retry within 24 hours safe: it gives the same key, not a second one
    #[arg(long, value_name = "K")]
    pub(crate) idempotency_key: Option<String>,
}

/// List keys, newest first
#[derive(Debug, Args)]
#[command(after_help = examples::LIST)]
pub(crate) struct List {
    /// Only those in this project, by id or name
    #[arg(long, value_name = "P")]
    pub(crate) project: Option<String>,
    /// Only those of this owner
    #[arg(long, value_name = "O")]
    pub(crate) owner: Option<String>,
    /// Only those that are active, disabled, expired or revoked
    #[arg(long, value_name = "STATUS", value_parser = words::status(), hide_possible_values = true)]
    pub(crate) status: Option<KeyStatus>,
    /// Only where name, id, owner or redacted secret contains this
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    #[command(flatten)]
    pub(crate) page: Page,
    /// Also revoked ones
    #[arg(long)]
    pub(crate) all: bool,
}

/// Which part of a long list to show.
#[derive(Debug, Args)]
pub(crate) struct Page {
    /// At most so many, 1 to 1000 [default: 20]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
    /// Only those behind the key of this id: the last one of the page before
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<String>,
}

/// Show everything about a key, but for its secret
#[derive(Debug, Args)]
#[command(after_help = examples::GET)]
pub(crate) struct Get {
    /// The key's id
    pub(crate) id: String,
}

/// Show how often a key was used lately, day by day
///
/// A use is a verify that was answered `valid`. Days are those of UTC, and the last is today.
#[derive(Debug, Args)]
#[command(after_help = examples::USAGE)]
pub(crate) struct Usage {
    /// The key's id
    pub(crate) id: String,
    /// How many days, 1 to 90 [default: 30]
    #[arg(long, value_name = "N")]
    pub(crate) days: Option<u32>,
}

/// Change some fields of a key
///
/// What isn't given stays as it is. Lists (scopes, networks, metadata) take the place of all that was
/// there. A limit takes the place of the one of its kind, and what was used of that stays used.
#[derive(Debug, Args)]
#[command(after_help = examples::UPDATE)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Update {
    /// The key's id
    pub(crate) id: String,
    /// A new name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// What it may do, separated by commas; '' for nothing
    #[arg(long, value_name = "A,B", conflicts_with = "all_scopes")]
    pub(crate) scopes: Option<String>,
    /// It may do everything
    #[arg(long)]
    pub(crate) all_scopes: bool,
    /// How long it is good from now on: 90d, 12h, 1h30m, or never to stop
    #[arg(
        long,
        value_name = "SPAN",
        value_parser = duration::parse_or_never,
        conflicts_with = "expires_at"
    )]
    pub(crate) expires_in: Option<duration::Lifetime>,
    /// When it stops being good: 2027-01-15T08:00:00Z, or Unix seconds
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub(crate) expires_at: Option<Timestamp>,
    /// A network that it may be used from; may be given several times
    #[arg(
        long,
        value_name = "CIDR",
        value_delimiter = ',',
        conflicts_with = "any_ip"
    )]
    pub(crate) allow_ip: Vec<String>,
    /// It may be used from anywhere
    #[arg(long)]
    pub(crate) any_ip: bool,
    /// Something to keep with it; may be given several times
    #[arg(long, value_name = "K=V", value_parser = pairs::parse, conflicts_with = "no_metadata")]
    pub(crate) metadata: Vec<(String, String)>,
    /// Keep nothing with it
    #[arg(long)]
    pub(crate) no_metadata: bool,
    #[command(flatten)]
    pub(crate) limits: limits::Limits,
    /// Take all its limits away, but for those that are given with this
    #[arg(long)]
    pub(crate) no_limits: bool,
}

/// Give a key a new secret; the old one stays good for a while
///
/// Id, name, limits and history stay. Both secrets are good until the overlap ends, --finish ends it
/// now, or --cancel takes the new secret back. `get` tells when each was last used.
#[derive(Debug, Args)]
#[command(after_help = examples::ROTATE)]
pub(crate) struct Rotate {
    /// The key's id
    pub(crate) id: String,
    /// How long the old secret stays good: 1h, 7d, 0 for a leak [default: 24h]
    #[arg(
        long,
        value_name = "SPAN",
        value_parser = duration::parse_or_zero,
        conflicts_with_all = ["finish", "cancel"]
    )]
    pub(crate) overlap: Option<Duration>,
    /// End the old secret of the rotation under way now
    #[arg(long, conflicts_with = "cancel")]
    pub(crate) finish: bool,
    /// End the new secret of the rotation under way now; the old one is current again
    #[arg(long)]
    pub(crate) cancel: bool,
}

/// Switch a key off; `enable` switches it on again
#[derive(Debug, Args)]
#[command(after_help = examples::DISABLE)]
pub(crate) struct Disable {
    /// The key's id
    pub(crate) id: String,
}

/// Switch a key on again
#[derive(Debug, Args)]
#[command(after_help = examples::ENABLE)]
pub(crate) struct Enable {
    /// The key's id
    pub(crate) id: String,
}

/// Kill a key, or all keys of an owner, for good
///
/// When this returns, no verify that starts later succeeds with it, in any process. It can't be
/// undone, so it asks first.
#[derive(Debug, Args)]
#[command(
    after_help = examples::REVOKE,
    group = ArgGroup::new("which").required(true).args(["id", "owner"])
)]
pub(crate) struct Revoke {
    /// The key's id
    pub(crate) id: Option<String>,
    /// All keys of this owner
    #[arg(long, value_name = "O")]
    pub(crate) owner: Option<String>,
    #[command(flatten)]
    pub(crate) how: RevokeHow,
}

/// How to revoke.
#[derive(Debug, Args)]
pub(crate) struct RevokeHow {
    /// Why: key_compromise, superseded, affiliation_changed, privilege_withdrawn or unspecified
    /// [default: unspecified]
    #[arg(long, value_name = "REASON", value_parser = words::reason(), hide_possible_values = true)]
    pub(crate) reason: Option<RevocationReason>,
    /// Don't ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}
