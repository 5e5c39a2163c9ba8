//! Rows and what they stand for. Reading is strict: what can't be read is as good as tampered with,
//! and `None`; but for events, of which each must be there to be named.

use crate::meta::NO_MAC;
use keywright_core::accounts::{Account, AccountId, Project};
use keywright_core::audit::Event;
use keywright_core::daily::DailyCounts;
use keywright_core::ids::{KeyId, ProjectId, ServiceAccountId, UserId, VersionId};
use keywright_core::keys::{End, Key, Material, RevocationReason, State, StoredDigest, Version};
use keywright_core::limits::Limit;
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::owner::{Owner, OwnerKind};
use keywright_core::pepper::{Digest, PepperChain, Tag};
use keywright_core::scopes::Scopes;
use keywright_core::secret::{Brand, Class, Locator};
use keywright_core::time::Timestamp;
use std::error::Error as StdError;
use std::time::Duration;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

/// The columns of a key, in the order in which [`key`] reads them.
macro_rules! key_columns {
    () => {
        "k.id, k.row_version, k.project_id, k.owner_kind, k.owner_id, k.class, k.brand, k.name, \
         k.metadata, k.scopes, k.networks, k.limits, k.state, k.revoked_at, k.revoked_for, \
         k.created_at, k.expires_at, k.seal"
    };
}
pub(crate) use key_columns;

/// How many columns a key has.
pub(crate) const KEY_COLUMNS: usize = 18;

/// The columns of a version, in the order in which [`version`] reads them. `u` is its last use.
macro_rules! version_columns {
    () => {
        "v.id, v.number, v.row_version, v.locator, v.lookup, v.digest, v.peppers, v.foreign_hash, \
         v.redacted_value, v.created_at, v.ends_at, v.unconfirmed, v.seal, u.last_used_at"
    };
}
pub(crate) use version_columns;

/// How often a version was used on which day. What is longer than anything that was ever written
/// there is left where it is.
macro_rules! daily_column {
    () => {
        "CASE WHEN length(u.daily) <= 1500 THEN u.daily END"
    };
}
pub(crate) use daily_column;

/// The columns of a project.
macro_rules! project_columns {
    () => {
        "id, row_version, name, default_account, default_lifetime, max_lifetime, created_at, \
         archived_at, seal"
    };
}
pub(crate) use project_columns;

/// The columns of an account.
macro_rules! account_columns {
    () => {
        "id, row_version, kind, name, project_id, created_at, deleted_at, seal"
    };
}
pub(crate) use account_columns;

/// The columns of an event.
macro_rules! event_columns {
    () => {
        "seq, time, actor, address, event_type, object_id, project_id, outcome, before, after, mac"
    };
}
pub(crate) use event_columns;

/// A row with the seal that it carries; nobody has checked it yet.
pub(crate) struct Carried<T> {
    pub(crate) row: T,
    pub(crate) seal: Tag,
}

/// Takes the columns of a row one after the other.
pub(crate) struct Columns<'r> {
    row: &'r Row,
    at: usize,
}

/// Whether there is something in a column, of whatever type.
struct IsNull(bool);

impl<'a> FromSql<'a> for IsNull {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(false))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(true))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl<'r> Columns<'r> {
    pub(crate) const fn of(row: &'r Row) -> Self {
        Self::behind(row, 0)
    }

    /// The columns of a row without the first `at`.
    pub(crate) const fn behind(row: &'r Row, at: usize) -> Self {
        Self { row, at }
    }

    /// The next column; `None` if it is NULL or of another type.
    fn next<T: FromSql<'r>>(&mut self) -> Option<T> {
        let value = self.row.try_get::<_, Option<T>>(self.at).ok().flatten();
        self.at += 1;
        value
    }

    pub(crate) fn text(&mut self) -> Option<&'r str> {
        self.next()
    }

    pub(crate) fn bytes(&mut self) -> Option<&'r [u8]> {
        self.next()
    }

    pub(crate) fn integer(&mut self) -> Option<i64> {
        self.next()
    }

    pub(crate) fn boolean(&mut self) -> Option<bool> {
        self.next()
    }

    pub(crate) fn count(&mut self) -> Option<u64> {
        u64::try_from(self.integer()?).ok()
    }

    pub(crate) fn time(&mut self) -> Option<Timestamp> {
        Timestamp::from_unix(self.integer()?)
    }

    fn end(&mut self) -> Option<End> {
        let number = self.integer()?;
        if number < 0 {
            Timestamp::from_unix(!number).map(End::Decided)
        } else {
            Timestamp::from_unix(number).map(End::At)
        }
    }

    /// Reads a column that may be NULL: the outer `None` is a column that can't be read.
    #[expect(
        clippy::option_option,
        reason = "absent and unreadable are different things"
    )]
    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.row.try_get::<_, IsNull>(self.at).ok()?.0 {
            self.at += 1;
            return Some(None);
        }
        read(self).map(Some)
    }

    pub(crate) fn seal(&mut self) -> Option<Tag> {
        Tag::from_bytes(self.bytes()?)
    }
}

