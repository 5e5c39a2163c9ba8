//! The groups of methods beside the keys themselves: projects, service accounts, users, admin keys.

use crate::arguments::{Text, Whole, number, plain};
use crate::call::Call;
use crate::created::NewKey;
use crate::manager::{Page, page};
use crate::opened::Opened;
use crate::records::{ApiKey, Project, ServiceAccount, User};
use crate::secret::Presented;
use crate::times::{Moment, Span, moment, span};
use crate::verification::Verification;
use crate::words::Word;
use keywright::{KeyStatus, ListOptions, ProjectOptions, RevocationReason};
use pyo3::prelude::*;

macro_rules! group {
    ($(#[doc = $doc:literal])+ $name:ident from $method:ident) => {
        $(#[doc = $doc])+
        #[pyclass(frozen, module = "keywright._native")]
        pub(crate) struct $name(pub(crate) Opened);

        impl $name {
            fn call<T, F>(&self, begin: impl FnOnce(keywright::$name) -> F) -> Call<T>
            where
                T: for<'py> IntoPyObject<'py> + Send + 'static,
                F: Future<Output = keywright::Result<T>> + Send + 'static,
            {
                self.0.call(|keys| begin(keys.$method()))
            }
        }
    };
}

group! {
    /// The projects of a store.
    Projects from projects
}

#[pymethods]
impl Projects {
    /// Makes a project.
    fn create(
        &self,
        name: Text,
        default_lifetime: Option<Span>,
        max_lifetime: Option<Span>,
    ) -> Call<Project> {
        let options = ProjectOptions {
            default_lifetime: span(default_lifetime),
            max_lifetime: span(max_lifetime),
        };
        self.call(|it| async move { it.create(&name.0, options).await.map(Project::from) })
    }

    /// The project of that id or name.
    fn get(&self, project: Text) -> Call<Project> {
        self.call(|it| async move { it.get(&project.0).await.map(Project::from) })
    }

    /// All projects, oldest first.
    fn list(&self, include_archived: bool) -> Call<Vec<Project>> {
        self.call(|it| async move { it.list(include_archived).await.map(all) })
    }

    /// Archives a project for good.
    fn archive(&self, project: Text) -> Call<Project> {
        self.call(|it| async move { it.archive(&project.0).await.map(Project::from) })
    }
}

group! {
    /// The service accounts of a store.
    ServiceAccounts from service_accounts
}

#[pymethods]
impl ServiceAccounts {
    /// Makes a service account in a project.
    fn create(&self, name: Text, project: Option<Text>) -> Call<ServiceAccount> {
        self.call(|it| async move {
            let made = it.create(&name.0, plain(project).as_deref()).await?;
            Ok(ServiceAccount::from(made))
        })
    }

    /// All service accounts (of one project), oldest first.
    fn list(&self, project: Option<Text>) -> Call<Vec<ServiceAccount>> {
        self.call(|it| async move { it.list(plain(project).as_deref()).await.map(all) })
    }

    /// Deletes a service account and revokes its keys.
    fn delete(&self, id: Text) -> Call<u64> {
        self.call(|it| async move { it.delete(&id.0).await })
    }
}

group! {
    /// The users of a store.
    Users from users
}

#[pymethods]
impl Users {
    /// Adds a user.
    fn create(&self, name: Text) -> Call<User> {
        self.call(|it| async move { it.create(&name.0).await.map(User::from) })
    }

    /// All users, oldest first.
    fn list(&self) -> Call<Vec<User>> {
        self.call(|it| async move { it.list().await.map(all) })
    }

    /// Deletes a user and revokes their keys.
    fn delete(&self, id: Text) -> Call<u64> {
        self.call(|it| async move { it.delete(&id.0).await })
    }
}

group! {
    /// The admin keys of a store.
    AdminKeys from admin_keys
}

#[pymethods]
impl AdminKeys {
    /// Issues an admin key.
    fn create(
        &self,
        name: Text,
        expires_in: Option<Span>,
        expires_at: Option<Moment>,
    ) -> Call<NewKey> {
        self.call(|it| async move {
            it.create(&name.0, span(expires_in), moment(expires_at))
                .await
                .map(NewKey)
        })
    }

    /// The admin key of that id.
    fn get(&self, id: Text) -> Call<ApiKey> {
        self.call(|it| async move { it.get(&id.0).await.map(ApiKey::from) })
    }

    /// Admin keys, newest first.
    fn list(
        &self,
        status: Option<Word<KeyStatus>>,
        search: Option<Text>,
        include_revoked: bool,
        after: Option<Text>,
        limit: Option<Whole<u32>>,
    ) -> Call<Page<ApiKey>> {
        let options = ListOptions {
            project: None,
            owner: None,
            status: status.map(|Word(status)| status),
            search: plain(search),
            include_revoked,
            after: plain(after),
            limit: number(limit),
        };
        self.call(|it| async move { it.list(options).await.map(page) })
    }

    /// Kills an admin key for good.
    fn revoke(&self, id: Text, reason: Word<RevocationReason>) -> Call<ApiKey> {
        self.call(|it| async move { it.revoke(&id.0, reason.0).await.map(ApiKey::from) })
    }

    /// Whether a presented secret is that of an admin key in good standing.
    fn verify(&self, secret: Presented<'_>) -> Call<Verification> {
        let secret = secret.keep();
        self.call(|it| async move { it.verify(&secret).await.map(Verification::from) })
    }
}

fn all<T, U: From<T>>(items: Vec<T>) -> Vec<U> {
    items.into_iter().map(U::from).collect()
}
