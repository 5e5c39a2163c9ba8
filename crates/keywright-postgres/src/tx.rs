//! Writing. A change first reads its row again, with all checks, so that a row that somebody
//! tampered with is never sealed anew; then it sets its own columns and no others. That holds for
//! revoking, too: writing to such a row would hide the forgery, so the revocation log alone is told
//! that the key is dead, whatever its row says from then on.

use crate::codec::{
    end_column, integer, limits_column, material_columns, metadata_column, networks_column,
    scopes_column, state_columns,
};
use crate::error::{conflict, tampered};
use crate::list::Values;
use crate::meta;
use crate::session::Session;
use keywright_core::Result;
use keywright_core::accounts::{Account, Project};
use keywright_core::audit::{Event, NewEvent};
use keywright_core::ids::KeyId;
use keywright_core::keys::{Key, KeyPatch, Version, VersionPatch};
use keywright_core::limits::{Counter, LimitName};
use keywright_core::names::Name;
use keywright_core::revocation::{Entry, Narrowing};
use keywright_core::store::{ForeignScheme, IdempotencyRecord, Rows, Tx};
use keywright_core::time::Timestamp;
use tokio_postgres::types::ToSql;

/// A row version that no row comes to.
const NEVER: u64 = 1 << 48;

impl Session<'_> {
    fn add_version(&mut self, version: &Version) -> Result<()> {
        self.effects.new_secret = true;
        let (digest, peppers, foreign_hash) = material_columns(&version.material);
        self.run(
            "INSERT INTO versions (id, key_n, number, row_version, locator, lookup, digest, peppers, \
             foreign_hash, redacted_value, created_at, ends_at, unconfirmed, seal) \
             VALUES ($1, (SELECT n FROM keys WHERE id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, \
             $12, $13, $14)",
            &[
                &version.id.to_string(),
                &version.key.to_string(),
                &i64::from(version.number),
                &integer(version.row_version),
                &version.locator.as_str(),
                &version.lookup,
                &digest,
                &peppers,
                &foreign_hash,
                &version.redacted_value,
                &version.created_at.unix(),
                &end_column(version.end),
                &version.unconfirmed,
                &self.seal(version)],
        )
        .map(drop)
    }

    /// Notes for the revocation log that rows of this id that are older than `row_version` are dead.
    fn narrow(&mut self, id: String, row_version: u64, kind: Narrowing) {
        let entry = Entry {
            id,
            row_version,
            kind,
        };
        self.effects.narrowed.push(entry);
    }

    /// Sets columns of one row, if it still has this row version.
    fn set(
        &mut self,
        table: &'static str,
        columns: Columns,
        id: String,
        row_version: u64,
    ) -> Result<()> {
        let Columns {
            assignments,
            mut values,
        } = columns;
        let (id, row_version) = (values.add(id), values.add(integer(row_version)));
        let sql = format!(
            "UPDATE {table} SET {} WHERE id = {id} AND row_version = {row_version}",
            assignments.join(", ")
        );
        match self.run(&sql, &values.params())? {
            1 => Ok(()),
            _ => Err(conflict()),
        }
    }
}

/// Columns to set, by names that stand in this file.
#[derive(Default)]
struct Columns {
    assignments: Vec<String>,
    values: Values,
}

impl Columns {
    fn set(&mut self, name: &'static str, value: impl ToSql + Sync + Send + 'static) -> &mut Self {
        let value = self.values.add(value);
        self.assignments.push(format!("{name} = {value}"));
        self
    }
}

