//! Issuing a key, once, however often the request is repeated.

use super::projects::{find_project, project_of};
use super::{Context, Happening, Outcome, idempotency_conflict, not_found, record};
use crate::accounts::{AccountId, Project};
use crate::audit::EventType;
use crate::describe;
use crate::error::{Error, ErrorCode, Result};
use crate::ids::{KeyId, VersionId};
use crate::keys::{KeptSecret, Key, KeyWithVersions, State, Version, VersionPatch};
use crate::limits::Limit;
use crate::names::{Metadata, Name};
use crate::networks::Networks;
use crate::owner::Owner;
use crate::scopes::Scopes;
use crate::secret::{Brand, Class};
use crate::store::{IdempotencyRecord, Tx};
use crate::time::Timestamp;
use serde_json::json;
use std::time::Duration;

/// How long an idempotency key is remembered.
pub const IDEMPOTENCY_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a key of class `temp` lives at most, and by default.
pub const TEMP_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// An idempotency key as the store keeps it: neither it nor the parameters can be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Index value of the key.
    pub key_hash: [u8; 32],
    /// Index value of the parameters.
    pub fingerprint: [u8; 32],
}

/// What a key is to be.
#[derive(Clone, Debug)]
pub struct CreateKey {
    /// What people call it.
    pub name: Name,
    /// Its project, by id or name; `default` if absent.
    pub project: Option<String>,
    /// Its owner; the project's default service account if absent.
    pub owner: Option<Owner>,
    /// What it is for.
    pub class: Class,
    /// The mark of this store.
    pub brand: Brand,
    /// What it may do.
    pub scopes: Scopes,
    /// Where it may be used from.
    pub networks: Networks,
    /// The bounds on its use.
    pub limits: Vec<Limit>,
    /// What the application keeps with it.
    pub metadata: Metadata,
    /// How long it shall live, if that was said.
    pub expires_at: Option<Timestamp>,
    /// Makes a retry safe.
    pub idempotency: Option<IdempotencyKey>,
    /// Which event tells of it: issued, or taken over.
    pub event_type: EventType,
}

/// Ids and the kept part of a secret, made for one attempt.
#[derive(Clone, Debug)]
pub struct NewSecret {
    /// For a new key.
    pub key: KeyId,
    /// For its version.
    pub version: VersionId,
    /// What is kept of the secret.
    pub kept: KeptSecret,
}

/// How a key came about.
#[derive(Clone, Debug, PartialEq)]
pub enum CreateOutcome {
    /// It is new.
    Issued(KeyWithVersions),
    /// It was issued before, was never used, and now has the new secret.
    Reissued(KeyWithVersions),
}

impl CreateOutcome {
    /// The key, either way.
    #[must_use]
    pub const fn key(&self) -> &KeyWithVersions {
        match self {
            Self::Issued(it) | Self::Reissued(it) => it,
        }
    }
}

/// Whether an idempotency key still stands for something.
pub(super) fn is_known(
    tx: &mut dyn Tx,
    context: &Context,
    idempotency: &IdempotencyKey,
) -> Result<bool> {
    Ok(remembered(tx, context, idempotency)?.is_some())
}

/// What speaks against issuing a key, audited; nothing is issued.
pub(super) fn refusal_to_create(
    tx: &mut dyn Tx,
    context: &Context,
    wanted: &CreateKey,
    new: &NewSecret,
) -> Result<Option<Error>> {
    match plan(tx, context, wanted, new.key) {
        Ok(_) => Ok(None),
        Err(error) if error.code.http_status() < 500 => {
            refuse_create(tx, context, wanted, error).map(Some)
        }
        Err(error) => Err(error),
    }
}

