//! Projects, users and service accounts: what keys are in and whom they belong to.

use crate::manager::KeyManager;
use crate::types::{Project, ProjectOptions, ServiceAccount, User};
use keywright_core::accounts::{self as core, AccountId, AccountKind};
use keywright_core::ids::{ProjectId, ServiceAccountId, UserId};
use keywright_core::names::Name;
use keywright_core::operations;
use keywright_core::random::Random;
use keywright_core::{Error, ErrorCode, Result};
use std::time::Duration;

/// The projects of a store; see [`KeyManager::projects`].
#[derive(Clone, Debug)]
pub struct Projects(KeyManager);

/// The service accounts of a store; see [`KeyManager::service_accounts`].
#[derive(Clone, Debug)]
pub struct ServiceAccounts(KeyManager);

/// The users of a store; see [`KeyManager::users`].
#[derive(Clone, Debug)]
pub struct Users(KeyManager);

impl KeyManager {
    /// Projects: every key is in one; the one called `default` is always there.
    #[must_use]
    pub fn projects(&self) -> Projects {
        Projects(self.clone())
    }

    /// Service accounts: programs that own keys of one project.
    #[must_use]
    pub fn service_accounts(&self) -> ServiceAccounts {
        ServiceAccounts(self.clone())
    }

    /// Users: people that own keys.
    #[must_use]
    pub fn users(&self) -> Users {
        Users(self.clone())
    }
}

impl Projects {
    /// Makes a project. Its name is unique among those that aren't archived.
    pub async fn create(&self, name: &str, options: ProjectOptions) -> Result<Project> {
        let random = std::sync::Arc::clone(&self.0.inner.random);
        self.create_by(random.as_ref(), name, options).await
    }

    /// With ids that are made from this.
    pub(crate) async fn create_by(
        &self,
        random: &dyn Random,
        name: &str,
        options: ProjectOptions,
    ) -> Result<Project> {
        let manager = &self.0;
        let name = project_name(name)?;
        let ProjectOptions {
            default_lifetime,
            max_lifetime,
        } = options;
        check_lifetimes(default_lifetime, max_lifetime)?;
        let context = manager.context();
        let project = core::Project {
            id: ProjectId::generate(random)?,
            row_version: 1,
            name,
            default_account: ServiceAccountId::generate(random)?,
            default_lifetime,
            max_lifetime,
            created_at: context.now,
            archived_at: None,
        };
        let made = manager
            .transact(move |tx| operations::create_project(tx, &context, &project))
            .await??;
        Ok(Project::from_stored(&made))
    }

    /// The project of that id or name.
    pub async fn get(&self, project: &str) -> Result<Project> {
        let wanted = project.to_owned();
        self.0
            .look(move |rows| {
                operations::find_project(rows, Some(&wanted)).map(|it| Project::from_stored(&it))
            })
            .await
    }

    /// All projects, oldest first.
    pub async fn list(&self, include_archived: bool) -> Result<Vec<Project>> {
        self.0
            .look(move |rows| {
                Ok(rows
                    .projects(include_archived)?
                    .iter()
                    .map(Project::from_stored)
                    .collect())
            })
            .await
    }

    /// Gives a project another name. The project `default` keeps its own.
    ///
    /// # Errors
    /// `invalid_argument`, `not_found`, `already_exists`, `invalid_state` (archived, or `default`).
    pub async fn update(&self, project: &str, name: &str) -> Result<Project> {
        let (wanted, name, context) = (project.to_owned(), project_name(name)?, self.0.context());
        let renamed = self
            .0
            .transact(move |tx| operations::rename_project(tx, &context, &wanted, &name))
            .await??;
        Ok(Project::from_stored(&renamed))
    }

    /// Archives a project for good: it issues nothing more, and its keys are revoked. Doing it
    /// twice changes nothing; the project `default` can't be archived.
    pub async fn archive(&self, project: &str) -> Result<Project> {
        let (wanted, context) = (project.to_owned(), self.0.context());
        let archived = self
            .0
            .transact(move |tx| operations::archive_project(tx, &context, &wanted))
            .await??;
        Ok(Project::from_stored(&archived))
    }
}

impl ServiceAccounts {
    /// Makes a service account in a project (by id or name; `default` if absent).
    pub async fn create(&self, name: &str, project: Option<&str>) -> Result<ServiceAccount> {
        let random = std::sync::Arc::clone(&self.0.inner.random);
        self.create_by(random.as_ref(), name, project).await
    }

    /// With an id that is made from this.
    pub(crate) async fn create_by(
        &self,
        random: &dyn Random,
        name: &str,
        project: Option<&str>,
    ) -> Result<ServiceAccount> {
        let id = AccountId::ServiceAccount(ServiceAccountId::generate(random)?);
        let account = create(&self.0, id, name, project).await?;
        Ok(ServiceAccount::from_stored(&account))
    }

