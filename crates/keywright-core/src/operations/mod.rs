//! Everything that changes a store, as plain functions over one transaction: load, decide, write,
//! and put the event into the audit trail. One definition of each rule serves every store.
//!
//! A refusal is part of the outcome (`Ok(Err(…))`): it is audited, so the transaction commits. An
//! outer `Err` rolls everything back.

mod accounts;
mod create;
mod keys;
mod projects;
mod usage;

pub use accounts::{create_account, create_account_with_key, delete_account, rename_account};
pub use create::{
    CreateKey, CreateOutcome, IDEMPOTENCY_LIFETIME, IdempotencyKey, NewSecret, TEMP_LIFETIME,
    create_key, refuse_create,
};
pub use keys::{change_key, refuse_unknown, revoke_all, rotate_key};
pub use projects::{
    archive_project, create_project, ensure_default_project, find_project, rename_project,
};
pub use usage::{Charge, Use, charge_key, confirm_first_use, record_use, upgrade_foreign};

use crate::audit::{Actor, EventType, NewEvent};
use crate::error::{Error, ErrorCode, Result};
use crate::ids::ProjectId;
use crate::store::Tx;
use crate::time::Timestamp;
use serde_json::Value;

/// Who asks, and when.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
}

/// What an operation comes to: done, or refused and audited.
pub type Outcome<T> = Result<Result<T, Error>>;

/// What happened to which object.
struct Happening {
    event_type: EventType,
    object_id: String,
    project: Option<ProjectId>,
    before: Value,
    after: Value,
}

fn record(
    tx: &mut dyn Tx,
    context: &Context,
    happening: Happening,
    refused: Option<ErrorCode>,
) -> Result<()> {
    let Happening {
        event_type,
        object_id,
        project,
        before,
        after,
    } = happening;
    tx.append_event(NewEvent {
        time: context.now,
        actor: context.actor.clone(),
        event_type,
        object_id,
        project,
        refused,
        before,
        after,
    })?;
    Ok(())
}

/// Tells the trail of something that has to take effect also where the trail itself is damaged. The
/// inner error says that it was.
fn record_if_sound(tx: &mut dyn Tx, context: &Context, happening: Happening) -> Outcome<()> {
    match record(tx, context, happening, None) {
        Err(damage) if damage.code == ErrorCode::Tampered => {
            let message = format!(
                "the change has taken effect, but the audit trail can't tell of it: {}",
                damage.message
            );
            Ok(Err(Error { message, ..damage }))
        }
        outcome => outcome.map(Ok),
    }
}

fn idempotency_conflict() -> Error {
    Error::new(
        ErrorCode::IdempotencyConflict,
        "this idempotency key was used with other parameters",
    )
    .hint("use a new idempotency key for a new request")
}

fn not_found(what: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("there is no such {what}"))
        .hint(format!("list the {what}s to see what there is"))
}
