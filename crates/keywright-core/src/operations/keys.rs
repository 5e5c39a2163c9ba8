//! Changing a key that is there.

use super::{Context, Happening, Outcome, not_found, record, record_if_sound};
use crate::describe;
use crate::error::{Error, ErrorCode, Result};
use crate::ids::{KeyId, VersionId};
use crate::keys::{KeptSecret, KeyPatch, KeyWithVersions, RevocationReason};
use crate::lifecycle::{self, Change, Command};
use crate::limits::{Counter, change_limit};
use crate::owner::Owner;
use crate::secret::Class;
use crate::store::{KeyQuery, Tx};
use serde_json::json;
use std::time::Duration;

/// Which keys an operation may touch: data keys, or admin keys.
fn of_kind(it: Option<KeyWithVersions>, admin: bool) -> Option<KeyWithVersions> {
    it.filter(|it| (it.key.class == Class::Admin) == admin)
}

/// Carries out a command on a key and audits it.
pub fn change_key(
    tx: &mut dyn Tx,
    context: &Context,
    id: KeyId,
    admin: bool,
    command: &Command,
) -> Outcome<KeyWithVersions> {
    let found = match load(tx, id, command) {
        Err(damage) if damage.code == ErrorCode::Tampered && command.is_revoke() => {
            return condemn(tx, context, id, command, damage).map(Err);
        }
        found => found?,
    };
    let Some(before) = of_kind(found, admin) else {
        return refuse_unknown(tx, context, id, command);
    };
    match check(tx, &before, command, context)
        .and_then(|()| lifecycle::decide(&before, command, context.now))
    {
        Ok(changes) => apply(tx, context, before, command, &changes),
        Err(refusal) => {
            let happening = Happening {
                event_type: command.event_type(),
                object_id: id.to_string(),
                project: Some(before.key.project),
                before: json!({}),
                after: describe::command(command),
            };
            record(tx, context, happening, Some(refusal.code))?;
            Ok(Err(refusal.about(id)))
        }
    }
}

/// What the command is decided by. To end all use of a key its own row is enough, so that nothing
/// else that somebody damaged keeps it alive.
fn load(tx: &mut dyn Tx, id: KeyId, command: &Command) -> Result<Option<KeyWithVersions>> {
    if !command.ends_use() {
        return tx.key_with_versions(id);
    }
    Ok(tx.key(id)?.map(|key| KeyWithVersions {
        key,
        versions: Vec::new(),
    }))
}

/// A key whose own row is damaged can't be revoked by changing it, and is not to be believed again
/// when somebody puts the row back as it was.
fn condemn(
    tx: &mut dyn Tx,
    context: &Context,
    id: KeyId,
    command: &Command,
    damage: Error,
) -> Result<Error> {
    tx.condemn_key(id)?;
    let happening = Happening {
        event_type: command.event_type(),
        object_id: id.to_string(),
        project: None,
        before: json!({}),
        after: describe::command(command),
    };
    record_if_sound(tx, context, happening)?.ok();
    let message = format!(
        "{}; it is dead for good, for no state of it is believed any more",
        damage.message
    );
    Ok(Error { message, ..damage }.about(id))
}

/// Rotates a key to a secret that is made for its brand and class.
pub fn rotate_key(
    tx: &mut dyn Tx,
    context: &Context,
    id: KeyId,
    overlap: Duration,
    make: &mut dyn FnMut(Class) -> Result<(VersionId, KeptSecret)>,
) -> Outcome<KeyWithVersions> {
    let class = of_kind(tx.key_with_versions(id)?, false).map_or(Class::Live, |it| it.key.class);
    let (version, secret) = make(class)?;
    change_key(
        tx,
        context,
        id,
        false,
        &Command::Rotate {
            version,
            secret,
            overlap,
        },
    )
}

/// Revokes every key of an owner that isn't revoked yet; says how many there were. A key that is
/// damaged keeps none of the others alive.
pub fn revoke_all(
    tx: &mut dyn Tx,
    context: &Context,
    owner: &Owner,
    reason: RevocationReason,
) -> Outcome<u64> {
    let query = KeyQuery {
        owner: Some(owner.clone()),
        ..KeyQuery::default()
    };
    let revoked = revoke_where(tx, context, &query, reason)?;
    Ok(revoked.trouble.map_or(Ok(revoked.count), Err))
}

/// What came of revoking many keys.
pub(super) struct Revoked {
    /// How many were revoked.
    pub(super) count: u64,
    /// What was wrong with others, or with the trail. They are dead all the same.
    pub(super) trouble: Option<Error>,
}

