//! Projects, users and service accounts.

use crate::arguments::span;
use crate::call::{Token, Told, wait};
use crate::manager::NativeManager;
use crate::records::{Count, Project, ServiceAccount, User};
use keywright::ProjectOptions;

#[uniffi::export]
impl NativeManager {
    /// Makes a project. Lifetimes are in seconds.
    pub async fn projects_create(
        &self,
        name: String,
        default_lifetime: Option<i64>,
        max_lifetime: Option<i64>,
        cancel: Token,
    ) -> Told<Project> {
        let work = async {
            let options = ProjectOptions {
                default_lifetime: span(default_lifetime, "the default lifetime")?,
                max_lifetime: span(max_lifetime, "the longest lifetime")?,
            };
            self.keys.projects().create(&name, options).await
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// The project of that id or name.
    pub async fn projects_get(&self, project: String, cancel: Token) -> Told<Project> {
        let projects = self.keys.projects();
        wait(Some(&self.keys), cancel, projects.get(&project)).await
    }

    /// All projects.
    pub async fn projects_list(&self, include_archived: bool, cancel: Token) -> Told<Vec<Project>> {
        let work = async {
            let all = self.keys.projects().list(include_archived).await?;
            Ok(all.into_iter().map(Project::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Archives a project.
    pub async fn projects_archive(&self, project: String, cancel: Token) -> Told<Project> {
        let projects = self.keys.projects();
        wait(Some(&self.keys), cancel, projects.archive(&project)).await
    }

    /// Makes a service account.
    pub async fn service_accounts_create(
        &self,
        name: String,
        project: Option<String>,
        cancel: Token,
    ) -> Told<ServiceAccount> {
        let accounts = self.keys.service_accounts();
        let work = accounts.create(&name, project.as_deref());
        wait(Some(&self.keys), cancel, work).await
    }

    /// All service accounts.
    pub async fn service_accounts_list(
        &self,
        project: Option<String>,
        cancel: Token,
    ) -> Told<Vec<ServiceAccount>> {
        let work = async {
            let accounts = self.keys.service_accounts();
            let all = accounts.list(project.as_deref()).await?.into_iter();
            Ok(all.map(ServiceAccount::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Deletes a service account.
    pub async fn service_accounts_delete(&self, id: String, cancel: Token) -> Told<Count> {
        let accounts = self.keys.service_accounts();
        wait(Some(&self.keys), cancel, accounts.delete(&id)).await
    }

    /// Adds a user.
    pub async fn users_create(&self, name: String, cancel: Token) -> Told<User> {
        let users = self.keys.users();
        wait(Some(&self.keys), cancel, users.create(&name)).await
    }

    /// All users.
    pub async fn users_list(&self, cancel: Token) -> Told<Vec<User>> {
        let work = async {
            let all = self.keys.users().list().await?;
            Ok(all.into_iter().map(User::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Deletes a user.
    pub async fn users_delete(&self, id: String, cancel: Token) -> Told<Count> {
        let users = self.keys.users();
        wait(Some(&self.keys), cancel, users.delete(&id)).await
    }
}