/// A version's end: a moment that the clock decides, or the complement of the one at which somebody
/// ended it, which is negative.
pub(crate) fn end_column(end: Option<End>) -> Option<i64> {
    Some(match end? {
        End::At(moment) => moment.unix(),
        End::Decided(moment) => !moment.unix(),
    })
}

/// The numbers of rows fit into a BIGINT: nothing counts that far.
pub(crate) fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A key.
pub(crate) fn key(from: &mut Columns<'_>) -> Option<Carried<Key>> {
    let row = Key {
        id: KeyId::parse(from.text()?)?,
        row_version: from.count()?,
        project: ProjectId::parse(from.text()?)?,
        owner: owner(from.text()?, from.text()?)?,
        class: Class::parse(from.text()?).ok()?,
        brand: Brand::parse(from.text()?).ok()?,
        name: Name::parse(from.text()?).ok()?,
        metadata: match from.maybe(Columns::text)? {
            None => Metadata::default(),
            Some(text) => Metadata::parse(serde_json::from_str(text).ok()?).ok()?,
        },
        scopes: match list(from)? {
            None => Scopes::All,
            Some(list) => Scopes::parse(Some(&list)).ok()?,
        },
        networks: match list(from)? {
            None => Networks::default(),
            Some(list) => Networks::parse(Some(&list)).ok()?,
        },
        limits: limits(from)?,
        state: state(from)?,
        created_at: from.time()?,
        expires_at: from.maybe(Columns::time)?,
    };
    Some(Carried {
        row,
        seal: from.seal()?,
    })
}

/// A version of the key whose id is given.
pub(crate) fn version(from: &mut Columns<'_>, key: KeyId) -> Option<Carried<Version>> {
    let id = VersionId::parse(from.text()?)?;
    let number = u32::try_from(from.count()?).ok()?;
    let row_version = from.count()?;
    let locator = Locator::parse(from.text()?)?;
    let lookup = from.maybe(Columns::bytes)?.map(<[u8]>::to_vec);
    let material = material(from)?;
    let redacted_value = from.text()?.to_owned();
    let created_at = from.time()?;
    let end = from.maybe(Columns::end)?;
    let unconfirmed = from.boolean()?;
    let seal = from.seal()?;
    let row = Version {
        id,
        key,
        number,
        row_version,
        locator,
        lookup,
        material,
        redacted_value,
        created_at,
        end,
        unconfirmed,
        last_used_at: from.maybe(Columns::time)?,
    };
    Some(Carried { row, seal })
}

/// How often a version was used on which day; nothing where that can't be read.
pub(crate) fn daily(from: &mut Columns<'_>) -> DailyCounts {
    DailyCounts::from_bytes(from.bytes().unwrap_or_default())
}

/// A project.
pub(crate) fn project(from: &mut Columns<'_>) -> Option<Carried<Project>> {
    let seconds = |from: &mut Columns<'_>| from.count().map(Duration::from_secs);
    let row = Project {
        id: ProjectId::parse(from.text()?)?,
        row_version: from.count()?,
        name: Name::parse(from.text()?).ok()?,
        default_account: ServiceAccountId::parse(from.text()?)?,
        default_lifetime: from.maybe(seconds)?,
        max_lifetime: from.maybe(seconds)?,
        created_at: from.time()?,
        archived_at: from.maybe(Columns::time)?,
    };
    Some(Carried {
        row,
        seal: from.seal()?,
    })
}

/// A user or service account.
pub(crate) fn account(from: &mut Columns<'_>) -> Option<Carried<Account>> {
    let id = AccountId::parse(from.text()?)?;
    let row_version = from.count()?;
    let kind = from.text()?;
    let row = Account {
        id,
        row_version,
        name: Name::parse(from.text()?).ok()?,
        project: match from.maybe(Columns::text)? {
            None => None,
            Some(text) => Some(ProjectId::parse(text)?),
        },
        created_at: from.time()?,
        deleted_at: from.maybe(Columns::time)?,
    };
    let seal = from.seal()?;
    (kind == row.id.kind().as_str()).then_some(Carried { row, seal })
}

/// An event, just as it was written. One that somebody has made unreadable comes with what can be
/// read of it and a MAC that never fits, so that whoever checks the trail can name it.
pub(crate) fn event(row: &Row) -> Event {
    whole_event(&mut Columns::of(row)).unwrap_or_else(|| rest_of_event(&mut Columns::of(row)))
}

