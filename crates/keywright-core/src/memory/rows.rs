//! Reading: lists are walked through, single things are looked up.

use super::Data;
use crate::accounts::{Account, AccountId, AccountKind, Project};
use crate::audit::{DONE, Event};
use crate::daily::{DailyCounts, Day};
use crate::error::Result;
use crate::ids::{KeyId, ProjectId};
use crate::keys::{Key, KeyStatus, Version};
use crate::limits::{Counter, LimitName};
use crate::pepper::Tag;
use crate::secret::Class;
use crate::store::{EventQuery, ForeignScheme, Found, IdempotencyRecord, KeyQuery, Lookup, Rows};
use crate::time::Timestamp;

impl Data {
    fn matches(&self, key: &Key, query: &KeyQuery, now: Timestamp) -> bool {
        let revoked = key.status(now) == KeyStatus::Revoked;
        (key.class == Class::Admin) == query.admin
            && query.project.is_none_or(|project| key.project == project)
            && query.owner.as_ref().is_none_or(|owner| key.owner == *owner)
            && query.status.is_none_or(|status| key.status(now) == status)
            && (!revoked || query.include_revoked || query.status == Some(KeyStatus::Revoked))
            && query
                .search
                .as_ref()
                .is_none_or(|text| self.contains(key, text))
    }

    fn contains(&self, key: &Key, text: &str) -> bool {
        let wanted = text.to_ascii_lowercase();
        let mut texts = vec![
            key.name.as_str().to_owned(),
            key.id.to_string(),
            key.owner.to_string(),
        ];
        for id in self.versions_of.get(&key.id).into_iter().flatten() {
            texts.extend(
                self.versions
                    .get(id)
                    .map(|version| version.redacted_value.clone()),
            );
        }
        texts
            .iter()
            .any(|text| text.to_ascii_lowercase().contains(&wanted))
    }
}

impl Rows for Data {
    fn key(&mut self, id: KeyId) -> Result<Option<Key>> {
        Ok(self.key_at.get(&id).map(|at| self.keys[*at].clone()))
    }

    fn versions(&mut self, key: KeyId) -> Result<Vec<Version>> {
        let ids = self.versions_of.get(&key).into_iter().flatten();
        Ok(ids
            .filter_map(|id| self.versions.get(id).cloned())
            .collect())
    }

    fn keys(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<Key>> {
        let after = match query.after {
            None => None,
            Some(after) => match self.key_at.get(&after) {
                Some(at) => Some(*at),
                None => return Ok(Vec::new()),
            },
        };
        let most = query.limit as usize;
        let matching = |key: &&Key| self.matches(key, query, now);
        Ok(if query.oldest_first {
            let behind = &self.keys[after.map_or(0, |at| at + 1)..];
            behind.iter().filter(matching).take(most).cloned().collect()
        } else {
            let before = &self.keys[..after.unwrap_or(self.keys.len())];
            let newest = before.iter().rev();
            newest.filter(matching).take(most).cloned().collect()
        })
    }

    fn key_ids(&mut self, query: &KeyQuery, now: Timestamp) -> Result<Vec<KeyId>> {
        Ok(self.keys(query, now)?.iter().map(|key| key.id).collect())
    }

    fn find(&mut self, lookup: &Lookup) -> Result<Option<Found>> {
        let id = match lookup {
            Lookup::Locator(locator) => self.by_locator.get(locator),
            Lookup::Foreign(candidates) => candidates
                .iter()
                .find_map(|value| self.by_lookup.get(value)),
        };
        let version = id.and_then(|id| self.versions.get(id)).cloned();
        let own = matches!(lookup, Lookup::Locator(_));
        let Some(version) = version.filter(|version| version.lookup.is_none() == own) else {
            return Ok(None);
        };
        Ok(self.key(version.key)?.map(|key| Found { key, version }))
    }

    fn lookup_begins_with(&mut self, start: &[u8]) -> Result<bool> {
        Ok(self.by_lookup.keys().any(|value| value.starts_with(start)))
    }

    fn project(&mut self, id: ProjectId) -> Result<Option<Project>> {
        Ok(self
            .projects
            .iter()
            .find(|project| project.id == id)
            .cloned())
    }

    fn project_named(&mut self, name: &str) -> Result<Option<Project>> {
        let mut live = self
            .projects
            .iter()
            .filter(|project| project.archived_at.is_none());
        Ok(live.find(|project| project.name.as_str() == name).cloned())
    }

    fn projects(&mut self, include_archived: bool) -> Result<Vec<Project>> {
        let wanted = |project: &&Project| include_archived || project.archived_at.is_none();
        Ok(self.projects.iter().filter(wanted).cloned().collect())
    }

    fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        Ok(self
            .accounts
            .iter()
            .find(|account| account.id == id)
            .cloned())
    }

    fn accounts(&mut self, kind: AccountKind, project: Option<ProjectId>) -> Result<Vec<Account>> {
        let wanted = |account: &&Account| {
            account.id.kind() == kind
                && account.deleted_at.is_none()
                && (project.is_none() || account.project == project)
        };
        Ok(self.accounts.iter().filter(wanted).cloned().collect())
    }

    fn idempotency(&mut self, key_hash: &[u8; 32]) -> Result<Option<IdempotencyRecord>> {
        Ok(self.idempotency.get(key_hash).cloned())
    }

    fn counter(&mut self, key: KeyId, limit: &LimitName) -> Result<Option<Counter>> {
        Ok(self.counters.get(&(key, limit.clone())).cloned())
    }

    fn daily_uses(&mut self, key: KeyId, first: Day, last: Day) -> Result<DailyCounts> {
        let ids = self.versions_of.get(&key).into_iter().flatten();
        let mut uses = DailyCounts::default();
        for counts in ids.filter_map(|id| self.daily_uses.get(id)) {
            uses.add_all(&counts.within(first, last));
        }
        Ok(uses)
    }

    fn events(&mut self, query: &EventQuery) -> Result<Vec<Event>> {
        let projects: Vec<String> = query.projects.iter().map(ToString::to_string).collect();
        let among = |list: &[String], value: &str| {
            list.is_empty() || list.iter().any(|wanted| wanted == value)
        };
        let wanted = |event: &&Event| {
            event.seq > query.after
                && query.before.is_none_or(|before| event.seq < before)
                && among(&query.object_ids, &event.object_id)
                && among(&projects, event.project_id.as_deref().unwrap_or_default())
                && among(&query.event_types, &event.event_type)
                && among(&query.actors, &event.actor)
                && query.since.is_none_or(|since| event.time >= since)
                && query.until.is_none_or(|until| event.time <= until)
                && (!query.done_only || event.outcome == DONE)
        };
        let matching = self.events.iter().filter(wanted);
        let most = query.limit as usize;
        Ok(if query.newest_first {
            matching.rev().take(most).cloned().collect()
        } else {
            matching.take(most).cloned().collect()
        })
    }

    fn last_event(&mut self) -> Result<Option<(u64, Tag)>> {
        Ok(self.events.last().map(|event| (event.seq, event.mac)))
    }

    fn foreign_schemes(&mut self) -> Result<Vec<ForeignScheme>> {
        Ok(self.schemes.values().cloned().collect())
    }

    fn store_id(&self) -> &str {
        &self.store_id
    }
}
