//! Puts rows of a backup to rest that the revocation log has outdated: what was taken away since
//! the backup stays taken away. The log says what kind of change it was and not to what, so what
//! was narrowed is switched off until somebody has looked at it.

use crate::codec::{
    Columns, account_columns, end_column, integer, project_columns, state_columns, version_columns,
};
use crate::outbox;
use crate::session::{Session, text};
use keywright_core::accounts::AccountId;
use keywright_core::audit::{Actor, EventType, NewEvent};
use keywright_core::ids::{KeyId, ProjectId, VersionId};
use keywright_core::keys::{RevocationReason, State};
use keywright_core::revocation::{Entry, Narrowing};
use keywright_core::seal::Sealed;
use keywright_core::store::{Rows, Tx};
use keywright_core::time::Timestamp;
use keywright_core::{ErrorCode, Result};
use rusqlite::params;
use serde_json::json;
use std::collections::BTreeMap;

/// How many rows were put to rest.
#[derive(Default)]
pub(crate) struct Rested {
    pub(crate) revoked: u64,
    pub(crate) disabled: u64,
    pub(crate) ended: u64,
}

/// What the log says of one id.
#[derive(Default)]
struct Outdated {
    /// The oldest row version that may be believed.
    floor: u64,
    /// The newest change that ended it; 0 if none did.
    ended: u64,
}

impl Outdated {
    /// What was taken from a row of this version; nothing if it is new enough.
    const fn since(&self, row_version: u64) -> Option<Narrowing> {
        if self.ended > row_version {
            Some(Narrowing::Ended)
        } else if self.floor > row_version {
            Some(Narrowing::Narrowed)
        } else {
            None
        }
    }
}

/// Puts every outdated row to rest and notes the restore in the audit trail.
pub(crate) fn put_to_rest(
    session: &mut Session<'_>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Rested> {
    let mut outdated: BTreeMap<String, Outdated> = BTreeMap::new();
    for entry in session.base.log.all()? {
        let it = outdated.entry(entry.id).or_default();
        it.floor = it.floor.max(entry.row_version);
        if entry.kind == Narrowing::Ended {
            it.ended = it.ended.max(entry.row_version);
        }
    }
    let mut resting = Resting {
        session,
        actor,
        now,
        rested: Rested::default(),
    };
    for (id, outdated) in &outdated {
        match resting.row(id, outdated) {
            // Forged rows are refused everywhere, and stay as they are for whoever looks into it.
            Err(error) if error.code == ErrorCode::Tampered => {}
            outcome => outcome?,
        }
    }
    let rested = resting.rested;
    session.append_event(NewEvent {
        time: now,
        actor: actor.clone(),
        event_type: EventType::StoreRestored,
        object_id: session.base.store_id.clone(),
        project: None,
        refused: None,
        before: json!({}),
        after: json!({
            "revoked": rested.revoked,
            "disabled": rested.disabled,
            "ended_versions": rested.ended,
        }),
    })?;
    Ok(rested)
}

struct Resting<'s, 'c, 'a> {
    session: &'s mut Session<'c>,
    actor: &'a Actor,
    now: Timestamp,
    rested: Rested,
}