/// Issues a key.
pub fn create_key(
    tx: &mut dyn Tx,
    context: &Context,
    wanted: &CreateKey,
    new: &NewSecret,
) -> Outcome<CreateOutcome> {
    if let Some(idempotency) = &wanted.idempotency
        && let Some(outcome) = replay(tx, context, idempotency, new)?
    {
        return Ok(match outcome {
            Ok(it) => Ok(CreateOutcome::Reissued(it)),
            Err(refusal) => Err(refuse_create(tx, context, wanted, refusal)?),
        });
    }
    let (project, key) = match plan(tx, context, wanted, new.key) {
        Ok(planned) => planned,
        Err(error)
            if error.code == ErrorCode::InvalidArgument || error.code.http_status() < 500 =>
        {
            return Ok(Err(refuse_create(tx, context, wanted, error)?));
        }
        Err(error) => return Err(error),
    };
    let version = first_version(&key, new, wanted.idempotency.is_some());
    tx.insert_key(&key, &version)?;
    if let Some(idempotency) = &wanted.idempotency {
        remember(tx, context, idempotency, key.id)?;
    }
    let it = KeyWithVersions {
        key,
        versions: vec![version],
    };
    let happening = Happening {
        event_type: wanted.event_type,
        object_id: it.key.id.to_string(),
        project: Some(project.id),
        before: json!({}),
        after: describe::key(&it),
    };
    record(tx, context, happening, None)?;
    Ok(Ok(CreateOutcome::Issued(it)))
}

fn plan(
    tx: &mut dyn Tx,
    context: &Context,
    wanted: &CreateKey,
    id: KeyId,
) -> Result<(Project, Key)> {
    let project = find_project(tx, wanted.project.as_deref())?;
    if project.archived_at.is_some() {
        return Err(
            Error::new(ErrorCode::InvalidState, "the project is archived")
                .hint("use another project"),
        );
    }
    let owner = match &wanted.owner {
        None => Owner::ServiceAccount(project.default_account),
        Some(owner) => existing_owner(tx, owner, &project)?,
    };
    let expires_at = wanted
        .expires_at
        .or_else(|| default_expiry(wanted.class, &project, context.now));
    check_expiry(wanted.class, &project, context.now, expires_at, context.now)?;
    let key = Key {
        id,
        row_version: 1,
        project: project.id,
        owner,
        class: wanted.class,
        brand: wanted.brand.clone(),
        name: wanted.name.clone(),
        metadata: wanted.metadata.clone(),
        scopes: wanted.scopes.clone(),
        networks: wanted.networks.clone(),
        limits: wanted.limits.clone(),
        state: State::Active,
        created_at: context.now,
        expires_at,
    };
    Ok((project, key))
}

fn first_version(key: &Key, new: &NewSecret, unconfirmed: bool) -> Version {
    let KeptSecret {
        locator,
        lookup,
        material,
        redacted_value,
    } = new.kept.clone();
    Version {
        id: new.version,
        key: key.id,
        number: 1,
        row_version: 1,
        locator,
        lookup,
        material,
        redacted_value,
        created_at: key.created_at,
        end: None,
        unconfirmed,
        last_used_at: None,
    }
}

fn remembered(
    tx: &mut dyn Tx,
    context: &Context,
    idempotency: &IdempotencyKey,
) -> Result<Option<IdempotencyRecord>> {
    let outdated = |record: &IdempotencyRecord| {
        let end = record.created_at.after(IDEMPOTENCY_LIFETIME);
        end.is_some_and(|end| context.now >= end)
    };
    let record = tx.idempotency(&idempotency.key_hash)?;
    Ok(record.filter(|record| !outdated(record)))
}

/// What an earlier request with the same idempotency key means for this one, if there was one.
fn replay(
    tx: &mut dyn Tx,
    context: &Context,
    idempotency: &IdempotencyKey,
    new: &NewSecret,
) -> Result<Option<Result<KeyWithVersions>>> {
    let Some(record) = remembered(tx, context, idempotency)? else {
        return Ok(None);
    };
    if record.fingerprint != idempotency.fingerprint {
        return Ok(Some(Err(idempotency_conflict())));
    }
    let Some(it) = tx.key_with_versions(record.key)? else {
        return Ok(None);
    };
    let undelivered = it
        .versions
        .iter()
        .find(|version| version.unconfirmed && it.versions.len() == 1);
    let Some(version) =
        undelivered.filter(|_| it.key.state == State::Active && !it.key.has_expired(context.now))
    else {
        return Ok(Some(Err(Error::new(
            ErrorCode::AlreadyIssued,
            "the key of this idempotency key was issued already, and its secret is not shown again",
        )
        .hint("if the secret was lost, rotate the key")
        .about(record.key))));
    };
    let patch = VersionPatch {
        secret: Some(new.kept.clone()),
        ..VersionPatch::default()
    };
    let version = tx.patch_version(version, &patch)?;
    let happening = Happening {
        event_type: EventType::KeyCreated,
        object_id: it.key.id.to_string(),
        project: Some(it.key.project),
        before: json!({ "redacted_value": it.versions[0].redacted_value }),
        after: json!({ "redacted_value": version.redacted_value }),
    };
    super::record(tx, context, happening, None)?;
    Ok(Some(Ok(KeyWithVersions {
        key: it.key,
        versions: vec![version],
    })))
}

