//! Export: everything that the store knows, without secrets, as one JSON object to a line.
//! `docs/export.md` describes the lines.

use crate::keys::MAX_PAGE;
use crate::manager::KeyManager;
use crate::types::{AuditOptions, ListOptions};
use keywright_core::Result;
use serde::Serialize;

/// A running export. Ask it for the next lines until there are none.
#[derive(Debug)]
pub struct Export {
    manager: KeyManager,
    next: Part,
}

#[derive(Debug)]
enum Part {
    Accounts,
    Keys { admin: bool, after: Option<String> },
    Events { after: u64 },
    Done,
}

impl KeyManager {
    /// Everything: projects, users, service accounts, keys and admin keys with all their versions,
    /// and the audit trail. No secret and no digest is among it.
    #[must_use]
    pub fn export_keys(&self) -> Export {
        Export {
            manager: self.clone(),
            next: Part::Accounts,
        }
    }
}

impl Export {
    /// The next lines, each one JSON object without its line end; empty at the end.
    pub async fn next_lines(&mut self) -> Result<Vec<String>> {
        loop {
            let lines = match std::mem::replace(&mut self.next, Part::Done) {
                Part::Done => return Ok(Vec::new()),
                Part::Accounts => self.accounts().await?,
                Part::Keys { admin, after } => self.keys(admin, after).await?,
                Part::Events { after } => self.events(after).await?,
            };
            if !lines.is_empty() {
                return Ok(lines);
            }
        }
    }

    async fn accounts(&mut self) -> Result<Vec<String>> {
        let mut lines = to_lines(&self.manager.projects().list(true).await?);
        lines.extend(to_lines(&self.manager.users().list().await?));
        lines.extend(to_lines(&self.manager.service_accounts().list(None).await?));
        self.next = Part::Keys {
            admin: false,
            after: None,
        };
        Ok(lines)
    }

    async fn keys(&mut self, admin: bool, after: Option<String>) -> Result<Vec<String>> {
        let options = ListOptions {
            include_revoked: true,
            after,
            limit: Some(MAX_PAGE),
            ..ListOptions::default()
        };
        let page = self.manager.list_of_kind(options, admin, false).await?;
        self.next = match (page.has_more, admin) {
            (true, _) => Part::Keys {
                admin,
                after: page.data.last().map(|key| key.id.clone()),
            },
            (false, false) => Part::Keys {
                admin: true,
                after: None,
            },
            (false, true) => Part::Events { after: 0 },
        };
        Ok(to_lines(&page.data))
    }

    async fn events(&mut self, after: u64) -> Result<Vec<String>> {
        let options = AuditOptions {
            after: Some(after),
            limit: Some(MAX_PAGE),
            ..AuditOptions::default()
        };
        let page = self.manager.audit(options).await?;
        if let (true, Some(last)) = (page.has_more, page.data.last()) {
            self.next = Part::Events { after: last.seq };
        }
        Ok(to_lines(&page.data))
    }
}

fn to_lines<T: Serialize>(items: &[T]) -> Vec<String> {
    items
        .iter()
        .map(|item| serde_json::to_string(item).unwrap_or_default())
        .collect()
}
