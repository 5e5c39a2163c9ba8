//! Who a key belongs to: a user, a service account, or any string of the application's own.

use crate::error::Result;
use crate::ids::{ServiceAccountId, UserId};
use crate::names;
use crate::text_enum::text_enum;
use std::fmt;

/// The longest external owner, in characters.
pub const MAX_EXTERNAL_OWNER: usize = 128;

/// A key's owner.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A user of this store.
    User(UserId),
    /// A service account of the key's project.
    ServiceAccount(ServiceAccountId),
    /// A string of the application's own (`cust_42`); nothing need be created first.
    External(String),
}

text_enum! {
    /// Which sort of owner.
    OwnerKind, "a sort of owner", "use user, service_account or external";
    /// See [`Owner::User`].
    User = "user";
    /// See [`Owner::ServiceAccount`].
    ServiceAccount = "service_account";
    /// See [`Owner::External`].
    External = "external";
}

impl Owner {
    /// The owner in `text`: what has the form of a user's or a service account's id is one (and
    /// must exist); anything else of 1 to 128 characters is external.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(id) = UserId::parse(text) {
            return Ok(Self::User(id));
        }
        if let Some(id) = ServiceAccountId::parse(text) {
            return Ok(Self::ServiceAccount(id));
        }
        names::check(text, MAX_EXTERNAL_OWNER, "the owner")?;
        if text.trim().is_empty() {
            return Err(crate::Error::invalid("the owner is empty")
                .hint("leave it out, or name one, for example cust_42"));
        }
        Ok(Self::External(text.to_owned()))
    }

    /// Which sort it is.
    #[must_use]
    pub const fn kind(&self) -> OwnerKind {
        match self {
            Self::User(_) => OwnerKind::User,
            Self::ServiceAccount(_) => OwnerKind::ServiceAccount,
            Self::External(_) => OwnerKind::External,
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::ServiceAccount(id) => id.fmt(f),
            Self::External(text) => f.write_str(text),
        }
    }
}
