//! What the server needs beyond the public surface: creates that can be repeated, lists in the order
//! of OpenAI's, leaked secrets. Hidden, and no promise to anyone else.

pub use crate::http::admin::AdminAuthorization;

use crate::keys::{check_idempotency_key, page_size};
use crate::manager::KeyManager;
use crate::types::{
    ApiKey, AuditEvent, CreateOptions, Created, KeyOwner, ListOptions, Page, Project,
    ProjectOptions, ServiceAccount,
};
use keywright_core::accounts::AccountId;
use keywright_core::audit::EventType;
use keywright_core::ids::{ProjectId, ServiceAccountId};
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::names::Name;
use keywright_core::operations;
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::secret::Class;
use keywright_core::store::EventQuery;
use keywright_core::time::Timestamp;
use keywright_core::{ErrorCode, Requirements, Result, VerifyCode, judge};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is told of a user or a service account beside a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCard {
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Which events to list, newest first: what was carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// About any of these; about all if empty.
    pub object_ids: Vec<String>,
    /// In any of these projects; in all if empty.
    pub project_ids: Vec<String>,
    /// Of any of these types; of all if empty.
    pub event_types: Vec<String>,
    /// Of any of these actors; of all if empty.
    pub actors: Vec<String>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Up to this moment, itself included.
    pub until: Option<Timestamp>,
    /// Only what is older than this place in the chain.
    pub older_than: Option<u64>,
    /// Only what is newer than this place in the chain; the oldest of that.
    pub newer_than: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

/// Bytes that follow from an idempotency key and the pepper: nobody without it can foresee them.
struct FromKey {
    peppers: Arc<PepperRing>,
    kind: &'static str,
    key: String,
    next: AtomicU64,
}

impl Random for FromKey {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        for chunk in buffer.chunks_mut(32) {
            let block = self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            let parts = [self.kind.as_bytes(), self.key.as_bytes(), &block];
            let bytes = self.peppers.index("idempotent-id", &parts);
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

impl KeyManager {
    /// Data keys or admin keys in the order of their creation, or the other way round.
    #[doc(hidden)]
    pub async fn list_in_order(
        &self,
        options: ListOptions,
        admin: bool,
        oldest_first: bool,
    ) -> Result<Page<ApiKey>> {
        self.list_of_kind(options, admin, oldest_first).await
    }

    /// [`AdminKeys::create`](crate::AdminKeys::create) that can be repeated.
    #[doc(hidden)]
    pub async fn create_admin_key(&self, name: &str, options: CreateOptions) -> Result<Created> {
        self.issue(name, Class::Admin, options).await
    }

    /// A service account and a key of its own, both or neither.
    #[doc(hidden)]
    pub async fn create_service_account_with_key(
        &self,
        name: &str,
        key_name: &str,
        options: CreateOptions,
    ) -> Result<(ServiceAccount, Created)> {
        let id = ServiceAccountId::generate(self.inner.random.as_ref())?;
        // Never the same as a key's: no name holds a NUL.
        let for_account = format!("service account\0{name}");
        let idempotency = self.idempotency(&for_account, Class::Live, &options)?;
        let mut wanted = self.parse_create(key_name, Class::Live, options)?;
        wanted.idempotency = idempotency;
        let (name, context) = (Name::parse(name)?, self.context());
        let (secret, new) = self.secret_maker().make(Class::Live)?;
        let now = context.now;
        let (account, outcome) = self
            .transact(move |tx| {
                operations::create_account_with_key(tx, &context, id, &name, &wanted, &new)
            })
            .await??;
        let key = ApiKey::from_stored(outcome.key(), now);
        Ok((
            ServiceAccount::from_stored(&account),
            Created { key, secret },
        ))
    }

    /// [`Projects::create`](crate::Projects::create) that can be repeated.
    #[doc(hidden)]
    pub async fn create_project_once(
        &self,
        name: &str,
        options: ProjectOptions,
        idempotency_key: Option<&str>,
    ) -> Result<Project> {
        let Some(key) = idempotency_key else {
            return self.projects().create(name, options).await;
        };
        let ids = self.ids_from("project", key)?;
        self.projects().create_by(&ids, name, options).await
    }

    /// [`ServiceAccounts::create`](crate::ServiceAccounts::create) that can be repeated.
    #[doc(hidden)]
    pub async fn create_service_account_once(
        &self,
        name: &str,
        project: &str,
        idempotency_key: Option<&str>,
    ) -> Result<ServiceAccount> {
        let Some(key) = idempotency_key else {
            return self.service_accounts().create(name, Some(project)).await;
        };
        let ids = self.ids_from("service_account", key)?;
        let accounts = self.service_accounts();
        accounts.create_by(&ids, name, Some(project)).await
    }

    /// Ids that are the same whenever the same is asked for with the same idempotency key.
    fn ids_from(&self, kind: &'static str, idempotency_key: &str) -> Result<FromKey> {
        check_idempotency_key(idempotency_key)?;
        Ok(FromKey {
            peppers: Arc::clone(&self.inner.peppers),
            kind,
            key: idempotency_key.to_owned(),
            next: AtomicU64::new(0),
        })
    }

    /// What there is to tell of the owners of keys, in their order; nothing of external ones.
    #[doc(hidden)]
    pub async fn accounts_of(&self, owners: &[KeyOwner]) -> Result<Vec<Option<AccountCard>>> {
        let ids: Vec<Option<AccountId>> =
            owners.iter().map(|it| AccountId::parse(&it.id)).collect();
        self.look(move |rows| {
            let mut cards = Vec::with_capacity(ids.len());
            for id in &ids {
                let found = match id {
                    Some(id) => rows.account(*id)?,
                    None => None,
                };
                cards.push(found.map(|it| AccountCard {
                    name: it.name.as_str().to_owned(),
                    created_at: it.created_at,
                }));
            }
            Ok(cards)
        })
        .await
    }

    /// Events, newest first.
    #[doc(hidden)]
    pub async fn newest_events(&self, filter: EventFilter) -> Result<Page<AuditEvent>> {
        let limit = page_size(Some(filter.limit), filter.limit)?;
        let known = |name: &String| EventType::parse(name).is_some();
        let projects: Vec<ProjectId> = filter
            .project_ids
            .iter()
            .filter_map(|id| ProjectId::parse(id))
            .collect();
        let event_types: Vec<String> = filter
            .event_types
            .iter()
            .filter(|it| known(it))
            .cloned()
            .collect();
        // A filter none of whose values can be met is met by nothing, and is not one that is absent.
        if projects.is_empty() != filter.project_ids.is_empty()
            || event_types.is_empty() != filter.event_types.is_empty()
        {
            return Ok(Page {
                data: Vec::new(),
                has_more: false,
            });
        }
        let towards_newer = filter.newer_than.is_some();
        let query = EventQuery {
            object_ids: filter.object_ids,
            projects,
            event_types,
            actors: filter.actors,
            since: filter.since,
            until: filter.until,
            done_only: true,
            after: filter.newer_than.unwrap_or(0),
            before: filter.older_than,
            newest_first: !towards_newer,
            limit: limit + 1,
        };
        let mut events = self.look(move |rows| rows.events(&query)).await?;
        let has_more = events.len() > limit as usize;
        events.truncate(limit as usize);
        if towards_newer {
            events.reverse();
        }
        let data = events.iter().map(AuditEvent::from_stored).collect();
        Ok(Page { data, has_more })
    }

    /// Revokes the key of a secret that somebody else has: whoever can present it may end it. Nothing
    /// is told of whether there was one.
    #[doc(hidden)]
    pub async fn revoke_leaked(&self, secret: &(impl AsRef<[u8]> + ?Sized + Sync)) -> Result<()> {
        let Some(found) = self.find_presented(secret.as_ref()).await? else {
            return Ok(());
        };
        let code = judge(&found, &Requirements::default(), self.now());
        let could_be_used = matches!(
            code,
            VerifyCode::Valid
                | VerifyCode::Disabled
                | VerifyCode::IpNotAllowed
                | VerifyCode::InsufficientScope
        );
        if !could_be_used {
            return Ok(());
        }
        let (id, admin) = (found.key.id.to_string(), found.key.class == Class::Admin);
        let revoke = Command::Revoke(RevocationReason::KeyCompromise);
        match self.change_of_kind(&id, admin, revoke).await {
            Ok(_) => Ok(()),
            // Somebody else was faster.
            Err(error) if error.code == ErrorCode::InvalidState => Ok(()),
            Err(error) => Err(error),
        }
    }
}
