//! Keys and changes as JSON for the audit trail: what people need to see, and never anything of a
//! secret beyond its redacted value.

use crate::accounts::Project;
use crate::keys::{KeyPatch, KeyWithVersions, State, Version};
use crate::lifecycle::Command;
use serde_json::{Map, Value, json};

/// Everything of a key that an event may tell.
pub(crate) fn key(it: &KeyWithVersions) -> Value {
    let key = &it.key;
    let (status, reason) = match key.state {
        State::Active => ("active", None),
        State::Disabled => ("disabled", None),
        State::Revoked { reason, .. } => ("revoked", Some(reason.as_str())),
    };
    let versions: Vec<Value> = it.versions.iter().map(version).collect();
    json!({
        "name": key.name.as_str(),
        "owner": { "type": key.owner.kind().as_str(), "id": key.owner.to_string() },
        "class": key.class.as_str(),
        "status": status,
        "reason": reason,
        "scopes": key.scopes.as_list(),
        "allowed_ips": key.networks.to_list(),
        "limits": key.limits,
        "metadata": key.metadata.pairs(),
        "expires_at": key.expires_at,
        "versions": versions,
    })
}

fn version(version: &Version) -> Value {
    json!({
        "id": version.id.to_string(),
        "number": version.number,
        "redacted_value": version.redacted_value,
        "ends_at": version.ends_at(),
    })
}

/// The key with those versions alone that the other state has not, or has otherwise.
fn changed(it: &KeyWithVersions, other: &KeyWithVersions) -> KeyWithVersions {
    let is_other =
        |place: usize, it: &Version| other.versions.get(place).map(version) != Some(version(it));
    let versions = it.versions.iter().enumerate();
    KeyWithVersions {
        key: it.key.clone(),
        versions: versions
            .filter(|(place, it)| is_other(*place, it))
            .map(|(_, it)| it.clone())
            .collect(),
    }
}

/// The fields in which two states of a key differ, as they were and as they are; of the versions
/// only those that differ, or a key that is rotated often would repeat its life in each event.
pub(crate) fn difference(before: &KeyWithVersions, after: &KeyWithVersions) -> (Value, Value) {
    let (mut was, mut is) = (Map::new(), Map::new());
    if let (Value::Object(old), Value::Object(new)) =
        (key(&changed(before, after)), key(&changed(after, before)))
    {
        for (field, value) in new {
            let previous = old.get(&field).cloned().unwrap_or_default();
            if previous != value {
                was.insert(field.clone(), previous);
                is.insert(field, value);
            }
        }
    }
    (was.into(), is.into())
}

/// What was asked for, where it was refused.
pub(crate) fn command(command: &Command) -> Value {
    match command {
        Command::Update(patch) => update(patch),
        Command::Rotate { overlap, .. } => {
            json!({ "rotate": { "overlap_seconds": overlap.as_secs() } })
        }
        Command::FinishRotation => json!({ "rotate": "finish" }),
        Command::CancelRotation => json!({ "rotate": "cancel" }),
        Command::Disable => json!({ "status": "disabled" }),
        Command::Enable => json!({ "status": "active" }),
        Command::Revoke(reason) => json!({ "status": "revoked", "reason": reason.as_str() }),
    }
}

fn update(patch: &KeyPatch) -> Value {
    let mut out = Map::new();
    if let Some(name) = &patch.name {
        out.insert("name".into(), name.as_str().into());
    }
    if let Some(metadata) = &patch.metadata {
        out.insert("metadata".into(), json!(metadata.pairs()));
    }
    if let Some(scopes) = &patch.scopes {
        out.insert("scopes".into(), json!(scopes.as_list()));
    }
    if let Some(networks) = &patch.networks {
        out.insert("allowed_ips".into(), json!(networks.to_list()));
    }
    if let Some(limits) = &patch.limits {
        out.insert("limits".into(), json!(limits));
    }
    if let Some(expires_at) = patch.expires_at {
        out.insert("expires_at".into(), json!(expires_at));
    }
    out.into()
}

/// A project as an event tells it.
pub(crate) fn project(project: &Project) -> Value {
    json!({
        "name": project.name.as_str(),
        "default_lifetime_seconds": project.default_lifetime.map(|span| span.as_secs()),
        "max_lifetime_seconds": project.max_lifetime.map(|span| span.as_secs()),
    })
}