impl Resting<'_, '_, '_> {
    fn row(&mut self, id: &str, outdated: &Outdated) -> Result<()> {
        if let Some(id) = KeyId::parse(id) {
            self.key(id, outdated)
        } else if let Some(id) = VersionId::parse(id) {
            self.version(id, outdated)
        } else if let Some(id) = ProjectId::parse(id) {
            self.project(id, outdated)
        } else if let Some(id) = AccountId::parse(id) {
            self.account(id, outdated)
        } else {
            Ok(())
        }
    }

    fn key(&mut self, id: KeyId, outdated: &Outdated) -> Result<()> {
        let Some(mut key) = self.session.key(id)? else {
            return Ok(());
        };
        let Some(taken) = outdated.since(key.row_version) else {
            return Ok(());
        };
        let before = key.status(self.now);
        key.row_version = outdated.floor + 1;
        let event_type = match (key.state, taken) {
            (State::Revoked { .. }, _) => EventType::KeyRevoked,
            (_, Narrowing::Ended) => {
                key.state = State::Revoked {
                    at: self.now,
                    reason: RevocationReason::Unspecified,
                };
                self.rested.revoked += 1;
                EventType::KeyRevoked
            }
            (_, Narrowing::Narrowed) => {
                key.state = State::Disabled;
                self.rested.disabled += 1;
                EventType::KeyDisabled
            }
        };
        let (state, at, reason) = state_columns(key.state);
        self.session.run(
            "UPDATE keys SET row_version = ?2, state = ?3, revoked_at = ?4, revoked_for = ?5, \
             seal = ?6 WHERE id = ?1",
            params![
                id.to_string(),
                integer(key.row_version),
                state,
                at,
                reason,
                self.session.seal(&key)
            ],
        )?;
        self.outdate(id.to_string(), key.row_version, taken)?;
        self.session.append_event(NewEvent {
            time: self.now,
            actor: self.actor.clone(),
            event_type,
            object_id: id.to_string(),
            project: Some(key.project),
            refused: None,
            before: json!({ "status": before.as_str() }),
            after: json!({ "status": key.status(self.now).as_str(), "because": "store.restored" }),
        })?;
        Ok(())
    }

    fn version(&mut self, id: VersionId, outdated: &Outdated) -> Result<()> {
        let name = id.to_string();
        let key = self.session.one(
            "SELECT k.id FROM versions v JOIN keys k ON k.n = v.key_n WHERE v.id = ?1",
            [&name],
            |row| Ok(KeyId::parse(text(row, 0))),
        )?;
        let Some(Some(key)) = key else {
            return Ok(());
        };
        let found = self.session.one(
            concat!(
                "SELECT ",
                version_columns!(),
                " FROM versions v LEFT JOIN uses u ON u.version_n = v.n WHERE v.id = ?1"
            ),
            [&name],
            |row| {
                self.session
                    .believed_version(&mut Columns::of(row), text(row, 0), key)
            },
        )?;
        let Some(mut version) = found else {
            return Ok(());
        };
        let Some(taken) = outdated.since(version.row_version) else {
            return Ok(());
        };
        version.row_version = outdated.floor + 1;
        // Whatever it was, the secret has been in use or is no longer the one to replace.
        version.unconfirmed = false;
        if taken == Narrowing::Ended {
            self.rested.ended += u64::from(version.is_live(self.now));
            version.end = Some(version.end_for_good(self.now));
        }
        self.session.run(
            "UPDATE versions SET row_version = ?2, ends_at = ?3, unconfirmed = ?4, seal = ?5 \
             WHERE id = ?1",
            params![
                name,
                integer(version.row_version),
                end_column(version.end),
                version.unconfirmed,
                self.session.seal(&version)
            ],
        )?;
        self.outdate(name, version.row_version, taken)
    }

    fn project(&mut self, id: ProjectId, outdated: &Outdated) -> Result<()> {
        let found = self.session.one(
            concat!(
                "SELECT ",
                project_columns!(),
                " FROM projects WHERE id = ?1"
            ),
            [id.to_string()],
            |row| self.session.believed_project(row),
        )?;
        let Some(mut project) = found else {
            return Ok(());
        };
        if outdated.since(project.row_version).is_none() {
            return Ok(());
        }
        project.row_version = outdated.floor + 1;
        let at = *project.archived_at.get_or_insert(self.now);
        self.end(
            "UPDATE projects SET row_version = ?2, archived_at = ?3, seal = ?4 WHERE id = ?1",
            id.to_string(),
            project.row_version,
            at,
            &project,
        )
    }

    fn account(&mut self, id: AccountId, outdated: &Outdated) -> Result<()> {
        let found = self.session.one(
            concat!(
                "SELECT ",
                account_columns!(),
                " FROM accounts WHERE id = ?1"
            ),
            [id.to_string()],
            |row| self.session.believed_account(row),
        )?;
        let Some(mut account) = found else {
            return Ok(());
        };
        if outdated.since(account.row_version).is_none() {
            return Ok(());
        }
        account.row_version = outdated.floor + 1;
        let at = *account.deleted_at.get_or_insert(self.now);
        self.end(
            "UPDATE accounts SET row_version = ?2, deleted_at = ?3, seal = ?4 WHERE id = ?1",
            id.to_string(),
            account.row_version,
            at,
            &account,
        )
    }

    fn end(
        &self,
        sql: &str,
        id: String,
        row_version: u64,
        at: Timestamp,
        row: &impl Sealed,
    ) -> Result<()> {
        let seal = self.session.seal(row);
        self.session
            .run(sql, params![id, integer(row_version), at.unix(), seal])?;
        self.outdate(id, row_version, Narrowing::Ended)
    }

    /// The state that was put to rest must not come back either. The log takes this in when the
    /// store is opened: until it is in place nothing may be said of it there.
    fn outdate(&self, id: String, row_version: u64, kind: Narrowing) -> Result<()> {
        let entry = Entry {
            id,
            row_version,
            kind,
        };
        outbox::add(self.session, &entry).map(drop)
    }
}