fn whole_event(from: &mut Columns<'_>) -> Option<Event> {
    Some(Event {
        seq: from.count()?,
        time: from.time()?,
        actor: from.text()?.to_owned(),
        address: from.maybe(Columns::text)?.map(str::to_owned),
        event_type: from.text()?.to_owned(),
        object_id: from.text()?.to_owned(),
        project_id: from.maybe(Columns::text)?.map(str::to_owned),
        outcome: from.text()?.to_owned(),
        before: from.text()?.to_owned(),
        after: from.text()?.to_owned(),
        mac: from.seal()?,
    })
}

fn rest_of_event(from: &mut Columns<'_>) -> Event {
    let text = |from: &mut Columns<'_>| from.text().unwrap_or_default().to_owned();
    let maybe = |from: &mut Columns<'_>| from.text().map(str::to_owned);
    Event {
        seq: from.count().unwrap_or_default(),
        time: from.time().unwrap_or(Timestamp::from_unix_ms(0)),
        actor: text(from),
        address: maybe(from),
        event_type: text(from),
        object_id: text(from),
        project_id: maybe(from),
        outcome: text(from),
        before: text(from),
        after: text(from),
        mac: NO_MAC,
    }
}

fn owner(kind: &str, id: &str) -> Option<Owner> {
    let kind = OwnerKind::ALL.iter().find(|known| known.as_str() == kind)?;
    Some(match kind {
        OwnerKind::User => Owner::User(UserId::parse(id)?),
        OwnerKind::ServiceAccount => Owner::ServiceAccount(ServiceAccountId::parse(id)?),
        OwnerKind::External => Owner::External(id.to_owned()),
    })
}

#[expect(
    clippy::option_option,
    reason = "absent and unreadable are different things"
)]
fn list(from: &mut Columns<'_>) -> Option<Option<Vec<String>>> {
    match from.maybe(Columns::text)? {
        None => Some(None),
        Some(text) => Some(Some(serde_json::from_str(text).ok()?)),
    }
}

fn limits(from: &mut Columns<'_>) -> Option<Vec<Limit>> {
    match from.maybe(Columns::text)? {
        None => Some(Vec::new()),
        Some(text) => serde_json::from_str(text).ok(),
    }
}

fn state(from: &mut Columns<'_>) -> Option<State> {
    let name = from.text()?;
    let at = from.maybe(Columns::time)?;
    let reason = from.maybe(Columns::text)?;
    match (name, at, reason) {
        ("active", None, None) => Some(State::Active),
        ("disabled", None, None) => Some(State::Disabled),
        ("revoked", Some(at), Some(reason)) => Some(State::Revoked {
            at,
            reason: RevocationReason::parse(reason).ok()?,
        }),
        _ => None,
    }
}

fn material(from: &mut Columns<'_>) -> Option<Material> {
    let digest = from.maybe(Columns::bytes)?;
    let peppers = from.maybe(Columns::text)?;
    let stored = from.maybe(Columns::text)?;
    match (digest, peppers, stored) {
        (Some(digest), Some(peppers), None) => Some(Material::Digest {
            digest: StoredDigest(Digest::from_bytes(digest.try_into().ok()?)),
            chain: PepperChain::parse(peppers)?,
        }),
        (None, None, Some(stored)) => Some(Material::Foreign {
            stored: stored.to_owned(),
        }),
        _ => None,
    }
}

/// The three columns of a state.
pub(crate) const fn state_columns(
    state: State,
) -> (&'static str, Option<i64>, Option<&'static str>) {
    match state {
        State::Active => ("active", None, None),
        State::Disabled => ("disabled", None, None),
        State::Revoked { at, reason } => ("revoked", Some(at.unix()), Some(reason.as_str())),
    }
}

/// The three columns of what a version is recognised by.
pub(crate) fn material_columns(
    material: &Material,
) -> (Option<&[u8]>, Option<String>, Option<&str>) {
    match material {
        Material::Digest { digest, chain } => {
            (Some(digest.0.as_bytes()), Some(chain.to_string()), None)
        }
        Material::Foreign { stored } => (None, None, Some(stored)),
    }
}

/// Metadata; NULL if there is none.
pub(crate) fn metadata_column(metadata: &Metadata) -> Option<String> {
    let pairs = metadata.pairs();
    (!pairs.is_empty()).then(|| serde_json::json!(pairs).to_string())
}

/// Scopes; NULL for everything.
pub(crate) fn scopes_column(scopes: &Scopes) -> Option<String> {
    Some(serde_json::json!(scopes.as_list()?).to_string())
}

/// Networks; NULL for anywhere.
pub(crate) fn networks_column(networks: &Networks) -> Option<String> {
    Some(serde_json::json!(networks.to_list()?).to_string())
}

/// Limits; NULL for none. Fails for a limit that is out of its ranges.
pub(crate) fn limits_column(limits: &[Limit]) -> keywright_core::Result<Option<String>> {
    if limits.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(limits)
        .map(Some)
        .map_err(|_| keywright_core::Error::invalid("a limit is out of its ranges"))
}
