//! `import` and `export`.

use crate::sandbox::Sandbox;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// SHA-256 of `old-secret-1`.
const HASHED: &str = r#"{"name":"hashed","hash_format":"sha256","hash":"HASH","owner":"cust_1"}"#;

fn sha256(text: &str) -> String {
    let here = Sandbox::new();
    here.write("text", text);
    let mut command = here.command("sha256sum");
    let ran = crate::sandbox::Ran::of(command.arg("text"), b"");
    ran.out.split(' ').next().unwrap().to_owned()
}

#[test]
fn imported_secrets_go_on_being_good() {
    let here = Sandbox::new();
    let lines = format!(
        "{}\n\n{}\n",
        HASHED.replace("HASH", &sha256("old-secret-1")),
        r#"{"name":"raw","secret":"old-secret-2"}"#
    );
    here.write("keys.jsonl", lines);
    assert_eq!(here.ok(&["import", "keys.jsonl"]), "imported 2 keys\n");
    for secret in ["old-secret-1", "old-secret-2"] {
        assert_eq!(here.code(secret, &[]), "valid");
        assert_eq!(
            here.code(secret, &[]),
            "valid",
            "also after it was upgraded"
        );
    }
    assert_eq!(here.code("old-secret-3", &[]), "not_found");
    assert_eq!(
        here.json(&["list", "--owner", "cust_1"])["data"][0]["name"],
        "hashed"
    );
}

#[test]
fn lines_that_are_refused_are_named_and_the_others_taken() {
    let here = Sandbox::new();
    let lines = b"{\"name\":\"a\",\"secret\":\"old-secret-1\"}\nhunter2\n\n{\"name\":\"b\"}\n\xff\n{\"name\":\"c\",\"secret\":\"old-secret-1\"}\n{\"name\":\"d\",\"secret\":\"old-secret-2\"}";
    let ran = here.feed(&["import", "-"], lines);
    assert_eq!(ran.status, 4, "{ran:?}");
    assert_eq!(ran.out, "imported 2 keys, refused 4 lines\n");
    for line in ["line 2: ", "line 4: ", "line 5: ", "line 6: "] {
        assert!(ran.err.contains(line), "{ran:?}");
    }
    assert!(
        !ran.err.contains("hunter2") && !ran.err.contains("old-secret"),
        "{ran:?}"
    );
    let ran = here.feed(&["--output", "json", "import", "-"], lines);
    assert_eq!(ran.status, 4);
    let told = ran.json();
    assert_eq!(
        (&told["object"], &told["imported"]),
        (&json!("import"), &json!(0))
    );
    assert_eq!(told["refused"][0]["line"], 1);
    assert_eq!(told["refused"][0]["code"], "already_exists");
    assert_eq!(ran.err, "");
}

#[test]
fn an_import_of_many_lines_comes_in_batches() {
    use std::fmt::Write;
    let here = Sandbox::new();
    let mut lines = String::new();
    for number in 0..1203 {
        writeln!(
            lines,
            r#"{{"name":"key {number}","secret":"old-secret-{number:05}"}}"#
        )
        .unwrap();
    }
    lines += "nonsense\n";
    let ran = here.feed(&["import", "-"], lines.as_bytes());
    assert_eq!(
        (ran.status, ran.out.as_str()),
        (4, "imported 1,203 keys, refused 1 line\n")
    );
    assert!(ran.err.contains("line 1204: "), "{ran:?}");
    assert_eq!(here.code("old-secret-01202", &[]), "valid");
}

#[test]
fn a_file_that_is_not_there_is_wrong_usage_and_makes_no_store() {
    let here = Sandbox::new();
    here.run(&["import", "missing.jsonl"])
        .failed(2, "missing.jsonl can't be opened");
    assert_eq!(here.folder().read_dir().unwrap().count(), 0);
}

#[test]
fn an_export_has_everything_but_secrets() {
    let here = Sandbox::new();
    here.ok(&["user", "create", "Ada"]);
    let (id, secret) = here.key(&["a"]);
    here.ok(&["admin-key", "create", "console"]);
    here.ok(&["revoke", &id, "--yes"]);
    let lines = here.ok(&["export"]);
    let mut kinds = BTreeMap::new();
    for line in lines.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        *kinds
            .entry(object["object"].as_str().unwrap().to_owned())
            .or_insert(0) += 1;
    }
    assert_eq!(
        (
            kinds["project"],
            kinds["user"],
            kinds["service_account"],
            kinds["api_key"]
        ),
        (1, 1, 1, 2)
    );
    assert!(kinds["audit_event"] >= 4);
    assert!(!lines.contains(&secret));
}