impl Tx for Session<'_> {
    fn insert_key(&mut self, key: &Key, version: &Version) -> Result<()> {
        let (state, revoked_at, revoked_for) = state_columns(key.state);
        self.run(
            "INSERT INTO keys (id, row_version, project_id, owner_kind, owner_id, class, brand, name, \
             metadata, scopes, networks, limits, state, revoked_at, revoked_for, created_at, \
             expires_at, seal) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            &[
                &key.id.to_string(),
                &integer(key.row_version),
                &key.project.to_string(),
                &key.owner.kind().as_str(),
                &key.owner.to_string(),
                &key.class.as_str(),
                &key.brand.as_str(),
                &key.name.as_str(),
                &metadata_column(&key.metadata),
                &scopes_column(&key.scopes),
                &networks_column(&key.networks),
                &limits_column(&key.limits)?,
                &state,
                &revoked_at,
                &revoked_for,
                &key.created_at.unix(),
                &key.expires_at.map(Timestamp::unix),
                &self.seal(key)],
        )?;
        self.add_version(version)
    }

    fn patch_key(&mut self, before: &Key, patch: &KeyPatch) -> Result<Key> {
        let old = self.key(before.id)?.ok_or_else(conflict)?;
        if old.row_version != before.row_version {
            return Err(conflict());
        }
        let new = old.patched(patch);
        let mut columns = Columns::default();
        columns
            .set("row_version", integer(new.row_version))
            .set("seal", self.seal(&new));
        if patch.name.is_some() {
            columns.set("name", new.name.as_str().to_owned());
        }
        if patch.metadata.is_some() {
            columns.set("metadata", metadata_column(&new.metadata));
        }
        if patch.scopes.is_some() {
            columns.set("scopes", scopes_column(&new.scopes));
        }
        if patch.networks.is_some() {
            columns.set("networks", networks_column(&new.networks));
        }
        if patch.limits.is_some() {
            columns.set("limits", limits_column(&new.limits)?);
        }
        if patch.state.is_some() {
            let (state, revoked_at, revoked_for) = state_columns(new.state);
            columns
                .set("state", state.to_owned())
                .set("revoked_at", revoked_at)
                .set("revoked_for", revoked_for.map(str::to_owned));
        }
        if patch.expires_at.is_some() {
            columns.set("expires_at", new.expires_at.map(Timestamp::unix));
        }
        self.set("keys", columns, new.id.to_string(), before.row_version)?;
        if let Some(kind) = patch.narrowing() {
            self.narrow(new.id.to_string(), new.row_version, kind);
        }
        Ok(new)
    }

    fn condemn_key(&mut self, id: KeyId) -> Result<()> {
        self.narrow(id.to_string(), NEVER, Narrowing::Ended);
        Ok(())
    }

    fn insert_version(&mut self, version: &Version) -> Result<()> {
        self.add_version(version)
    }

    fn patch_version(&mut self, before: &Version, patch: &VersionPatch) -> Result<Version> {
        let old = self
            .versions(before.key)?
            .into_iter()
            .find(|version| version.id == before.id)
            .ok_or_else(conflict)?;
        if old.row_version != before.row_version {
            return Err(conflict());
        }
        let new = old.patched(patch);
        let mut columns = Columns::default();
        columns
            .set("row_version", integer(new.row_version))
            .set("seal", self.seal(&new));
        if patch.secret.is_some() {
            self.effects.new_secret = true;
            let (digest, peppers, foreign_hash) = material_columns(&new.material);
            columns
                .set("locator", new.locator.as_str().to_owned())
                .set("lookup", new.lookup.clone())
                .set("digest", digest.map(<[u8]>::to_vec))
                .set("peppers", peppers)
                .set("foreign_hash", foreign_hash.map(str::to_owned))
                .set("redacted_value", new.redacted_value.clone());
        }
        if patch.end.is_some() {
            columns.set("ends_at", end_column(new.end));
        }
        if patch.unconfirmed.is_some() {
            columns.set("unconfirmed", new.unconfirmed);
        }
        self.set("versions", columns, new.id.to_string(), before.row_version)?;
        if let Some(kind) = patch.narrowing() {
            self.narrow(new.id.to_string(), new.row_version, kind);
        }
        Ok(new)
    }

    fn insert_project(&mut self, project: &Project) -> Result<()> {
        self.run(
            "INSERT INTO projects (id, row_version, name, default_account, default_lifetime, \
             max_lifetime, created_at, archived_at, seal) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                &project.id.to_string(),
                &integer(project.row_version),
                &project.name.as_str(),
                &project.default_account.to_string(),
                &project.default_lifetime.map(|span| integer(span.as_secs())),
                &project.max_lifetime.map(|span| integer(span.as_secs())),
                &project.created_at.unix(),
                &project.archived_at.map(Timestamp::unix),
                &self.seal(project),
            ],
        )
        .map(drop)
    }

    fn rename_project(&mut self, before: &Project, name: &Name) -> Result<Project> {
        let old = self.project(before.id)?.ok_or_else(conflict)?;
        let row_version = old.row_version;
        let new = Project {
            name: name.clone(),
            row_version: row_version + 1,
            ..old
        };
        let mut columns = Columns::default();
        columns
            .set("row_version", integer(new.row_version))
            .set("seal", self.seal(&new))
            .set("name", new.name.as_str().to_owned());
        self.set("projects", columns, new.id.to_string(), row_version)?;
        Ok(new)
    }

    fn archive_project(&mut self, before: &Project, at: Timestamp) -> Result<Project> {
        let old = self.project(before.id)?.ok_or_else(conflict)?;
        let row_version = old.row_version;
        let new = Project {
            archived_at: Some(at),
            row_version: row_version + 1,
            ..old
        };
        let mut columns = Columns::default();
        columns
            .set("row_version", integer(new.row_version))
            .set("seal", self.seal(&new))
            .set("archived_at", at.unix());
        self.set("projects", columns, new.id.to_string(), row_version)?;
        self.narrow(new.id.to_string(), new.row_version, Narrowing::Ended);
        Ok(new)
    }

    fn insert_account(&mut self, account: &Account) -> Result<()> {
        self.run(
            "INSERT INTO accounts (id, row_version, kind, name, project_id, created_at, deleted_at, \
             seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                &account.id.to_string(),
                &integer(account.row_version),
                &account.id.kind().as_str(),
                &account.name.as_str(),
                &account.project.map(|id| id.to_string()),
                &account.created_at.unix(),
                &account.deleted_at.map(Timestamp::unix),
                &self.seal(account)],
        )
        .map(drop)
    }

    fn rename_account(&mut self, before: &Account, name: &Name) -> Result<Account> {
        let old = self.account(before.id)?.ok_or_else(conflict)?;
        let row_version = old.row_version;
        let new = Account {
            name: name.clone(),
            row_version: row_version + 1,
            ..old
        };
        let mut columns = Columns::default();
        columns
            .set("row_version", integer(new.row_version))
            .set("seal", self.seal(&new))
            .set("name", new.name.as_str().to_owned());
        self.set("accounts", columns, new.id.to_string(), row_version)?;
        Ok(new)
    }

    fn delete_account(&mut self, before: &Account, at: Timestamp) -> Result<Account> {
        let old = self.account(before.id)?.ok_or_else(conflict)?;
        let row_version = old.row_version;
        let new = Account {
            deleted_at: Some(at),
            row_version: row_version + 1,
            ..old
        };
        let mut columns = Columns::default();
        columns
            .set("row_version", integer(new.row_version))
            .set("seal", self.seal(&new))
            .set("deleted_at", at.unix());
        self.set("accounts", columns, new.id.to_string(), row_version)?;
        self.narrow(new.id.to_string(), new.row_version, Narrowing::Ended);
        Ok(new)
    }

    fn put_idempotency(
        &mut self,
        record: &IdempotencyRecord,
        expired_before: Timestamp,
    ) -> Result<()> {
        self.run(
            "DELETE FROM idempotency WHERE created_at < $1",
            &[&expired_before.unix()],
        )?;
        self.run(
            "INSERT INTO idempotency (key_hash, fingerprint, key_id, created_at, seal) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key_hash) DO UPDATE SET \
             fingerprint = excluded.fingerprint, key_id = excluded.key_id, \
             created_at = excluded.created_at, seal = excluded.seal",
            &[
                &record.key_hash.as_slice(),
                &record.fingerprint.as_slice(),
                &record.key.to_string(),
                &record.created_at.unix(),
                &self.seal(record),
            ],
        )
        .map(drop)
    }

    fn put_counter(&mut self, key: KeyId, limit: &LimitName, counter: &Counter) -> Result<()> {
        self.run(
            "INSERT INTO counters (key_n, limit_name, counter) \
             VALUES ((SELECT n FROM keys WHERE id = $1), $2, $3) \
             ON CONFLICT (key_n, limit_name) DO UPDATE SET counter = excluded.counter",
            &[&key.to_string(), &limit.to_string(), &counter.to_bytes()],
        )
        .map(drop)
    }

    fn put_foreign_scheme(&mut self, scheme: &ForeignScheme) -> Result<()> {
        let added = self.run(
            "INSERT INTO foreign_schemes (name, sealed_key, seal) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO NOTHING",
            &[&scheme.name, &scheme.sealed_key, &self.seal(scheme)],
        )?;
        self.effects.new_scheme |= added > 0;
        Ok(())
    }

    fn append_event(&mut self, event: NewEvent) -> Result<Event> {
        let last = self.last_event()?;
        let previous = last.as_ref().map(|(seq, mac)| (*seq, mac));
        let event = Event::chain(&self.base.peppers, &self.base.store_id, previous, event);
        // No error of the database: what is to take effect in spite of a damaged trail still can.
        let added = self.run(
            "INSERT INTO audit (seq, time, actor, address, event_type, object_id, project_id, outcome, \
             before, after, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             ON CONFLICT (seq) DO NOTHING",
            &[
                &integer(event.seq),
                &event.time.unix(),
                &event.actor,
                &event.address,
                &event.event_type,
                &event.object_id,
                &event.project_id,
                &event.outcome,
                &event.before,
                &event.after,
                &event.mac.to_bytes().as_slice(),
            ],
        )?;
        if added == 0 {
            // The next place is taken: by an event that nobody here appended.
            return Err(tampered("audit trail of", &self.base.store_id));
        }
        meta::put_last_event(self, event.seq, &event.mac)?;
        Ok(event)
    }
}
