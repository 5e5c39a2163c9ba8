//! Writing. Each change leaves behind how it is undone.

use super::Data;
use crate::accounts::{Account, AccountId, Project};
use crate::audit::{Event, NewEvent};
use crate::error::{Error, ErrorCode, Result};
use crate::ids::{KeyId, ProjectId, VersionId};
use crate::keys::{Key, KeyPatch, Version, VersionPatch};
use crate::limits::{Counter, LimitName};
use crate::names::Name;
use crate::store::{ForeignScheme, IdempotencyRecord, Tx};
use crate::time::Timestamp;

impl Data {
    fn index(&mut self, version: &Version) {
        self.by_locator.insert(version.locator, version.id);
        if let Some(lookup) = &version.lookup {
            self.by_lookup.insert(lookup.clone(), version.id);
        }
        self.versions.insert(version.id, version.clone());
    }

    fn unindex(&mut self, version: &Version) {
        self.by_locator.remove(&version.locator);
        if let Some(lookup) = &version.lookup {
            self.by_lookup.remove(lookup);
        }
        self.versions.remove(&version.id);
    }

    fn change_project(
        &mut self,
        id: ProjectId,
        change: impl FnOnce(Project) -> Project,
    ) -> Result<Project> {
        let found = self.projects.iter().position(|project| project.id == id);
        let place = found.ok_or_else(conflict)?;
        let old = self.projects[place].clone();
        let new = change(old.clone());
        self.projects[place] = new.clone();
        self.undo
            .push(Box::new(move |data| data.projects[place] = old));
        Ok(new)
    }

    fn change_account(
        &mut self,
        id: AccountId,
        change: impl FnOnce(Account) -> Account,
    ) -> Result<Account> {
        let found = self.accounts.iter().position(|account| account.id == id);
        let place = found.ok_or_else(conflict)?;
        let old = self.accounts[place].clone();
        let new = change(old.clone());
        self.accounts[place] = new.clone();
        self.undo
            .push(Box::new(move |data| data.accounts[place] = old));
        Ok(new)
    }

    /// Refuses what another version is found by.
    fn check_free(&self, version: &Version) -> Result<()> {
        let another = |id: Option<&VersionId>| id.is_some_and(|id| *id != version.id);
        let lookup = version.lookup.as_ref();
        if another(self.by_locator.get(&version.locator))
            || another(lookup.and_then(|lookup| self.by_lookup.get(lookup)))
        {
            return Err(taken());
        }
        Ok(())
    }

    fn add_version(&mut self, version: &Version) -> Result<()> {
        self.check_free(version)?;
        if self.versions.contains_key(&version.id) {
            return Err(taken());
        }
        self.index(version);
        self.versions_of
            .entry(version.key)
            .or_default()
            .push(version.id);
        let version = version.clone();
        self.undo.push(Box::new(move |data| {
            data.unindex(&version);
            if let Some(versions) = data.versions_of.get_mut(&version.key) {
                versions.retain(|id| *id != version.id);
            }
        }));
        Ok(())
    }
}

impl Tx for Data {
    fn insert_key(&mut self, key: &Key, version: &Version) -> Result<()> {
        if self.key_at.contains_key(&key.id) {
            return Err(Error::new(
                ErrorCode::AlreadyExists,
                "there is a key with this id already",
            ));
        }
        self.key_at.insert(key.id, self.keys.len());
        self.keys.push(key.clone());
        let id = key.id;
        self.undo.push(Box::new(move |data| {
            data.key_at.remove(&id);
            data.keys.pop();
        }));
        self.add_version(version)
    }

    fn patch_key(&mut self, before: &Key, patch: &KeyPatch) -> Result<Key> {
        let at = *self.key_at.get(&before.id).ok_or_else(conflict)?;
        let old = self.keys[at].clone();
        if old.row_version != before.row_version {
            return Err(conflict());
        }
        let new = old.clone().patched(patch);
        self.keys[at] = new.clone();
        self.undo.push(Box::new(move |data| data.keys[at] = old));
        Ok(new)
    }