fn remember(
    tx: &mut dyn Tx,
    context: &Context,
    idempotency: &IdempotencyKey,
    key: KeyId,
) -> Result<()> {
    let record = IdempotencyRecord {
        key_hash: idempotency.key_hash,
        fingerprint: idempotency.fingerprint,
        key,
        created_at: context.now,
    };
    let seconds = context
        .now
        .unix()
        .saturating_sub_unsigned(IDEMPOTENCY_LIFETIME.as_secs());
    tx.put_idempotency(
        &record,
        Timestamp::from_unix(seconds.max(0)).unwrap_or(context.now),
    )
}

/// An owner that must exist first, does, and belongs here.
fn existing_owner(tx: &mut dyn Tx, owner: &Owner, project: &Project) -> Result<Owner> {
    let id = match owner {
        Owner::External(_) => return Ok(owner.clone()),
        Owner::User(id) => AccountId::User(*id),
        Owner::ServiceAccount(id) => AccountId::ServiceAccount(*id),
    };
    let account = tx
        .account(id)?
        .filter(|account| account.deleted_at.is_none());
    let what = match id {
        AccountId::User(_) => "user",
        AccountId::ServiceAccount(_) => "service account",
    };
    let account = account.ok_or_else(|| not_found(what))?;
    if account.project.is_some_and(|of| of != project.id) {
        return Err(
            Error::invalid("the service account belongs to another project")
                .hint("name that project, or another owner"),
        );
    }
    Ok(owner.clone())
}

fn default_expiry(class: Class, project: &Project, now: Timestamp) -> Option<Timestamp> {
    let limit = match class {
        Class::Temp => Some(TEMP_LIFETIME),
        _ => None,
    };
    let lifetime = [project.default_lifetime, project.max_lifetime]
        .into_iter()
        .flatten()
        .min();
    let shortest = [limit, lifetime].into_iter().flatten().min()?;
    now.after(shortest)
}

/// An expiry lies in the future and within what class and project allow, counted from creation.
pub(super) fn check_expiry(
    class: Class,
    project: &Project,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    if expires_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("the expiry lies in the past")
            .hint("give a moment that is still to come"));
    }
    let longest = match class {
        Class::Temp => Some(
            project
                .max_lifetime
                .map_or(TEMP_LIFETIME, |max| max.min(TEMP_LIFETIME)),
        ),
        _ => project.max_lifetime,
    };
    let Some(longest) = longest else {
        return Ok(());
    };
    let within = expires_at.is_some_and(|end| end.since(created_at) <= longest);
    if within {
        return Ok(());
    }
    Err(Error::invalid(format!("such a key may live {} seconds at most", longest.as_secs()))
        .hint("give an earlier expiry; a temp key lives an hour at most, and a project can set a longest life"))
}

/// Puts a refused attempt to issue or import a key into the audit trail, and gives the refusal back.
pub fn refuse_create(
    tx: &mut dyn Tx,
    context: &Context,
    wanted: &CreateKey,
    refusal: Error,
) -> Result<Error> {
    let happening = Happening {
        event_type: wanted.event_type,
        object_id: refusal.key_id.clone().unwrap_or_default(),
        project: project_of(tx, wanted.project.as_deref())?,
        before: json!({}),
        after: json!({ "name": wanted.name.as_str() }),
    };
    record(tx, context, happening, Some(refusal.code))?;
    Ok(refusal)
}
