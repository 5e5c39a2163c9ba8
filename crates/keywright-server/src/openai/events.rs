//! Events in OpenAI's form. What OpenAI has a name for has that name; the rest keeps ours.

use keywright::AuditEvent;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Types that OpenAI calls otherwise: theirs, ours.
const OTHERWISE: &[(&str, &str)] = &[
    ("api_key.deleted", "api_key.revoked"),
    ("user.added", "user.created"),
];

const PREFIX: &str = "audit_log-";

/// What stands beside events.
#[derive(Default)]
pub(super) struct Names {
    /// What projects are called.
    pub(super) projects: BTreeMap<String, String>,
    /// Keys that are admin keys.
    pub(super) admin_keys: BTreeSet<String>,
}

/// Our name for one of their types.
pub(super) fn ours(theirs: &str) -> &str {
    let found = OTHERWISE.iter().find(|(name, _)| *name == theirs);
    found.map_or(theirs, |(_, ours)| *ours)
}

fn theirs(ours: &str) -> &str {
    let found = OTHERWISE.iter().find(|(_, name)| *name == ours);
    found.map_or(ours, |(theirs, _)| *theirs)
}

/// The place in the chain that an event's id tells.
pub(super) fn place(id: &str) -> Option<u64> {
    let digits = id.strip_prefix(PREFIX)?;
    let seq: u64 = digits.parse().ok()?;
    (seq > 0 && seq.to_string() == digits).then_some(seq)
}

pub(super) fn form(event: &AuditEvent, names: &Names) -> Value {
    let event_type = theirs(&event.event_type);
    let mut form = Map::new();
    form.insert("id".to_owned(), format!("{PREFIX}{}", event.seq).into());
    form.insert("type".to_owned(), event_type.into());
    form.insert("effective_at".to_owned(), json!(event.time));
    form.insert("actor".to_owned(), actor(event));
    if let Some(id) = &event.project_id
        && !names.admin_keys.contains(&event.object_id)
    {
        let name = names.projects.get(id);
        form.insert("project".to_owned(), json!({ "id": id, "name": name }));
    }
    form.insert(event_type.to_owned(), payload(event));
    form.into()
}

/// An admin key acts by its id. Whoever else acts (`cli:alice`) is named as they named themselves.
fn actor(event: &AuditEvent) -> Value {
    let name = &event.actor;
    if name.starts_with("key_") {
        return json!({
            "type": "api_key",
            "api_key": { "id": name, "type": "service_account" },
        });
    }
    let mut session = json!({ "user": { "id": name } });
    if let Some(ip) = &event.ip {
        session["ip_address"] = json!(ip);
    }
    json!({ "type": "session", "session": session })
}

fn payload(event: &AuditEvent) -> Value {
    let after: Value = serde_json::from_str(&event.after).unwrap_or_default();
    let id = &event.object_id;
    match event.event_type.as_str() {
        "api_key.created" => {
            // All permissions are an empty list there.
            let scopes = after["scopes"].as_array().cloned().unwrap_or_default();
            json!({ "id": id, "data": { "scopes": scopes } })
        }
        "api_key.updated" => json!({ "id": id, "changes_requested": key_changes(event, &after) }),
        "project.created" => {
            let name = &after["name"];
            json!({ "id": id, "data": { "name": name, "title": name } })
        }
        "project.updated" => json!({ "id": id, "changes_requested": { "title": after["name"] } }),
        "service_account.created" => json!({ "id": id, "data": { "role": "member" } }),
        "service_account.updated" => json!({ "id": id, "changes_requested": {} }),
        _ => json!({ "id": id }),
    }
}

fn key_changes(event: &AuditEvent, after: &Value) -> Value {
    let mut changes = Map::new();
    if let Some(scopes) = after.get("scopes") {
        let scopes = scopes.as_array().cloned().unwrap_or_default();
        changes.insert("scopes".to_owned(), scopes.into());
    }
    if let Some(end) = after.get("expires_at").and_then(Value::as_i64) {
        let seconds = end.saturating_sub(event.time.unix());
        changes.insert("expires_in_seconds".to_owned(), seconds.into());
    }
    changes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_a_place_and_nothing_else_does() {
        assert_eq!(place("audit_log-7"), Some(7));
        for bad in [
            "7",
            "audit_log-",
            "audit_log-0",
            "audit_log-07",
            "audit_log-+7",
        ] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_type_that_openai_has_another_name_for_goes_there_and_back() {
        for (theirs_, ours_) in OTHERWISE {
            assert_eq!((ours(theirs_), theirs(ours_)), (*ours_, *theirs_));
        }
        assert_eq!(ours("api_key.rotated"), theirs("api_key.rotated"));
    }
}
