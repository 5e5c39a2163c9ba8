//! Projects, and who owns keys.

use super::Count;
use keywright::Timestamp;
use serde::Serialize;

/// A project.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "project")]
pub struct Project {
    /// `proj_…`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `active` or `archived`.
    pub status: String,
    /// `svc_…`: the owner of its keys where none is named.
    pub default_service_account_id: String,
    /// How long a key lives if nothing is said, in seconds.
    pub default_lifetime_seconds: Option<Count>,
    /// The longest that a key may live, in seconds.
    pub max_lifetime_seconds: Option<Count>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
}

impl From<keywright::Project> for Project {
    fn from(project: keywright::Project) -> Self {
        let keywright::Project {
            id,
            name,
            status,
            default_service_account_id,
            default_lifetime_seconds,
            max_lifetime_seconds,
            created_at,
            archived_at,
        } = project;
        Self {
            id,
            name,
            status,
            default_service_account_id,
            default_lifetime_seconds: default_lifetime_seconds.map(Count::from),
            max_lifetime_seconds: max_lifetime_seconds.map(Count::from),
            created_at,
            archived_at,
        }
    }
}

/// A user of this store.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "user")]
pub struct User {
    /// `user_…`.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// When they were added.
    pub created_at: Timestamp,
}

impl From<keywright::User> for User {
    fn from(user: keywright::User) -> Self {
        let keywright::User {
            id,
            name,
            created_at,
        } = user;
        Self {
            id,
            name,
            created_at,
        }
    }
}

/// A service account of a project.
#[derive(Clone, Serialize, uniffi::Record)]
#[serde(tag = "object", rename = "service_account")]
pub struct ServiceAccount {
    /// `svc_…`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The project that it is in.
    pub project_id: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<keywright::ServiceAccount> for ServiceAccount {
    fn from(account: keywright::ServiceAccount) -> Self {
        let keywright::ServiceAccount {
            id,
            name,
            project_id,
            created_at,
        } = account;
        Self {
            id,
            name,
            project_id,
            created_at,
        }
    }
}

wire_form!(Project, ServiceAccount, User);