    /// The service account of that id.
    pub async fn get(&self, id: &str) -> Result<ServiceAccount> {
        let id: ServiceAccountId = id.parse()?;
        self.0
            .look(move |rows| {
                let found = rows.account(AccountId::ServiceAccount(id))?;
                let there = found.filter(|it| it.deleted_at.is_none());
                Ok(ServiceAccount::from_stored(
                    &there.ok_or_else(no_such_account)?,
                ))
            })
            .await
    }

    /// Gives a service account another name.
    pub async fn update(&self, id: &str, name: &str) -> Result<ServiceAccount> {
        let id = AccountId::ServiceAccount(id.parse()?);
        let (name, context) = (Name::parse(name)?, self.0.context());
        let renamed = self
            .0
            .transact(move |tx| operations::rename_account(tx, &context, id, &name))
            .await??;
        Ok(ServiceAccount::from_stored(&renamed))
    }

    /// All service accounts (of one project), oldest first.
    pub async fn list(&self, project: Option<&str>) -> Result<Vec<ServiceAccount>> {
        let wanted = project.map(str::to_owned);
        self.0
            .look(move |rows| {
                let project = match &wanted {
                    Some(name) => Some(operations::find_project(rows, Some(name))?.id),
                    None => None,
                };
                let accounts = rows.accounts(AccountKind::ServiceAccount, project)?;
                Ok(accounts.iter().map(ServiceAccount::from_stored).collect())
            })
            .await
    }

    /// Deletes a service account and revokes its keys; says how many that were. Doing it twice
    /// changes nothing; a project's default service account can't be deleted.
    pub async fn delete(&self, id: &str) -> Result<u64> {
        let id: ServiceAccountId = id.parse()?;
        delete(&self.0, AccountId::ServiceAccount(id)).await
    }
}

impl Users {
    /// Adds a user.
    pub async fn create(&self, name: &str) -> Result<User> {
        let id = AccountId::User(UserId::generate(self.0.inner.random.as_ref())?);
        let account = create(&self.0, id, name, None).await?;
        Ok(User::from_stored(&account))
    }

    /// All users, oldest first.
    pub async fn list(&self) -> Result<Vec<User>> {
        self.0
            .look(|rows| {
                Ok(rows
                    .accounts(AccountKind::User, None)?
                    .iter()
                    .map(User::from_stored)
                    .collect())
            })
            .await
    }

    /// Deletes a user and revokes their keys; says how many that were. Doing it twice changes
    /// nothing.
    pub async fn delete(&self, id: &str) -> Result<u64> {
        let id: UserId = id.parse()?;
        delete(&self.0, AccountId::User(id)).await
    }
}

fn project_name(text: &str) -> Result<Name> {
    let name = Name::parse(text)?;
    if ProjectId::parse(name.as_str()).is_some() {
        return Err(Error::invalid("a project's name must not look like an id"));
    }
    Ok(name)
}

fn no_such_account() -> Error {
    Error::new(ErrorCode::NotFound, "there is no such service account")
        .hint("list the service accounts to see what there is")
}

async fn create(
    manager: &KeyManager,
    id: AccountId,
    name: &str,
    project: Option<&str>,
) -> Result<core::Account> {
    let (name, project, context) = (
        Name::parse(name)?,
        project.map(str::to_owned),
        manager.context(),
    );
    manager
        .transact(move |tx| operations::create_account(tx, &context, id, &name, project.as_deref()))
        .await?
}

async fn delete(manager: &KeyManager, id: AccountId) -> Result<u64> {
    let context = manager.context();
    manager
        .transact(move |tx| operations::delete_account(tx, &context, id))
        .await?
}

fn check_lifetimes(default: Option<Duration>, max: Option<Duration>) -> Result<()> {
    let in_range = |span: &Duration| span.as_secs() > 0 && span.as_secs() <= 3_155_760_000;
    if ![default, max].iter().flatten().all(in_range) {
        return Err(Error::invalid("the lifetime is out of range")
            .hint("from one second up to a hundred years"));
    }
    match (default, max) {
        (Some(default), Some(max)) if default > max => Err(Error::new(
            ErrorCode::InvalidArgument,
            "the default lifetime is longer than the longest one",
        )),
        _ => Ok(()),
    }
}

impl Project {
    fn from_stored(it: &core::Project) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name.as_str().to_owned(),
            status: if it.archived_at.is_some() {
                "archived"
            } else {
                "active"
            }
            .to_owned(),
            default_service_account_id: it.default_account.to_string(),
            default_lifetime_seconds: it.default_lifetime.map(|span| span.as_secs()),
            max_lifetime_seconds: it.max_lifetime.map(|span| span.as_secs()),
            created_at: it.created_at,
            archived_at: it.archived_at,
        }
    }
}

impl ServiceAccount {
    pub(crate) fn from_stored(it: &core::Account) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name.as_str().to_owned(),
            project_id: it.project.map(|id| id.to_string()).unwrap_or_default(),
            created_at: it.created_at,
        }
    }
}

impl User {
    fn from_stored(it: &core::Account) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name.as_str().to_owned(),
            created_at: it.created_at,
        }
    }
}
