//! Users and service accounts: made, and deleted together with their keys.

use super::create::{CreateKey, CreateOutcome, NewSecret, create_key, is_known, refusal_to_create};
use super::keys::revoke_where;
use super::projects::find_project;
use super::{
    Context, Happening, Outcome, idempotency_conflict, not_found, record, record_if_sound,
};
use crate::accounts::{Account, AccountId, AccountKind};
use crate::audit::EventType;
use crate::error::{Error, ErrorCode, Result};
use crate::ids::ServiceAccountId;
use crate::keys::RevocationReason;
use crate::names::Name;
use crate::owner::Owner;
use crate::store::{KeyQuery, Tx};
use serde_json::json;

const fn created(kind: AccountKind) -> EventType {
    match kind {
        AccountKind::User => EventType::UserCreated,
        AccountKind::ServiceAccount => EventType::ServiceAccountCreated,
    }
}

const fn updated(kind: AccountKind) -> EventType {
    match kind {
        AccountKind::User => EventType::UserUpdated,
        AccountKind::ServiceAccount => EventType::ServiceAccountUpdated,
    }
}

const fn deleted(kind: AccountKind) -> EventType {
    match kind {
        AccountKind::User => EventType::UserDeleted,
        AccountKind::ServiceAccount => EventType::ServiceAccountDeleted,
    }
}

/// Adds a user, or a service account to a project (by id or name; the default one if absent). One of
/// the same id is there if it is asked for once more by an idempotency key, which its id was made from:
/// then nothing happens.
pub fn create_account(
    tx: &mut dyn Tx,
    context: &Context,
    id: AccountId,
    name: &Name,
    project: Option<&str>,
) -> Outcome<Account> {
    let mut happening = Happening {
        event_type: created(id.kind()),
        object_id: id.to_string(),
        project: None,
        before: json!({}),
        after: json!({ "name": name.as_str() }),
    };
    let found = match id {
        AccountId::User(_) => Ok(None),
        AccountId::ServiceAccount(_) => find_project(tx, project).and_then(|project| {
            if project.archived_at.is_some() {
                return Err(
                    Error::new(ErrorCode::InvalidState, "the project is archived")
                        .hint("use another project"),
                );
            }
            Ok(Some(project.id))
        }),
    };
    let project = match found {
        Ok(project) => project,
        Err(error) if error.code.http_status() < 500 => {
            happening.object_id = String::new();
            record(tx, context, happening, Some(error.code))?;
            return Ok(Err(error));
        }
        Err(error) => return Err(error),
    };
    if let Some(there) = tx.account(id)? {
        if there.name == *name && there.project == project && there.deleted_at.is_none() {
            return Ok(Ok(there));
        }
        let refusal = idempotency_conflict();
        record(tx, context, happening, Some(refusal.code))?;
        return Ok(Err(refusal));
    }
    let account = Account {
        id,
        row_version: 1,
        name: name.clone(),
        project,
        created_at: context.now,
        deleted_at: None,
    };
    tx.insert_account(&account)?;
    happening.project = project;
    record(tx, context, happening, None)?;
    Ok(Ok(account))
}

/// Adds a service account and issues a key to it, both or neither. A retry with the same idempotency
/// key is about the account of the first time.
pub fn create_account_with_key(
    tx: &mut dyn Tx,
    context: &Context,
    id: ServiceAccountId,
    name: &Name,
    wanted: &CreateKey,
    new: &NewSecret,
) -> Outcome<(Account, CreateOutcome)> {
    if let Some(idempotency) = &wanted.idempotency
        && is_known(tx, context, idempotency)?
    {
        let outcome = match create_key(tx, context, wanted, new)? {
            Ok(outcome) => outcome,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let owner = match outcome.key().key.owner {
            Owner::ServiceAccount(id) => tx.account(AccountId::ServiceAccount(id))?,
            Owner::User(_) | Owner::External(_) => None,
        };
        let account = owner.ok_or_else(|| not_found("service account"))?;
        return Ok(Ok((account, outcome)));
    }
    // What speaks against the key is told before there is an account.
    if let Some(refusal) = refusal_to_create(tx, context, wanted, new)? {
        return Ok(Err(refusal));
    }
    let id = AccountId::ServiceAccount(id);
    let account = match create_account(tx, context, id, name, wanted.project.as_deref())? {
        Ok(account) => account,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let wanted = CreateKey {
        owner: Some(id.as_owner()),
        ..wanted.clone()
    };
    // By now a refusal would be a fault: nothing of it may stay.
    let outcome = create_key(tx, context, &wanted, new)??;
    Ok(Ok((account, outcome)))
}

/// Gives a user or service account another name. One that it has already changes nothing.
pub fn rename_account(
    tx: &mut dyn Tx,
    context: &Context,
    id: AccountId,
    name: &Name,
) -> Outcome<Account> {
    let mut happening = Happening {
        event_type: updated(id.kind()),
        object_id: id.to_string(),
        project: None,
        before: json!({}),
        after: json!({ "name": name.as_str() }),
    };
    let found = tx.account(id)?.filter(|it| it.deleted_at.is_none());
    let Some(account) = found else {
        let refusal = not_found(match id {
            AccountId::User(_) => "user",
            AccountId::ServiceAccount(_) => "service account",
        });
        record(tx, context, happening, Some(refusal.code))?;
        return Ok(Err(refusal));
    };
    if account.name == *name {
        return Ok(Ok(account));
    }
    happening.project = account.project;
    happening.before = json!({ "name": account.name.as_str() });
    let renamed = tx.rename_account(&account, name)?;
    record(tx, context, happening, None)?;
    Ok(Ok(renamed))
}

/// Deletes a user or service account and revokes its keys. Says how many keys that were.
pub fn delete_account(tx: &mut dyn Tx, context: &Context, id: AccountId) -> Outcome<u64> {
    let mut happening = Happening {
        event_type: deleted(id.kind()),
        object_id: id.to_string(),
        project: None,
        before: json!({}),
        after: json!({}),
    };
    let refusal = match tx.account(id)? {
        None => Some(not_found(match id {
            AccountId::User(_) => "user",
            AccountId::ServiceAccount(_) => "service account",
        })),
        Some(account) if account.deleted_at.is_some() => return Ok(Ok(0)),
        Some(account) => refusal_to_delete(tx, &account)?,
    };
    if let Some(refusal) = refusal {
        record(tx, context, happening, Some(refusal.code))?;
        return Ok(Err(refusal));
    }
    let Some(account) = tx.account(id)? else {
        return Ok(Err(not_found("account")));
    };
    let query = KeyQuery {
        owner: Some(id.as_owner()),
        ..KeyQuery::default()
    };
    let revoked = revoke_where(tx, context, &query, RevocationReason::AffiliationChanged)?;
    tx.delete_account(&account, context.now)?;
    happening.project = account.project;
    happening.after = json!({ "deleted_at": context.now, "keys_revoked": revoked.count });
    let told = record_if_sound(tx, context, happening)?;
    Ok(revoked.trouble.map_or(told, Err).map(|()| revoked.count))
}

fn refusal_to_delete(tx: &mut dyn Tx, account: &Account) -> Result<Option<Error>> {
    let Some(project) = account.project else {
        return Ok(None);
    };
    let is_default = tx
        .project(project)?
        .is_some_and(|project| AccountId::ServiceAccount(project.default_account) == account.id);
    Ok(is_default.then(|| {
        Error::new(
            ErrorCode::InvalidState,
            "a project's default service account can't be deleted",
        )
        .hint("revoke its keys instead, or archive the project")
    }))
}
