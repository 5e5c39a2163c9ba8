//! Projects, and the users and service accounts that own keys, as they are stored.

use crate::ids::{ProjectId, ServiceAccountId, UserId};
use crate::names::Name;
use crate::owner::Owner;
use crate::time::Timestamp;
use std::fmt;
use std::time::Duration;

/// The project that every store has, and that is used where none is named.
pub const DEFAULT_PROJECT: &str = "default";
/// The service account that every project has, and that owns keys for which no owner is named.
pub const DEFAULT_SERVICE_ACCOUNT: &str = "default";

/// A project as it is stored. Its name is unique among projects that aren't archived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Counts the changes of this row, from 1.
    pub row_version: u64,
    /// What people call it.
    pub name: Name,
    /// The owner of its keys where none is named.
    pub default_account: ServiceAccountId,
    /// How long a key lives if nothing is said; forever if absent.
    pub default_lifetime: Option<Duration>,
    /// The longest that a key may live.
    pub max_lifetime: Option<Duration>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was archived. An archived project issues nothing, and its keys are revoked.
    pub archived_at: Option<Timestamp>,
}

impl Project {
    /// Its next row: under another name.
    #[must_use]
    pub fn renamed(self, name: Name) -> Self {
        Self {
            row_version: self.row_version + 1,
            name,
            ..self
        }
    }

    /// Its next row: archived.
    #[must_use]
    pub fn archived(self, at: Timestamp) -> Self {
        Self {
            row_version: self.row_version + 1,
            archived_at: Some(at),
            ..self
        }
    }
}

/// The id of a user or a service account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountId {
    /// A user's.
    User(UserId),
    /// A service account's.
    ServiceAccount(ServiceAccountId),
}

impl AccountId {
    /// The id in `text`, of either kind.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        UserId::parse(text)
            .map(Self::User)
            .or_else(|| ServiceAccountId::parse(text).map(Self::ServiceAccount))
    }

    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> AccountKind {
        match self {
            Self::User(_) => AccountKind::User,
            Self::ServiceAccount(_) => AccountKind::ServiceAccount,
        }
    }

    /// It as the owner of keys.
    #[must_use]
    pub const fn as_owner(&self) -> Owner {
        match self {
            Self::User(id) => Owner::User(*id),
            Self::ServiceAccount(id) => Owner::ServiceAccount(*id),
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::ServiceAccount(id) => id.fmt(f),
        }
    }
}

/// Users belong to the organization, service accounts to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// A person.
    User,
    /// A program.
    ServiceAccount,
}

impl AccountKind {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::ServiceAccount => "service_account",
        }
    }
}

/// A user or a service account as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Counts the changes of this row, from 1.
    pub row_version: u64,
    /// What people call it.
    pub name: Name,
    /// A service account's project; absent for a user.
    pub project: Option<ProjectId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was deleted; its keys were revoked then.
    pub deleted_at: Option<Timestamp>,
}

impl Account {
    /// Its next row: under another name.
    #[must_use]
    pub fn renamed(self, name: Name) -> Self {
        Self {
            row_version: self.row_version + 1,
            name,
            ..self
        }
    }

    /// Its next row: deleted.
    #[must_use]
    pub fn deleted(self, at: Timestamp) -> Self {
        Self {
            row_version: self.row_version + 1,
            deleted_at: Some(at),
            ..self
        }
    }
}
