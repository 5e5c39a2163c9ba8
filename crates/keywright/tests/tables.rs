//! The tables of errors and verify codes that every language is tested against, and the page that
//! is made from them, are those of the library. `KEYWRIGHT_UPDATE=1 cargo test -p keywright --test
//! tables` writes them anew.

#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use keywright::{ErrorCode, VerifyCode};
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;
use std::path::Path;

fn vectors() -> Value {
    let errors: Vec<_> = ErrorCode::ALL
        .iter()
        .map(|code| {
            json!({
                "code": code.as_str(),
                "http": code.http_status(),
                "exit": code.exit_status(),
                "class": code.class_name(),
                "meaning": code.meaning(),
            })
        })
        .collect();
    let verify: Vec<_> = VerifyCode::ALL
        .iter()
        .map(|code| {
            json!({
                "code": code.as_str(),
                "http": code.http_status(),
                "wire": code.wire_code(),
                "meaning": code.meaning(),
            })
        })
        .collect();
    json!({ "errors": errors, "verify": verify })
}

fn page() -> String {
    let mut out = String::from(
        "# Errors and verify codes\n\n\
         <!-- Made from the tables in the library; `cargo test -p keywright --test tables` says how. -->\n\n\
         The same in every language. Branch on `code`; messages may change. An error says in `message` what\n\
         happened, in `hint` what to do next, and in `key_id` which key it is about, where that is known. It\n\
         never holds a secret.\n\n\
         ## Errors\n\n\
         `class` is the exception's name in Python and Node, always a subclass of `KeywrightError`; in Kotlin\n\
         `NotFoundError` is `KeywrightException.NotFound`, in Swift `KeywrightError.notFound`. `exit` is the exit\n\
         status of the `keywright` command.\n\n\
         | code | class | HTTP | exit | |\n|---|---|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        let _ = writeln!(
            out,
            "| `{code}` | `{}` | {} | {} | {} |",
            code.class_name(),
            code.http_status(),
            code.exit_status(),
            code.meaning(),
        );
    }
    out.push_str(
        "\nThe `keywright` command has two more of its own: `confirmation_required` (2), where a question would\n\
         have to be asked before something that can't be undone and there is no terminal to ask, and `io_error`\n\
         (6), where a file, a pipe or the terminal failed. Under `--output json` each line on standard error is\n\
         an object with one field: `error`, the last one where there is one, `warning` (`message`, `hint`) or\n\
         `log` (`level`, `message`, `code`, `key_id`).\n\
         \n## Verify codes\n\n\
         A bad key is a result and not an error: `verify` gives one of these. The precise code is for the\n\
         application and its log. On a public wire `error.code` is the one in the column `wire`, and all 401\n\
         answers are the same bytes, with `expired_api_key` as the only exception. A 429 carries `Retry-After`\n\
         where waiting helps.\n\n\
         | code | HTTP | wire | |\n|---|---|---|---|\n",
    );
    for code in VerifyCode::ALL {
        let wire = code
            .wire_code()
            .map_or_else(|| "–".to_owned(), |wire| format!("`{wire}`"));
        let _ = writeln!(
            out,
            "| `{code}` | {} | {wire} | {} |",
            code.http_status(),
            code.meaning()
        );
    }
    out
}

/// What a file holds, written anew first where that was asked for.
fn committed(path: &str, wanted: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    if std::env::var_os("KEYWRIGHT_UPDATE").is_some() {
        fs::write(&file, wanted).unwrap();
    }
    fs::read_to_string(&file).unwrap_or_default()
}

const UPDATE: &str = "run KEYWRIGHT_UPDATE=1 cargo test -p keywright --test tables";

#[test]
fn the_shared_table_is_the_librarys() {
    let wanted = vectors();
    let text = serde_json::to_string_pretty(&wanted).unwrap() + "\n";
    let there: Value =
        serde_json::from_str(&committed("tests/vectors/errors.json", &text)).unwrap_or_default();
    assert!(there == wanted, "tests/vectors/errors.json: {UPDATE}");
}

#[test]
fn the_page_is_made_from_the_table() {
    let wanted = page();
    assert!(
        committed("docs/errors.md", &wanted) == wanted,
        "docs/errors.md: {UPDATE}"
    );
}

#[test]
fn the_verify_table_is_the_one_that_was_promised() {
    let promised = [
        ("valid", 200, None),
        ("malformed", 401, Some("invalid_api_key")),
        ("not_found", 401, Some("invalid_api_key")),
        ("disabled", 401, Some("invalid_api_key")),
        ("revoked", 401, Some("invalid_api_key")),
        ("compromised", 401, Some("invalid_api_key")),
        ("expired", 401, Some("expired_api_key")),
        ("wrong_class", 401, Some("invalid_api_key")),
        ("insufficient_scope", 403, Some("insufficient_permissions")),
        ("ip_not_allowed", 403, Some("ip_not_allowed")),
        ("rate_limited", 429, Some("rate_limit_exceeded")),
        ("usage_exceeded", 429, Some("insufficient_quota")),
        ("budget_exceeded", 429, Some("insufficient_quota")),
        ("unavailable", 503, Some("service_unavailable")),
    ];
    let there: Vec<_> = VerifyCode::ALL
        .iter()
        .map(|code| (code.as_str(), code.http_status(), code.wire_code()))
        .collect();
    assert_eq!(there, promised);
    assert!(
        VerifyCode::ALL
            .iter()
            .all(|code| code.is_valid() == (code.as_str() == "valid"))
    );
}
