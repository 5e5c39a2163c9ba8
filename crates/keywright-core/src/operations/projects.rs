//! Projects: made, found by id or name, archived together with their keys.

use super::keys::revoke_where;
use super::{
    Context, Happening, Outcome, idempotency_conflict, not_found, record, record_if_sound,
};
use crate::accounts::{Account, AccountId, DEFAULT_PROJECT, DEFAULT_SERVICE_ACCOUNT, Project};
use crate::audit::EventType;
use crate::describe;
use crate::error::{Error, ErrorCode, Result};
use crate::ids::{ProjectId, ServiceAccountId};
use crate::keys::RevocationReason;
use crate::names::Name;
use crate::store::{KeyQuery, Rows, Tx};
use serde_json::json;

/// The project of that id or name; the default one if none is named. It may be archived if it is
/// named by its id.
pub fn find_project<R: Rows + ?Sized>(rows: &mut R, wanted: Option<&str>) -> Result<Project> {
    let wanted = wanted.unwrap_or(DEFAULT_PROJECT);
    let found = match ProjectId::parse(wanted) {
        Some(id) => rows.project(id)?,
        None => rows.project_named(wanted)?,
    };
    found.ok_or_else(|| not_found("project"))
}

/// The id of that project, if there is one.
pub(super) fn project_of(tx: &mut dyn Tx, wanted: Option<&str>) -> Result<Option<ProjectId>> {
    match find_project(tx, wanted) {
        Ok(project) => Ok(Some(project.id)),
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Adds a project and its default service account. One of the same id is there if it is asked for once
/// more by an idempotency key, which its id was made from: then nothing happens.
pub fn create_project(tx: &mut dyn Tx, context: &Context, project: &Project) -> Outcome<Project> {
    if let Some(there) = tx.project(project.id)? {
        let same = there.name == project.name
            && there.default_lifetime == project.default_lifetime
            && there.max_lifetime == project.max_lifetime;
        if same {
            return Ok(Ok(there));
        }
        let happening = Happening {
            event_type: EventType::ProjectCreated,
            object_id: project.id.to_string(),
            project: Some(project.id),
            before: json!({}),
            after: describe::project(project),
        };
        let refusal = idempotency_conflict();
        record(tx, context, happening, Some(refusal.code))?;
        return Ok(Err(refusal));
    }
    let taken = tx.project_named(project.name.as_str())?.is_some();
    let happening = Happening {
        event_type: EventType::ProjectCreated,
        object_id: if taken {
            String::new()
        } else {
            project.id.to_string()
        },
        project: (!taken).then_some(project.id),
        before: json!({}),
        after: describe::project(project),
    };
    if taken {
        record(tx, context, happening, Some(ErrorCode::AlreadyExists))?;
        return Ok(Err(name_taken()));
    }
    insert(tx, context, project)?;
    record(tx, context, happening, None)?;
    Ok(Ok(project.clone()))
}

/// Makes the project `default` where there is none yet. A store does this when it is made.
pub fn ensure_default_project(
    tx: &mut dyn Tx,
    context: &Context,
    id: ProjectId,
    account: ServiceAccountId,
) -> Result<()> {
    if tx.project_named(DEFAULT_PROJECT)?.is_some() {
        return Ok(());
    }
    let project = Project {
        id,
        row_version: 1,
        name: Name::parse(DEFAULT_PROJECT)?,
        default_account: account,
        default_lifetime: None,
        max_lifetime: None,
        created_at: context.now,
        archived_at: None,
    };
    create_project(tx, context, &project)??;
    Ok(())
}

fn insert(tx: &mut dyn Tx, context: &Context, project: &Project) -> Result<()> {
    tx.insert_project(project)?;
    tx.insert_account(&Account {
        id: AccountId::ServiceAccount(project.default_account),
        row_version: 1,
        name: Name::parse(DEFAULT_SERVICE_ACCOUNT)?,
        project: Some(project.id),
        created_at: context.now,
        deleted_at: None,
    })
}

/// Gives a project another name. One that it has already changes nothing.
pub fn rename_project(
    tx: &mut dyn Tx,
    context: &Context,
    wanted: &str,
    name: &Name,
) -> Outcome<Project> {
    let mut happening = Happening {
        event_type: EventType::ProjectUpdated,
        object_id: String::new(),
        project: None,
        before: json!({}),
        after: json!({ "name": name.as_str() }),
    };
    let project = match find_project(tx, Some(wanted)) {
        Ok(project) => project,
        Err(error) if error.code == ErrorCode::NotFound => {
            record(tx, context, happening, Some(error.code))?;
            return Ok(Err(error));
        }
        Err(error) => return Err(error),
    };
    happening.object_id = project.id.to_string();
    happening.project = Some(project.id);
    if let Some(refusal) = refusal_to_rename(tx, &project, name)? {
        record(tx, context, happening, Some(refusal.code))?;
        return Ok(Err(refusal));
    }
    if project.name == *name {
        return Ok(Ok(project));
    }
    happening.before = json!({ "name": project.name.as_str() });
    let renamed = tx.rename_project(&project, name)?;
    record(tx, context, happening, None)?;
    Ok(Ok(renamed))
}

fn refusal_to_rename(tx: &mut dyn Tx, project: &Project, name: &Name) -> Result<Option<Error>> {
    if project.archived_at.is_some() {
        return Ok(Some(
            Error::new(ErrorCode::InvalidState, "the project is archived")
                .hint("use another project"),
        ));
    }
    // It is found by its name wherever none is given.
    if project.name.as_str() == DEFAULT_PROJECT && name.as_str() != DEFAULT_PROJECT {
        return Ok(Some(
            Error::new(
                ErrorCode::InvalidState,
                "the default project keeps its name",
            )
            .hint("make a project of the other name"),
        ));
    }
    let holder = tx.project_named(name.as_str())?;
    Ok(holder
        .is_some_and(|other| other.id != project.id)
        .then(name_taken))
}

fn name_taken() -> Error {
    Error::new(
        ErrorCode::AlreadyExists,
        "there is a project of that name already",
    )
    .hint("use it, or choose another name")
}

/// Archives a project and revokes its keys. Doing it twice changes nothing.
pub fn archive_project(tx: &mut dyn Tx, context: &Context, wanted: &str) -> Outcome<Project> {
    let refuse =
        |tx: &mut dyn Tx, project: Option<ProjectId>, refusal: Error| -> Outcome<Project> {
            let happening = Happening {
                event_type: EventType::ProjectArchived,
                object_id: project.map(|id| id.to_string()).unwrap_or_default(),
                project,
                before: json!({}),
                after: json!({}),
            };
            record(tx, context, happening, Some(refusal.code))?;
            Ok(Err(refusal))
        };
    let project = match find_project(tx, Some(wanted)) {
        Ok(project) => project,
        Err(error) if error.code == ErrorCode::NotFound => return refuse(tx, None, error),
        Err(error) => return Err(error),
    };
    if project.archived_at.is_some() {
        return Ok(Ok(project));
    }
    if project.name.as_str() == DEFAULT_PROJECT {
        let refusal = Error::new(
            ErrorCode::InvalidState,
            "the default project can't be archived",
        )
        .hint("revoke its keys instead");
        return refuse(tx, Some(project.id), refusal);
    }
    let query = KeyQuery {
        project: Some(project.id),
        ..KeyQuery::default()
    };
    let revoked = revoke_where(tx, context, &query, RevocationReason::AffiliationChanged)?;
    let archived = tx.archive_project(&project, context.now)?;
    let happening = Happening {
        event_type: EventType::ProjectArchived,
        object_id: project.id.to_string(),
        project: Some(project.id),
        before: json!({ "archived_at": null }),
        after: json!({ "archived_at": context.now, "keys_revoked": revoked.count }),
    };
    let told = record_if_sound(tx, context, happening)?;
    Ok(revoked.trouble.map_or(told, Err).map(|()| archived))
}
