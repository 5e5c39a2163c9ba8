//! The life of a key, as a pure function: a key, a command and the time go in; the changes, or the
//! reason why not, come out.
//!
//! ```text
//!            create
//!              │
//!   disabled ⇄ active ──rotate──▶ active with version n+1; version n lives until its overlap ends
//!              │  └── expires_at passes ──▶ expired      terminal: extend before, create anew after
//!              └── revoke(reason) ─────────▶ revoked      terminal, monotonic
//! ```

use crate::audit::EventType;
use crate::error::{Error, ErrorCode, Result};
use crate::ids::VersionId;
use crate::keys::{
    End, KeptSecret, KeyPatch, KeyStatus, KeyWithVersions, RevocationReason, State, Version,
    VersionPatch,
};
use crate::time::Timestamp;
use std::time::Duration;

/// The overlap of a rotation for which none is given.
pub const DEFAULT_OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest overlap: a year.
pub const MAX_OVERLAP: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// What may be asked of a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Set some fields. The state is not among them.
    Update(KeyPatch),
    /// Make a new version; the old one lives for `overlap` more.
    Rotate {
        /// The id of the new version.
        version: VersionId,
        /// What is kept of its secret.
        secret: KeptSecret,
        /// How long the old version lives beside it.
        overlap: Duration,
    },
    /// End the old version now.
    FinishRotation,
    /// End the new version now and make the old one current again.
    CancelRotation,
    /// Switch off.
    Disable,
    /// Switch on.
    Enable,
    /// Kill for good.
    Revoke(RevocationReason),
}

impl Command {
    /// Whether it makes the key dead for good.
    #[must_use]
    pub const fn is_revoke(&self) -> bool {
        matches!(self, Self::Revoke(_))
    }

    /// Whether it is to stop all use of the key, whatever else is wrong with the store.
    #[must_use]
    pub const fn ends_use(&self) -> bool {
        matches!(self, Self::Disable | Self::Revoke(_))
    }

    /// The event that tells of it.
    #[must_use]
    pub const fn event_type(&self) -> EventType {
        match self {
            Self::Update(_) => EventType::KeyUpdated,
            Self::Rotate { .. } | Self::FinishRotation | Self::CancelRotation => {
                EventType::KeyRotated
            }
            Self::Disable => EventType::KeyDisabled,
            Self::Enable => EventType::KeyEnabled,
            Self::Revoke(_) => EventType::KeyRevoked,
        }
    }
}

/// One change of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Set columns of the key.
    Key(KeyPatch),
    /// Set columns of a version.
    Version(Version, VersionPatch),
    /// Add a version.
    NewVersion(Version),
}

/// Decides what a command does. No changes at all means that it is so already.
pub fn decide(it: &KeyWithVersions, command: &Command, now: Timestamp) -> Result<Vec<Change>> {
    match command {
        Command::Update(patch) => update(it, patch, now),
        Command::Rotate {
            version,
            secret,
            overlap,
        } => rotate(it, *version, secret, *overlap, now),
        Command::FinishRotation => finish(it, now),
        Command::CancelRotation => cancel(it, now),
        Command::Disable => disable(it, now),
        Command::Enable => enable(it, now),
        Command::Revoke(reason) => Ok(revoke(it, *reason, now)),
    }
}

fn update(it: &KeyWithVersions, patch: &KeyPatch, now: Timestamp) -> Result<Vec<Change>> {
    refuse_final(it, now)?;
    let unchanged = it.key.clone().patched(patch);
    if (crate::keys::Key {
        row_version: it.key.row_version,
        ..unchanged
    }) == it.key
    {
        return Ok(Vec::new());
    }
    Ok(vec![Change::Key(patch.clone())])
}

fn rotate(
    it: &KeyWithVersions,
    id: VersionId,
    secret: &KeptSecret,
    overlap: Duration,
    now: Timestamp,
) -> Result<Vec<Change>> {
    require_active(it, now)?;
    if it.overlapping(now).is_some() {
        return Err(Error::new(ErrorCode::RotationInProgress, "two versions of this key live already")
            .hint("finish the rotation (the old secret ends now) or cancel it (the new one ends), then rotate again"));
    }
    let old = it
        .current()
        .ok_or_else(|| Error::new(ErrorCode::Internal, "the key has no version"))?;
    let number = it.newest().map_or(0, |version| version.number) + 1;
    let end = if overlap.is_zero() {
        End::Decided(now)
    } else {
        End::At(now.after(overlap).unwrap_or(Timestamp::MAX))
    };
    let KeptSecret {
        locator,
        lookup,
        material,
        redacted_value,
    } = secret.clone();
    let new = Version {
        id,
        key: it.key.id,
        number,
        row_version: 1,
        locator,
        lookup,
        material,
        redacted_value,
        created_at: now,
        end: None,
        unconfirmed: false,
        last_used_at: None,
    };
    // An undelivered secret that is being rotated away can no longer be replaced by a retry.
    let unconfirmed = old.unconfirmed.then_some(false);
    let end = VersionPatch {
        end: Some(Some(end)),
        unconfirmed,
        ..VersionPatch::default()
    };
    let mut changes = settle(it, now);
    // A restored backup may have no live version left; one that has ended must not live again.
    if old.is_live(now) {
        changes.push(Change::Version(old.clone(), end));
    }
    changes.push(Change::NewVersion(new));
    Ok(changes)
}

