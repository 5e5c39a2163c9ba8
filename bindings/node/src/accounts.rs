//! Projects, users and service accounts.

use crate::arguments::span;
use crate::call::{CancelToken, wait};
use crate::data::{ProjectData, ServiceAccountData, UserData, whole as number};
use crate::failure::Failure;
use crate::manager::NativeManager;
use keywright::ProjectOptions;
use napi::Either;
use napi_derive::napi;

#[napi]
impl NativeManager {
    /// Makes a project. Lifetimes are in seconds.
    #[napi]
    pub async fn projects_create(
        &self,
        name: String,
        default_lifetime: Option<f64>,
        max_lifetime: Option<f64>,
        cancel: Option<&CancelToken>,
    ) -> Either<ProjectData, Failure> {
        let work = async {
            let options = ProjectOptions {
                default_lifetime: span(default_lifetime, "defaultLifetime")?,
                max_lifetime: span(max_lifetime, "maxLifetime")?,
            };
            self.keys.projects().create(&name, options).await
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// The project of that id or name.
    #[napi]
    pub async fn projects_get(
        &self,
        project: String,
        cancel: Option<&CancelToken>,
    ) -> Either<ProjectData, Failure> {
        let projects = self.keys.projects();
        wait(Some(&self.keys), cancel, projects.get(&project)).await
    }

    /// All projects.
    #[napi]
    pub async fn projects_list(
        &self,
        include_archived: bool,
        cancel: Option<&CancelToken>,
    ) -> Either<Vec<ProjectData>, Failure> {
        let work = async {
            let all = self.keys.projects().list(include_archived).await?;
            Ok(all.into_iter().map(ProjectData::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Archives a project.
    #[napi]
    pub async fn projects_archive(
        &self,
        project: String,
        cancel: Option<&CancelToken>,
    ) -> Either<ProjectData, Failure> {
        let projects = self.keys.projects();
        wait(Some(&self.keys), cancel, projects.archive(&project)).await
    }

    /// Makes a service account.
    #[napi]
    pub async fn service_accounts_create(
        &self,
        name: String,
        project: Option<String>,
        cancel: Option<&CancelToken>,
    ) -> Either<ServiceAccountData, Failure> {
        let accounts = self.keys.service_accounts();
        let work = accounts.create(&name, project.as_deref());
        wait(Some(&self.keys), cancel, work).await
    }

    /// All service accounts.
    #[napi]
    pub async fn service_accounts_list(
        &self,
        project: Option<String>,
        cancel: Option<&CancelToken>,
    ) -> Either<Vec<ServiceAccountData>, Failure> {
        let work = async {
            let accounts = self.keys.service_accounts();
            let all = accounts.list(project.as_deref()).await?.into_iter();
            Ok(all.map(ServiceAccountData::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Deletes a service account.
    #[napi]
    pub async fn service_accounts_delete(
        &self,
        id: String,
        cancel: Option<&CancelToken>,
    ) -> Either<f64, Failure> {
        let accounts = self.keys.service_accounts();
        let work = async { accounts.delete(&id).await.map(number) };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Adds a user.
    #[napi]
    pub async fn users_create(
        &self,
        name: String,
        cancel: Option<&CancelToken>,
    ) -> Either<UserData, Failure> {
        let users = self.keys.users();
        wait(Some(&self.keys), cancel, users.create(&name)).await
    }

    /// All users.
    #[napi]
    pub async fn users_list(&self, cancel: Option<&CancelToken>) -> Either<Vec<UserData>, Failure> {
        let work = async {
            let all = self.keys.users().list().await?;
            Ok(all.into_iter().map(UserData::from).collect::<Vec<_>>())
        };
        wait(Some(&self.keys), cancel, work).await
    }

    /// Deletes a user.
    #[napi]
    pub async fn users_delete(
        &self,
        id: String,
        cancel: Option<&CancelToken>,
    ) -> Either<f64, Failure> {
        let users = self.keys.users();
        let work = async { users.delete(&id).await.map(number) };
        wait(Some(&self.keys), cancel, work).await
    }
}
