//! How SQLite goes about the statements that must stay fast: by index, and without sorting.

use crate::{codec, connect, list, rows, schema, session, touch};
use keywright_core::ids::{KeyId, ProjectId};
use keywright_core::keys::KeyStatus;
use keywright_core::owner::Owner;
use keywright_core::random::SeededRandom;
use keywright_core::store::{EventQuery, KeyQuery};
use keywright_core::time::Timestamp;
use rusqlite::Connection;
use std::sync::LazyLock;
use tempfile::TempDir;

/// The steps of a statement's plan.
fn plan(sql: &str) -> Vec<String> {
    static EMPTY: LazyLock<TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("plan.db")).unwrap();
        connection.execute_batch("BEGIN").unwrap();
        connection.execute_batch(schema::CREATE).unwrap();
        connection.execute_batch("COMMIT").unwrap();
        folder
    });
    // With the settings of a real connection: they change plans.
    let connection = connect::writer(&EMPTY.path().join("plan.db")).unwrap();
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    let count = statement.parameter_count();
    let steps = statement
        .query_map(
            rusqlite::params_from_iter(vec![rusqlite::types::Null; count]),
            |row| row.get(3),
        )
        .unwrap();
    steps.map(Result::unwrap).collect()
}

/// Asserts that every step is a look-up in an index, and that one of them is this one.
fn looks_up(sql: &str, index: &str) {
    let steps = plan(sql);
    assert!(
        steps.iter().all(|step| !step.contains("SCAN")),
        "{steps:#?}"
    );
    assert!(
        steps.iter().all(|step| !step.contains("TEMP B-TREE")),
        "{steps:#?}"
    );
    assert!(steps.iter().any(|step| step.contains(index)), "{steps:#?}");
}

#[test]
fn a_presented_secret_is_looked_up() {
    looks_up(
        session::FROM_LOCATOR,
        "sqlite_autoindex_versions_2 (locator>?)",
    );
    looks_up(session::BY_LOOKUP, "versions_by_lookup (lookup=?)");
    looks_up(rows::LOOKUP_FROM, "versions_by_lookup (lookup>?)");
    let steps = plan(session::FROM_LOCATOR);
    assert_eq!(steps.len(), 3, "{steps:#?}");
    assert_eq!(
        steps
            .iter()
            .filter(|step| step.contains("INTEGER PRIMARY KEY"))
            .count(),
        2
    );
}

#[test]
fn a_key_and_its_versions_are_looked_up() {
    looks_up(rows::KEY_BY_ID, "sqlite_autoindex_keys_1 (id=?)");
    looks_up(
        rows::VERSIONS_BY_KEY,
        "sqlite_autoindex_versions_3 (key_n=?)",
    );
    looks_up(
        rows::DAILY_USES_BY_KEY,
        "sqlite_autoindex_versions_3 (key_n=?)",
    );
    looks_up(touch::USES_SO_FAR, "sqlite_autoindex_versions_1 (id=?)");
    looks_up(rows::IDEMPOTENCY_BY_HASH, "key_hash=?");
    looks_up(
        rows::ACCOUNTS_OF_PROJECT,
        "accounts_by_project (kind=? AND project_id=?)",
    );
}

#[test]
fn lists_of_keys_walk_an_index_in_order() {
    let random = SeededRandom::new(1);
    let project = Some(ProjectId::generate(&random).unwrap());
    let owner = Some(Owner::External("cust_42".to_owned()));
    let after = Some(KeyId::generate(&random).unwrap());
    let lists = |query: KeyQuery| {
        let now = Timestamp::from_unix(0).unwrap();
        let plain = list::keys(
            &KeyQuery {
                after,
                ..query.clone()
            },
            now,
            5,
        )
        .0;
        let active = KeyQuery {
            status: Some(KeyStatus::Active),
            ..query.clone()
        };
        let revoked = KeyQuery {
            status: Some(KeyStatus::Revoked),
            ..query.clone()
        };
        let oldest = KeyQuery {
            oldest_first: true,
            ..query.clone()
        };
        let all = KeyQuery {
            include_revoked: true,
            ..query
        };
        [
            plain,
            list::keys(&active, now, 5).0,
            list::keys(&revoked, now, 5).0,
            list::keys(&all, now, 5).0,
            list::keys(&oldest, now, 5).0,
        ]
    };
    for sql in lists(KeyQuery::default()) {
        looks_up(&sql, "keys_by_kind (admin=? AND revoked=?");
    }
    for sql in lists(KeyQuery {
        project,
        ..KeyQuery::default()
    }) {
        looks_up(
            &sql,
            "keys_by_project (project_id=? AND admin=? AND revoked=?",
        );
    }
    for sql in lists(KeyQuery {
        owner: owner.clone(),
        ..KeyQuery::default()
    }) {
        looks_up(
            &sql,
            "keys_by_owner (owner_id=? AND owner_kind=? AND admin=? AND revoked=?",
        );
    }
    for sql in lists(KeyQuery {
        owner,
        project,
        ..KeyQuery::default()
    }) {
        looks_up(&sql, "keys_by_");
    }
}

#[test]
fn lists_of_events_walk_an_index_in_order() {
    looks_up(
        &list::events(&EventQuery::default()).0,
        "INTEGER PRIMARY KEY (rowid>?)",
    );
    let newest = EventQuery {
        newest_first: true,
        ..EventQuery::default()
    };
    looks_up(&list::events(&newest).0, "INTEGER PRIMARY KEY (rowid>?)");
    let object = EventQuery {
        object_ids: vec!["key".to_owned()],
        ..EventQuery::default()
    };
    looks_up(
        &list::events(&object).0,
        "audit_by_object (object_id=? AND rowid>?)",
    );
}

#[test]
fn all_that_is_written_of_daily_uses_is_read() {
    let most = keywright_core::daily::MOST_BYTES.to_string();
    assert!(codec::daily_column!().contains(&format!("<= {most} ")));
}

#[test]
fn the_number_of_a_keys_columns_is_right() {
    assert_eq!(codec::key_columns!().split(',').count(), codec::KEY_COLUMNS);
}