pub(super) fn revoke_where(
    tx: &mut dyn Tx,
    context: &Context,
    query: &KeyQuery,
    reason: RevocationReason,
) -> Result<Revoked> {
    const AT_ONCE: u32 = 1_000;
    let (mut count, mut damaged, mut first) = (0, 0_u64, None);
    let mut query = KeyQuery {
        limit: AT_ONCE,
        ..query.clone()
    };
    loop {
        let ids = tx.key_ids(&query, context.now)?;
        let Some(last) = ids.last() else { break };
        query.after = Some(*last);
        for id in ids {
            match change_key(tx, context, id, query.admin, &Command::Revoke(reason))? {
                Ok(_) => count += 1,
                Err(error) if error.code == ErrorCode::Tampered => {
                    damaged += 1;
                    first.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
    }
    let trouble = first.map(|error| Error {
        message: format!(
            "{count} keys were revoked, and {damaged} more not as they should be: {}",
            error.message
        ),
        ..error
    });
    Ok(Revoked { count, trouble })
}

fn apply(
    tx: &mut dyn Tx,
    context: &Context,
    before: KeyWithVersions,
    command: &Command,
    changes: &[Change],
) -> Outcome<KeyWithVersions> {
    if changes.is_empty() {
        return Ok(Ok(shown(tx, before)));
    }
    for change in changes {
        match change {
            Change::Key(patch) => {
                carry_counters(tx, context, &before, patch)?;
                tx.patch_key(&before.key, patch)?;
            }
            Change::Version(version, patch) => {
                tx.patch_version(version, patch)?;
            }
            Change::NewVersion(version) => tx.insert_version(version)?,
        }
    }
    let after = load(tx, before.key.id, command)?.ok_or_else(|| {
        Error::new(
            ErrorCode::Internal,
            "a key was gone within its own transaction",
        )
    })?;
    let (was, is) = describe::difference(&before, &after);
    if was == is {
        // An end that had come already is one for good now: nothing that an event could tell.
        return Ok(Ok(shown(tx, after)));
    }
    let happening = Happening {
        event_type: command.event_type(),
        object_id: after.key.id.to_string(),
        project: Some(after.key.project),
        before: was,
        after: is,
    };
    if command.ends_use() {
        // That the key is dead counts for more than that the trail tells of it.
        if let Err(damage) = record_if_sound(tx, context, happening)? {
            return Ok(Err(damage.about(after.key.id)));
        }
    } else {
        record(tx, context, happening, None)?;
    }
    Ok(Ok(shown(tx, after)))
}

/// The key with its versions, as far as they can be read: the change itself doesn't depend on it.
fn shown(tx: &mut dyn Tx, mut it: KeyWithVersions) -> KeyWithVersions {
    if it.versions.is_empty() {
        it.versions = tx.versions(it.key.id).unwrap_or_default();
    }
    it
}

/// What was used of a limit stays used when a limit of the same name takes its place, and goes with a
/// limit that is taken away: another one may bear its name later.
fn carry_counters(
    tx: &mut dyn Tx,
    context: &Context,
    before: &KeyWithVersions,
    patch: &KeyPatch,
) -> Result<()> {
    let now_ms = context.now.unix().saturating_mul(1000);
    let Some(limits) = &patch.limits else {
        return Ok(());
    };
    for old in &before.key.limits {
        let Some(counter) = tx.counter(before.key.id, &old.name)? else {
            continue;
        };
        let carried = limits
            .iter()
            .find(|new| new.name == old.name)
            .map_or_else(Counter::default, |new| {
                change_limit(old, new, &counter, now_ms)
            });
        tx.put_counter(before.key.id, &old.name, &carried)?;
    }
    Ok(())
}

/// Audits that a command was given for a key that isn't there, or isn't this actor's to see.
pub fn refuse_unknown<T>(
    tx: &mut dyn Tx,
    context: &Context,
    id: KeyId,
    command: &Command,
) -> Outcome<T> {
    let happening = Happening {
        event_type: command.event_type(),
        object_id: id.to_string(),
        project: None,
        before: json!({}),
        after: describe::command(command),
    };
    record(tx, context, happening, Some(ErrorCode::NotFound))?;
    Ok(Err(not_found("key")))
}

/// What a command must keep to beyond the key itself: its project's longest life.
fn check(
    tx: &mut dyn Tx,
    it: &KeyWithVersions,
    command: &Command,
    context: &Context,
) -> Result<()> {
    let Command::Update(patch) = command else {
        return Ok(());
    };
    let Some(expires_at) = patch.expires_at else {
        return Ok(());
    };
    let project = tx
        .project(it.key.project)?
        .ok_or_else(|| not_found("project"))?;
    super::create::check_expiry(
        it.key.class,
        &project,
        it.key.created_at,
        expires_at,
        context.now,
    )
}
