//! A key and its versions as they are stored, and the changes that a row can take. A change names
//! only the columns that it sets: nothing ever writes back a row that it has read.

use crate::ids::{KeyId, ProjectId, VersionId};
use crate::limits::Limit;
use crate::names::{Metadata, Name};
use crate::networks::Networks;
use crate::owner::Owner;
use crate::pepper::{Digest, PepperChain};
use crate::revocation::Narrowing;
use crate::scopes::Scopes;
use crate::secret::{Brand, Class, Locator};
use crate::text_enum::text_enum;
use crate::time::Timestamp;
use std::fmt;

text_enum! {
    /// Why a key was revoked: the reasons of RFC 5280, section 5.3.1, that make sense for one.
    #[derive(Default)]
    RevocationReason, "a reason for revoking",
    "use unspecified, key_compromise, superseded, affiliation_changed or privilege_withdrawn";
    /// No reason was given.
    #[default] Unspecified = "unspecified";
    /// The secret got out. Such a key answers `compromised`.
    KeyCompromise = "key_compromise";
    /// Another key took its place.
    Superseded = "superseded";
    /// Its owner no longer belongs to the project.
    AffiliationChanged = "affiliation_changed";
    /// Its owner may no longer do this.
    PrivilegeWithdrawn = "privilege_withdrawn";
}

/// The state that a row keeps. Expiry is not kept: time alone decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In use.
    Active,
    /// Switched off, reversibly.
    Disabled,
    /// Dead for good.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
}

text_enum! {
    /// What a key's status reads as at some moment.
    KeyStatus, "a status", "use active, disabled, expired or revoked";
    /// In use.
    Active = "active";
    /// Switched off, reversibly.
    Disabled = "disabled";
    /// Its time has passed.
    Expired = "expired";
    /// Dead for good.
    Revoked = "revoked";
}

/// A key as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Its id, for life.
    pub id: KeyId,
    /// Counts the changes of this row, from 1.
    pub row_version: u64,
    /// The project that it is in.
    pub project: ProjectId,
    /// Who it belongs to.
    pub owner: Owner,
    /// What it is for.
    pub class: Class,
    /// The mark that its secrets begin with.
    pub brand: Brand,
    /// What people call it.
    pub name: Name,
    /// What the application keeps with it.
    pub metadata: Metadata,
    /// What it may do.
    pub scopes: Scopes,
    /// Where it may be used from.
    pub networks: Networks,
    /// The bounds on its use.
    pub limits: Vec<Limit>,
    /// Its stored state.
    pub state: State,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it stops being good; never if absent.
    pub expires_at: Option<Timestamp>,
}

impl Key {
    /// Its status at `now`: what was decided comes before what time decides.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> KeyStatus {
        match self.state {
            State::Revoked { .. } => KeyStatus::Revoked,
            State::Disabled => KeyStatus::Disabled,
            State::Active if self.has_expired(now) => KeyStatus::Expired,
            State::Active => KeyStatus::Active,
        }
    }

    /// Whether its time has passed. A key is good while `now < expires_at`.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }

    /// The row after `patch`.
    #[must_use]
    pub fn patched(mut self, patch: &KeyPatch) -> Self {
        let KeyPatch {
            name,
            metadata,
            scopes,
            networks,
            limits,
            state,
            expires_at,
        } = patch.clone();
        self.row_version += 1;
        self.name = name.unwrap_or(self.name);
        self.metadata = metadata.unwrap_or(self.metadata);
        self.scopes = scopes.unwrap_or(self.scopes);
        self.networks = networks.unwrap_or(self.networks);
        self.limits = limits.unwrap_or(self.limits);
        self.state = state.unwrap_or(self.state);
        self.expires_at = expires_at.unwrap_or(self.expires_at);
        self
    }
}

/// The columns of a key that a change sets.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct KeyPatch {
    /// A new name.
    pub name: Option<Name>,
    /// New metadata.
    pub metadata: Option<Metadata>,
    /// New scopes.
    pub scopes: Option<Scopes>,
    /// New networks.
    pub networks: Option<Networks>,
    /// New limits.
    pub limits: Option<Vec<Limit>>,
    /// A new state.
    pub state: Option<State>,
    /// A new expiry; `Some(None)` takes it away.
    pub expires_at: Option<Option<Timestamp>>,
}

impl KeyPatch {
    /// What this change takes away, if a row from before it must never be believed again: all that
    /// could narrow what the key may do. A rename and an `enable` narrow nothing.
    #[must_use]
    pub fn narrowing(&self) -> Option<Narrowing> {
        if matches!(self.state, Some(State::Revoked { .. })) {
            return Some(Narrowing::Ended);
        }
        let narrows = self.scopes.is_some()
            || self.networks.is_some()
            || self.limits.is_some()
            || self.expires_at.is_some()
            || self.state == Some(State::Disabled);
        narrows.then_some(Narrowing::Narrowed)
    }
}

/// What a version is recognised by.
#[derive(Clone, PartialEq, Eq)]
pub enum Material {
    /// Our own digest, and the peppers that made it.
    Digest {
        /// The digest.
        digest: StoredDigest,
        /// Which peppers made it.
        chain: PepperChain,
    },
    /// A hash that another system kept (`foreign::ForeignHash` in its stored form). It becomes a
    /// digest at the first good verify.
    Foreign {
        /// The stored form.
        stored: String,
    },
}

/// Another system's hash is of a secret that may be guessed, so it is not shown.
impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest { digest, chain } => f
                .debug_struct("Digest")
                .field("digest", digest)
                .field("chain", chain)
                .finish(),
            Self::Foreign { .. } => f.write_str("Foreign(redacted)"),
        }
    }
}

