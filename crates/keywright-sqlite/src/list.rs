//! The statements for lists. They are put together from fixed pieces; what is asked for goes in as
//! parameters.

use crate::codec::{event_columns, integer, key_columns};
use keywright_core::audit::DONE;
use keywright_core::keys::KeyStatus;
use keywright_core::store::{EventQuery, KeyQuery};
use keywright_core::time::Timestamp;
use rusqlite::types::Value;

/// Keys that match and stand behind row `place`, in the order that is asked for.
///
/// Each index ends in `revoked`, and within one value of it rows stand in the order of their
/// creation. A list of both kinds is two such lists, which SQLite merges without sorting.
pub(crate) fn keys(query: &KeyQuery, now: Timestamp, place: i64) -> (String, Vec<Value>) {
    let mut values = Values::default();
    let (behind, order) = if query.oldest_first {
        (">", "ASC")
    } else {
        ("<", "DESC")
    };
    let mut conditions = vec![
        format!("k.n {behind} {}", values.add(place)),
        format!("k.admin = {}", values.add(i64::from(query.admin))),
    ];
    if let Some(project) = &query.project {
        conditions.push(format!(
            "k.project_id = {}",
            values.add(project.to_string())
        ));
    }
    if let Some(owner) = &query.owner {
        conditions.push(format!("k.owner_id = {}", values.add(owner.to_string())));
        conditions.push(format!(
            "k.owner_kind = {}",
            values.add(owner.kind().as_str().to_owned())
        ));
    }
    match query.status {
        Some(KeyStatus::Active) => conditions.push(format!(
            "k.state = 'active' AND (k.expires_at IS NULL OR k.expires_at > {})",
            values.add(now.unix())
        )),
        Some(KeyStatus::Expired) => conditions.push(format!(
            "k.state = 'active' AND k.expires_at <= {}",
            values.add(now.unix())
        )),
        Some(KeyStatus::Disabled) => conditions.push("k.state = 'disabled'".to_owned()),
        Some(KeyStatus::Revoked) | None => {}
    }
    if let Some(search) = &query.search {
        let wanted = values.add(search.to_ascii_lowercase());
        conditions.push(format!(
            "(instr(lower(k.name), {wanted}) OR instr(lower(k.id), {wanted}) \
             OR instr(lower(k.owner_id), {wanted}) \
             OR EXISTS (SELECT 1 FROM versions s WHERE s.key_n = k.n \
                        AND instr(lower(s.redacted_value), {wanted})))"
        ));
    }
    let conditions = conditions.join(" AND ");
    let among = |revoked: i64| {
        format!(
            concat!(
                "SELECT ",
                key_columns!(),
                ", k.n AS n FROM keys k WHERE {} AND k.revoked = {}"
            ),
            conditions, revoked
        )
    };
    let rows = match (query.status, query.include_revoked) {
        (Some(KeyStatus::Revoked), _) => among(1),
        (None, true) => format!("{} UNION ALL {}", among(0), among(1)),
        _ => among(0),
    };
    let limit = values.add(i64::from(query.limit));
    (format!("{rows} ORDER BY n {order} LIMIT {limit}"), values.0)
}

/// Events that match, in the order that is asked for.
pub(crate) fn events(query: &EventQuery) -> (String, Vec<Value>) {
    let mut values = Values::default();
    let mut conditions = vec![format!("seq > {}", values.add(integer(query.after)))];
    if let Some(before) = query.before {
        conditions.push(format!("seq < {}", values.add(integer(before))));
    }
    let projects: Vec<String> = query.projects.iter().map(ToString::to_string).collect();
    for (column, list) in [
        ("object_id", &query.object_ids),
        ("project_id", &projects),
        ("event_type", &query.event_types),
        ("actor", &query.actors),
    ] {
        if !list.is_empty() {
            let wanted: Vec<String> = list.iter().map(|it| values.add(it.clone())).collect();
            conditions.push(format!("{column} IN ({})", wanted.join(", ")));
        }
    }
    if let Some(since) = query.since {
        conditions.push(format!("time >= {}", values.add(since.unix())));
    }
    if let Some(until) = query.until {
        conditions.push(format!("time <= {}", values.add(until.unix())));
    }
    if query.done_only {
        conditions.push(format!("outcome = {}", values.add(DONE.to_owned())));
    }
    let order = if query.newest_first { "DESC" } else { "ASC" };
    let sql = format!(
        concat!(
            "SELECT ",
            event_columns!(),
            " FROM audit WHERE {} ORDER BY seq {} LIMIT {}"
        ),
        conditions.join(" AND "),
        order,
        values.add(i64::from(query.limit))
    );
    (sql, values.0)
}

/// Parameters, and the names under which a statement knows them.
#[derive(Default)]
struct Values(Vec<Value>);

impl Values {
    fn add(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("?{}", self.0.len())
    }
}
