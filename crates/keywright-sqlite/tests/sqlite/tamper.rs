//! Somebody can write to the database, and has no pepper: whatever they change is noticed.

use crate::place::Place;
use crate::scene::Scene;
use keywright_core::keys::{KeyPatch, Material, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::scopes::Scopes;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_testkit::{START, wanted};
use rusqlite::Connection;
use rusqlite::types::Value;

/// What is sealed, and what isn't, table by table. `n` is only a place: what refers to it is sealed.
const UNSEALED: &[(&str, &[&str])] = &[
    ("keys", &["n", "name", "metadata", "admin", "revoked"]),
    ("versions", &["n"]),
    ("projects", &["n", "name"]),
    ("accounts", &["n", "name"]),
    ("idempotency", &[]),
    ("foreign_schemes", &[]),
    ("audit", &[]),
];

/// Names and types of a table's stored columns.
fn columns(raw: &Connection, table: &str) -> Vec<(String, String)> {
    let mut statement = raw.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(1)?, row.get(2)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// Values to put in place of `old`, some of which look quite right.
fn others(raw: &Connection, table: &str, column: &str, kind: &str, old: &Value) -> Vec<Value> {
    let sql = format!("SELECT DISTINCT {column} FROM {table} LIMIT 5");
    let mut out: Vec<Value> = {
        let mut statement = raw.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    out.push(Value::Null);
    match (kind, old) {
        ("INTEGER", Value::Integer(number)) => {
            out.extend([number + 1, number - 1, 0, i64::MAX].map(Value::Integer));
        }
        ("INTEGER", _) => out.push(Value::Integer(START)),
        ("TEXT", Value::Text(text)) => {
            out.push(Value::Text(format!("{text}x")));
            out.push(Value::Text(String::new()));
            out.push(Value::Text(text.chars().rev().collect()));
            for word in [
                "active",
                "disabled",
                "revoked",
                "admin",
                "test",
                "[]",
                "[\"admin\"]",
                "zz",
            ] {
                out.push(Value::Text(word.to_owned()));
            }
        }
        ("TEXT", _) => out.push(Value::Text("[\"read\"]".to_owned())),
        ("BLOB", Value::Blob(bytes)) => {
            for place in [0, bytes.len() / 2, bytes.len() - 1] {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1;
                out.push(Value::Blob(flipped));
            }
            out.push(Value::Blob(bytes[..bytes.len() - 1].to_vec()));
            out.push(Value::Blob(Vec::new()));
        }
        _ => out.push(Value::Blob(vec![1; 33])),
    }
    out.retain(|value| value != old);
    out
}

#[test]
fn every_change_of_every_sealed_column_is_noticed() {
    let scene = Scene::new();
    let raw = scene.raw();
    assert!(!scene.is_noticed());
    let mut tried = 0;
    for (table, unsealed) in UNSEALED {
        for (column, kind) in columns(&raw, table) {
            if unsealed.contains(&column.as_str()) {
                continue;
            }
            // The victim's own row: its key is the first, its version too, and so on.
            let place: String = raw
                .query_row(
                    &format!("SELECT {column} IS NULL FROM {table} LIMIT 1"),
                    [],
                    |_| Ok(String::new()),
                )
                .unwrap();
            assert!(place.is_empty());
            let row = row_of_victim(table);
            let old: Value = raw
                .query_row(
                    &format!("SELECT {column} FROM {table} WHERE {row}"),
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            for other in others(&raw, table, &column, &kind, &old) {
                let set = format!("UPDATE {table} SET {column} = ?1 WHERE {row}");
                raw.execute_batch("BEGIN IMMEDIATE").unwrap();
                let kept = format!("CREATE TEMP TABLE kept AS SELECT * FROM {table}");
                raw.execute_batch(&kept).unwrap();
                // NOT NULL, UNIQUE and the types refuse some of them.
                let Ok(1) = raw.execute(&set, [&other]) else {
                    raw.execute_batch("ROLLBACK").unwrap();
                    continue;
                };
                raw.execute_batch("COMMIT").unwrap();
                assert!(scene.is_noticed(), "{table}.{column}: {old:?} -> {other:?}");
                let verdict = scene.store.verify(&scene.key.secret);
                let touches_key = matches!(*table, "keys" | "versions");
                assert!(
                    !touches_key || verdict != Ok(VerifyCode::Valid),
                    "{table}.{column}"
                );
                tried += 1;
                put_back(&raw, table);
                assert!(!scene.is_noticed(), "{table}.{column} was not put back");
            }
        }
    }
    assert!(tried > 250, "only {tried} changes were tried");
}

fn row_of_victim(table: &str) -> &'static str {
    match table {
        "keys" => "name = 'victim'",
        "versions" => "key_n = (SELECT n FROM keys WHERE name = 'victim')",
        "accounts" => "name = 'anna'",
        "idempotency" => {
            "key_hash = x'0101010101010101010101010101010101010101010101010101010101010101'"
        }
        "foreign_schemes" => "name = 'hmac-sha256:00'",
        "audit" => "seq = 3",
        _ => "n = 1",
    }
}

/// Takes all rows of a table back to what they were.
fn put_back(raw: &Connection, table: &str) {
    let names: Vec<String> = columns(raw, table)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let names = names.join(", ");
    raw.execute_batch(&format!(
        "BEGIN IMMEDIATE; DELETE FROM {table}; INSERT INTO {table} ({names}) SELECT {names} FROM kept; \
         DROP TABLE kept; COMMIT;"
    ))
    .unwrap();
}

#[test]
fn what_is_not_sealed_can_be_changed_and_harms_nothing() {
    let scene = Scene::new();
    scene
        .raw()
        .execute_batch("UPDATE keys SET name = 'other', metadata = '{\"a\":\"b\"}'")
        .unwrap();
    assert!(!scene.is_noticed());
    assert_eq!(
        scene.store.verify(&scene.key.secret),
        Ok(VerifyCode::IpNotAllowed)
    );
}

#[test]
fn a_secret_cannot_be_moved_to_another_key() {
    let scene = Scene::new();
    let raw = scene.raw();
    // The victim's holder would have what the decoy may do.
    raw.execute_batch("UPDATE versions SET key_n = key_n + 100, number = number + 10;")
        .unwrap();
    raw.execute_batch(
        "UPDATE versions SET number = number - 10, key_n = CASE key_n \
         WHEN 100 + (SELECT n FROM keys WHERE name = 'victim') THEN (SELECT n FROM keys WHERE name = 'decoy') \
         ELSE (SELECT n FROM keys WHERE name = 'victim') END",
    )
    .unwrap();
    assert_eq!(
        scene.store.find(&scene.key.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
}

#[test]
fn rows_of_another_store_with_the_same_pepper_are_no_good() {
    let (scene, other) = (Scene::new(), Place::new());
    let theirs = other.open(77);
    let key = theirs.issue(&wanted("planted"));
    drop(theirs);
    scene
        .raw()
        .execute_batch(&format!(
            "ATTACH '{}' AS other; \
             INSERT INTO keys ({KEY}) SELECT {KEY} FROM other.keys; \
             INSERT INTO versions ({VERSION}, key_n) \
             SELECT {VERSION}, (SELECT max(n) FROM main.keys) FROM other.versions; \
             DETACH other",
            other.path().display(),
            KEY = "id, row_version, project_id, owner_kind, owner_id, class, brand, name, state, created_at, seal",
            VERSION = "id, number, row_version, locator, digest, peppers, redacted_value, created_at, \
                       unconfirmed, seal",
        ))
        .unwrap();
    assert_eq!(
        scene.store.find(&key.secret).unwrap_err().code,
        ErrorCode::Tampered
    );
}

#[test]
fn a_tampered_row_is_never_sealed_anew() {
    let scene = Scene::new();
    let raw = scene.raw();
    raw.execute_batch("UPDATE keys SET scopes = NULL WHERE name = 'victim'")
        .unwrap();
    let refused = scene
        .store
        .change(scene.key.id(), Command::Disable)
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::Tampered);
    assert!(refused.message.contains(&scene.key.id().to_string()) && refused.hint.is_some());
    let before = scene.key.it.key.clone();
    let patch = KeyPatch {
        scopes: Some(Scopes::All),
        ..KeyPatch::default()
    };
    let written = scene.store.write(move |tx| tx.patch_key(&before, &patch));
    assert_eq!(written.unwrap_err().code, ErrorCode::Tampered);
    assert!(scene.is_noticed());
}

#[test]
fn events_cannot_be_taken_from_the_end_of_the_trail() {
    let scene = Scene::new();
    let raw = scene.raw();
    raw.execute_batch("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)")
        .unwrap();
    assert!(scene.is_noticed());
    raw.execute_batch("DELETE FROM audit; DELETE FROM meta WHERE name = 'last_event'")
        .unwrap();
    assert!(scene.is_noticed());
    let refused = scene.store.create(&wanted("more")).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Tampered);
}

#[test]
fn triggers_and_views_do_nothing() {
    let scene = Scene::new();
    scene
        .raw()
        .execute_batch(
            "CREATE TRIGGER undo AFTER UPDATE ON keys BEGIN \
             UPDATE keys SET state = 'active' WHERE n = new.n; END; \
             CREATE TRIGGER forget AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END;",
        )
        .unwrap();
    scene
        .store
        .change(
            scene.key.id(),
            Command::Revoke(RevocationReason::Unspecified),
        )
        .unwrap();
    assert_eq!(
        scene.store.verify(&scene.key.secret),
        Ok(VerifyCode::Revoked)
    );
}

#[test]
fn whose_store_it_is_cannot_be_changed() {
    for change in [
        "UPDATE meta SET value = 'acme' WHERE name = 'brand'",
        "UPDATE meta SET value = 'store_00000000000000000000000000000000' WHERE name = 'store_id'",
        "DELETE FROM meta WHERE name = 'identity'",
    ] {
        let scene = Scene::new();
        scene.raw().execute_batch(change).unwrap();
        let Scene { place, store, .. } = scene;
        drop(store);
        assert_eq!(place.refusal().code, ErrorCode::Tampered, "{change}");
    }
}

#[test]
fn no_message_repeats_what_somebody_wrote_into_a_row() {
    let scene = Scene::new();
    let secret = scene.key.secret.reveal().to_owned();
    scene
        .raw()
        .execute("UPDATE keys SET id = ?1 WHERE name = 'victim'", [&secret])
        .unwrap();
    for answer in scene.ask_all() {
        if let Err(error) = answer {
            let tail = &secret[secret.len() - 20..];
            assert!(!format!("{error:?}").contains(tail), "{error:?}");
        }
    }
    assert!(matches!(
        scene.key.it.versions[0].material,
        Material::Digest { .. }
    ));
}

#[test]
fn a_tampered_row_stands_in_nobody_elses_way() {
    // An unknown locator reads its neighbour's row, to take as long as a known one.
    let scene = Scene::new();
    scene
        .raw()
        .execute_batch("UPDATE versions SET unconfirmed = 1 - unconfirmed")
        .unwrap();
    for _ in 0..20 {
        let (secret, _) = scene.store.secret(keywright_core::secret::Class::Live);
        assert_eq!(scene.store.find(&secret), Ok(None));
    }
    assert!(scene.store.find(&scene.key.secret).is_err());
}