/// A digest in a row. Equality of rows is for tests and guards only; a presented secret is compared
/// by [`Digest::matches`].
#[derive(Clone, Copy, Debug)]
pub struct StoredDigest(pub Digest);

impl PartialEq for StoredDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.matches(&other.0)
    }
}

impl Eq for StoredDigest {}

/// How a version ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// When its overlap has passed: the clock decides.
    At(Timestamp),
    /// Somebody ended it, then. No clock that steps back brings it to life again.
    Decided(Timestamp),
}

impl End {
    /// When that is, or was.
    #[must_use]
    pub const fn moment(self) -> Timestamp {
        match self {
            Self::At(moment) | Self::Decided(moment) => moment,
        }
    }
}

/// One version of a key, that is, one secret, as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// The key that it is of.
    pub key: KeyId,
    /// 1 for the first, and one more at each rotation.
    pub number: u32,
    /// Counts the changes of this row, from 1.
    pub row_version: u64,
    /// The public part of its secret. An imported secret has none of its own and is found by
    /// `lookup`; its locator is then only a unique handle.
    pub locator: Locator,
    /// What an imported secret is found by (see [`crate::foreign`]); absent for our own.
    pub lookup: Option<Vec<u8>>,
    /// What it is recognised by.
    pub material: Material,
    /// What may be shown of the secret.
    pub redacted_value: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How it ends, or ended; absent while it is the current one.
    pub end: Option<End>,
    /// Issued under an idempotency key and never used: a retry may still replace its secret.
    pub unconfirmed: bool,
    /// When it was last used, at most a second behind. Not sealed.
    pub last_used_at: Option<Timestamp>,
}

impl Version {
    /// Whether its secret still counts at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        match self.end {
            None => true,
            Some(End::At(end)) => now < end,
            Some(End::Decided(_)) => false,
        }
    }

    /// When it ends, or ended; absent while it is the current one.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.end.map(End::moment)
    }

    /// Its end if it is to be dead for good at `now`; an end that has come before stays as it is.
    #[must_use]
    pub fn end_for_good(&self, now: Timestamp) -> End {
        End::Decided(self.ends_at().map_or(now, |end| end.min(now)))
    }

    /// The row after `patch`.
    #[must_use]
    pub fn patched(mut self, patch: &VersionPatch) -> Self {
        let VersionPatch {
            secret,
            end,
            unconfirmed,
        } = patch.clone();
        self.row_version += 1;
        if let Some(secret) = secret {
            self.locator = secret.locator;
            self.lookup = secret.lookup;
            self.material = secret.material;
            self.redacted_value = secret.redacted_value;
        }
        self.end = end.unwrap_or(self.end);
        self.unconfirmed = unconfirmed.unwrap_or(self.unconfirmed);
        self
    }
}

/// Without what an imported secret is found by, which may be the other system's hash.
impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            id,
            key,
            number,
            row_version,
            locator,
            lookup: _,
            material,
            redacted_value,
            created_at,
            end,
            unconfirmed,
            last_used_at,
        } = self;
        f.debug_struct("Version")
            .field("id", id)
            .field("key", key)
            .field("number", number)
            .field("row_version", row_version)
            .field("locator", locator)
            .field("material", material)
            .field("redacted_value", redacted_value)
            .field("created_at", created_at)
            .field("end", end)
            .field("unconfirmed", unconfirmed)
            .field("last_used_at", last_used_at)
            .finish_non_exhaustive()
    }
}

/// What a version keeps of its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptSecret {
    /// See [`Version::locator`].
    pub locator: Locator,
    /// See [`Version::lookup`].
    pub lookup: Option<Vec<u8>>,
    /// See [`Version::material`].
    pub material: Material,
    /// See [`Version::redacted_value`].
    pub redacted_value: String,
}

/// As a version is shown.
impl fmt::Debug for KeptSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptSecret")
            .field("locator", &self.locator)
            .field("material", &self.material)
            .field("redacted_value", &self.redacted_value)
            .finish_non_exhaustive()
    }
}

/// The columns of a version that a change sets.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct VersionPatch {
    /// Another secret in place of the old one (an undelivered one, or an upgraded hash).
    pub secret: Option<KeptSecret>,
    /// A new end; `Some(None)` takes it away.
    pub end: Option<Option<End>>,
    /// Whether a retry may still replace the secret.
    pub unconfirmed: Option<bool>,
}

impl VersionPatch {
    /// What this change takes away, if a row from before it must never be believed again.
    #[must_use]
    pub fn narrowing(&self) -> Option<Narrowing> {
        if self.secret.is_some() || matches!(self.end, Some(Some(_))) {
            return Some(Narrowing::Ended);
        }
        (self.unconfirmed == Some(false)).then_some(Narrowing::Narrowed)
    }
}

/// A key together with its versions, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyWithVersions {
    /// The key.
    pub key: Key,
    /// Its versions, oldest first; never empty.
    pub versions: Vec<Version>,
}

impl KeyWithVersions {
    /// The version that a rotation made last.
    #[must_use]
    pub fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The version whose secret is current: the newest that has no end, else the newest of all.
    #[must_use]
    pub fn current(&self) -> Option<&Version> {
        self.versions
            .iter()
            .rev()
            .find(|version| version.end.is_none())
            .or_else(|| self.newest())
    }

    /// The older version that still lives beside the current one, if a rotation is under way.
    #[must_use]
    pub fn overlapping(&self, now: Timestamp) -> Option<&Version> {
        let live = |version: &&Version| version.end.is_some() && version.is_live(now);
        self.versions.iter().rev().find(live)
    }
}