fn finish(it: &KeyWithVersions, now: Timestamp) -> Result<Vec<Change>> {
    refuse_final(it, now)?;
    let mut changes = settle(it, now);
    match it.overlapping(now) {
        Some(old) => changes.push(end_for_good(old, now)),
        // Ending what has ended shows no change, as long as there was a rotation.
        None if it.versions.len() > 1 => {}
        None => return Err(no_rotation("finish")),
    }
    Ok(changes)
}

fn cancel(it: &KeyWithVersions, now: Timestamp) -> Result<Vec<Change>> {
    refuse_final(it, now)?;
    let (Some(old), Some(new)) = (it.overlapping(now), it.current()) else {
        return Err(no_rotation("cancel"));
    };
    if old.number > new.number {
        return Err(no_rotation("cancel"));
    }
    let revive = VersionPatch {
        end: Some(None),
        ..VersionPatch::default()
    };
    let mut changes = settle(it, now);
    changes.push(end_for_good(new, now));
    changes.push(Change::Version(old.clone(), revive));
    Ok(changes)
}

fn disable(it: &KeyWithVersions, now: Timestamp) -> Result<Vec<Change>> {
    match it.key.status(now) {
        KeyStatus::Disabled => Ok(Vec::new()),
        KeyStatus::Active => Ok(set_state(State::Disabled)),
        KeyStatus::Expired | KeyStatus::Revoked => refuse_final(it, now).map(|()| Vec::new()),
    }
}

fn enable(it: &KeyWithVersions, now: Timestamp) -> Result<Vec<Change>> {
    refuse_final(it, now)?;
    match it.key.state {
        State::Disabled => Ok(set_state(State::Active)),
        _ => Ok(Vec::new()),
    }
}

fn revoke(it: &KeyWithVersions, reason: RevocationReason, now: Timestamp) -> Vec<Change> {
    match it.key.state {
        State::Revoked { .. } => Vec::new(),
        _ => set_state(State::Revoked { at: now, reason }),
    }
}

fn set_state(state: State) -> Vec<Change> {
    vec![Change::Key(KeyPatch {
        state: Some(state),
        ..KeyPatch::default()
    })]
}

/// Whoever rotates, finishes or cancels counts versions whose overlap has passed among the dead, so
/// from then on they are: a clock that steps back would make them more than two.
fn settle(it: &KeyWithVersions, now: Timestamp) -> Vec<Change> {
    it.versions
        .iter()
        .filter(|version| matches!(version.end, Some(End::At(end)) if now >= end))
        .map(|version| end_for_good(version, now))
        .collect()
}

fn end_for_good(version: &Version, now: Timestamp) -> Change {
    let end = VersionPatch {
        end: Some(Some(version.end_for_good(now))),
        ..VersionPatch::default()
    };
    Change::Version(version.clone(), end)
}

/// Revoked and expired are final.
fn refuse_final(it: &KeyWithVersions, now: Timestamp) -> Result<()> {
    if matches!(it.key.state, State::Revoked { .. }) {
        return Err(Error::new(
            ErrorCode::InvalidState,
            "the key is revoked, and that is final",
        )
        .hint("create a new key"));
    }
    if it.key.has_expired(now) {
        return Err(Error::new(
            ErrorCode::InvalidState,
            "the key has expired, and that is final",
        )
        .hint("create a new key; an expiry can be extended only before it passes"));
    }
    Ok(())
}

fn require_active(it: &KeyWithVersions, now: Timestamp) -> Result<()> {
    refuse_final(it, now)?;
    if it.key.state == State::Disabled {
        return Err(
            Error::new(ErrorCode::InvalidState, "the key is disabled").hint("enable it first")
        );
    }
    Ok(())
}

fn no_rotation(verb: &str) -> Error {
    Error::new(
        ErrorCode::InvalidState,
        format!("there is no rotation under way to {verb}"),
    )
    .hint("rotate the key first; once the overlap has ended the old secret is dead")
}
