//! Changing a key that is there.

use super::{Context, Happening, Outcome, not_found, record};
use crate::describe;
use crate::error::{Error, ErrorCode, Result};
use crate::ids::{KeyId, VersionId};
use crate::keys::{KeptSecret, KeyPatch, KeyWithVersions, RevocationReason};
use crate::lifecycle::{self, Change, Command};
use crate::limits::change_limit;
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
    let Some(before) = of_kind(tx.key_with_versions(id)?, admin) else {
        return refuse_unknown(tx, context, id, command);
    };
    match check(tx, &before, command, context)
        .and_then(|()| lifecycle::decide(&before, command, context.now))
    {
        Ok(changes) => apply(tx, context, before, command, &changes).map(Ok),
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

/// Revokes every key of an owner that isn't revoked yet; says how many there were.
pub fn revoke_all(
    tx: &mut dyn Tx,
    context: &Context,
    owner: &Owner,
    reason: RevocationReason,
) -> Result<u64> {
    revoke_where(
        tx,
        context,
        &KeyQuery {
            owner: Some(owner.clone()),
            ..KeyQuery::default()
        },
        reason,
    )
}

pub(super) fn revoke_where(
    tx: &mut dyn Tx,
    context: &Context,
    query: &KeyQuery,
    reason: RevocationReason,
) -> Result<u64> {
    const AT_ONCE: u32 = 1_000;
    let mut count = 0;
    loop {
        // What is revoked drops out of the query, so each round begins anew.
        let keys = tx.keys(
            &KeyQuery {
                limit: AT_ONCE,
                ..query.clone()
            },
            context.now,
        )?;
        if keys.is_empty() {
            return Ok(count);
        }
        for key in keys {
            change_key(tx, context, key.id, query.admin, &Command::Revoke(reason))??;
            count += 1;
        }
    }
}

fn apply(
    tx: &mut dyn Tx,
    context: &Context,
    before: KeyWithVersions,
    command: &Command,
    changes: &[Change],
) -> Result<KeyWithVersions> {
    if changes.is_empty() {
        return Ok(before);
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
    let after = tx.key_with_versions(before.key.id)?.ok_or_else(|| {
        Error::new(
            ErrorCode::Internal,
            "a key was gone within its own transaction",
        )
    })?;
    let (was, is) = describe::difference(&before, &after);
    if was == is {
        // An end that had come already is one for good now: nothing that an event could tell.
        return Ok(after);
    }
    let happening = Happening {
        event_type: command.event_type(),
        object_id: after.key.id.to_string(),
        project: Some(after.key.project),
        before: was,
        after: is,
    };
    record(tx, context, happening, None)?;
    Ok(after)
}

/// What was used of a limit stays used when a limit of the same name takes its place.
fn carry_counters(
    tx: &mut dyn Tx,
    context: &Context,
    before: &KeyWithVersions,
    patch: &KeyPatch,
) -> Result<()> {
    let now_ms = context.now.unix().saturating_mul(1000);
    for new in patch.limits.iter().flatten() {
        let Some(old) = before.key.limits.iter().find(|old| old.name == new.name) else {
            continue;
        };
        if let Some(counter) = tx.counter(before.key.id, &new.name)? {
            let carried = change_limit(old, new, &counter, now_ms);
            tx.put_counter(before.key.id, &new.name, &carried)?;
        }
    }
    Ok(())
}

fn refuse_unknown<T>(
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