    /// Nobody else writes to this memory, so no row in it is ever damaged.
    fn condemn_key(&mut self, _id: KeyId) -> Result<()> {
        Ok(())
    }

    fn insert_version(&mut self, version: &Version) -> Result<()> {
        self.add_version(version)
    }

    fn patch_version(&mut self, before: &Version, patch: &VersionPatch) -> Result<Version> {
        let old = self
            .versions
            .get(&before.id)
            .cloned()
            .ok_or_else(conflict)?;
        if old.row_version != before.row_version {
            return Err(conflict());
        }
        let new = old.clone().patched(patch);
        self.check_free(&new)?;
        self.unindex(&old);
        self.index(&new);
        let undone = new.clone();
        self.undo.push(Box::new(move |data| {
            data.unindex(&undone);
            data.index(&old);
        }));
        Ok(new)
    }

    fn insert_project(&mut self, project: &Project) -> Result<()> {
        self.projects.push(project.clone());
        self.undo.push(Box::new(|data| drop(data.projects.pop())));
        Ok(())
    }

    fn rename_project(&mut self, before: &Project, name: &Name) -> Result<Project> {
        self.change_project(before.id, |project| project.renamed(name.clone()))
    }

    fn archive_project(&mut self, before: &Project, at: Timestamp) -> Result<Project> {
        self.change_project(before.id, |project| project.archived(at))
    }

    fn insert_account(&mut self, account: &Account) -> Result<()> {
        self.accounts.push(account.clone());
        self.undo.push(Box::new(|data| drop(data.accounts.pop())));
        Ok(())
    }

    fn rename_account(&mut self, before: &Account, name: &Name) -> Result<Account> {
        self.change_account(before.id, |account| account.renamed(name.clone()))
    }

    fn delete_account(&mut self, before: &Account, at: Timestamp) -> Result<Account> {
        self.change_account(before.id, |account| account.deleted(at))
    }

    fn put_idempotency(
        &mut self,
        record: &IdempotencyRecord,
        expired_before: Timestamp,
    ) -> Result<()> {
        self.idempotency
            .retain(|_, record| record.created_at >= expired_before);
        let old = self.idempotency.insert(record.key_hash, record.clone());
        let hash = record.key_hash;
        self.undo.push(Box::new(move |data| {
            match old {
                Some(old) => data.idempotency.insert(hash, old),
                None => data.idempotency.remove(&hash),
            };
        }));
        Ok(())
    }

    fn put_counter(&mut self, key: KeyId, limit: &LimitName, counter: &Counter) -> Result<()> {
        let place = (key, limit.clone());
        let old = self.counters.insert(place.clone(), counter.clone());
        self.undo.push(Box::new(move |data| {
            match old {
                Some(old) => data.counters.insert(place, old),
                None => data.counters.remove(&place),
            };
        }));
        Ok(())
    }

    fn put_foreign_scheme(&mut self, scheme: &ForeignScheme) -> Result<()> {
        if !self.schemes.contains_key(&scheme.name) {
            self.schemes.insert(scheme.name.clone(), scheme.clone());
            let name = scheme.name.clone();
            self.undo.push(Box::new(move |data| {
                data.schemes.remove(&name);
            }));
        }
        Ok(())
    }

    fn append_event(&mut self, event: NewEvent) -> Result<Event> {
        let previous = self.events.last().map(|event| (event.seq, &event.mac));
        let event = Event::chain(&self.peppers, &self.store_id, previous, event);
        self.events.push(event.clone());
        self.undo.push(Box::new(|data| drop(data.events.pop())));
        Ok(event)
    }
}

fn taken() -> Error {
    Error::new(
        ErrorCode::AlreadyExists,
        "there is a key with this id, secret or prefix already",
    )
}

fn conflict() -> Error {
    Error::new(
        ErrorCode::Internal,
        "a row changed within its own transaction",
    )
}
