//! Commands about what keys are in and whom they belong to, and about the keys that manage.

use super::examples;
use super::keys::{Page, RevokeHow};
use crate::input::duration;
use clap::{Args, Subcommand};
use std::time::Duration;

/// Projects: every key is in one
#[derive(Debug, Subcommand)]
#[command(after_help = examples::PROJECT)]
pub(crate) enum Project {
    Create(ProjectCreate),
    List(ProjectList),
    Archive(ProjectArchive),
}

/// Make a project
#[derive(Debug, Args)]
#[command(after_help = examples::PROJECT_CREATE)]
pub(crate) struct ProjectCreate {
    /// What people call it; no other project has this name
    pub(crate) name: String,
    /// How long its keys are good where nothing is said: 90d, 12h [default: for ever]
    #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
    pub(crate) default_lifetime: Option<Duration>,
    /// The longest that its keys may be good
    #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
    pub(crate) max_lifetime: Option<Duration>,
}

/// List projects, oldest first
#[derive(Debug, Args)]
#[command(after_help = examples::PROJECT_LIST)]
pub(crate) struct ProjectList {
    /// Also archived ones
    #[arg(long)]
    pub(crate) all: bool,
}

/// Archive a project for good: it issues nothing more, and its keys are revoked
#[derive(Debug, Args)]
#[command(after_help = examples::PROJECT_ARCHIVE)]
pub(crate) struct ProjectArchive {
    /// The project, by id or name
    pub(crate) project: String,
    /// Don't ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// Service accounts: programs that own keys
#[derive(Debug, Subcommand)]
#[command(after_help = examples::SERVICE_ACCOUNT)]
pub(crate) enum ServiceAccount {
    Create(ServiceAccountCreate),
    List(ServiceAccountList),
    Delete(ServiceAccountDelete),
}

/// Make a service account
#[derive(Debug, Args)]
#[command(after_help = examples::SERVICE_ACCOUNT_CREATE)]
pub(crate) struct ServiceAccountCreate {
    /// What people call it
    pub(crate) name: String,
    /// Its project, by id or name [default: the project "default"]
    #[arg(long, value_name = "P")]
    pub(crate) project: Option<String>,
}

/// List service accounts, oldest first
#[derive(Debug, Args)]
#[command(after_help = examples::SERVICE_ACCOUNT_LIST)]
pub(crate) struct ServiceAccountList {
    /// Only those in this project, by id or name
    #[arg(long, value_name = "P")]
    pub(crate) project: Option<String>,
}

/// Delete a service account and revoke its keys
#[derive(Debug, Args)]
#[command(after_help = examples::SERVICE_ACCOUNT_DELETE)]
pub(crate) struct ServiceAccountDelete {
    /// The service account's id
    pub(crate) id: String,
    /// Don't ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// Users: people that own keys
#[derive(Debug, Subcommand)]
#[command(after_help = examples::USER)]
pub(crate) enum User {
    Create(UserCreate),
    List(UserList),
    Delete(UserDelete),
}

/// Add a user
#[derive(Debug, Args)]
#[command(after_help = examples::USER_CREATE)]
pub(crate) struct UserCreate {
    /// What people call them
    pub(crate) name: String,
}

/// List users, oldest first
#[derive(Debug, Args)]
#[command(after_help = examples::USER_LIST)]
pub(crate) struct UserList {}

/// Delete a user and revoke their keys
#[derive(Debug, Args)]
#[command(after_help = examples::USER_DELETE)]
pub(crate) struct UserDelete {
    /// The user's id
    pub(crate) id: String,
    /// Don't ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// Admin keys: they manage, and are never accepted where a data key is asked for
#[derive(Debug, Subcommand)]
#[command(after_help = examples::ADMIN_KEY)]
pub(crate) enum AdminKey {
    Create(AdminKeyCreate),
    List(AdminKeyList),
    Revoke(AdminKeyRevoke),
}

/// Issue an admin key and show its secret, this once
///
/// The secret is written as by `keywright create`.
#[derive(Debug, Args)]
#[command(after_help = examples::ADMIN_KEY_CREATE)]
pub(crate) struct AdminKeyCreate {
    /// What people call it
    pub(crate) name: String,
    /// How long it is good: 90d, 12h, 1h30m [default: for ever]
    #[arg(long, value_name = "SPAN", value_parser = duration::parse)]
    pub(crate) expires_in: Option<Duration>,
}

/// List admin keys, newest first
#[derive(Debug, Args)]
#[command(after_help = examples::ADMIN_KEY_LIST)]
pub(crate) struct AdminKeyList {
    #[command(flatten)]
    pub(crate) page: Page,
    /// Also revoked ones
    #[arg(long)]
    pub(crate) all: bool,
}

/// Kill an admin key for good
#[derive(Debug, Args)]
#[command(after_help = examples::ADMIN_KEY_REVOKE)]
pub(crate) struct AdminKeyRevoke {
    /// The admin key's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) how: RevokeHow,
}
