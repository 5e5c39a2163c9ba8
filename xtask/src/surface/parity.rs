//! `tests/surface/parity.toml`: each method by its one name, and what it is called
//! in each language, or why it is absent there.
//!
//! ```toml
//! [KeyManager]
//! create = {}                                  # create in all; camelCase in Node, Kotlin and Swift
//! verify_now = { python = { absent = "why" }, node = "verifySync" }
//! ```
//!
//! Where a language has a class twice (Python's `Async…`, Kotlin's `Blocking…`), both have the same names.

use std::collections::BTreeSet;
use std::fs;

use toml::{Table, Value};

use super::committed;
use crate::process::at;

const FILE: &str = "tests/surface/parity.toml";

/// How a language writes a method of a class.
struct Style {
    language: &'static str,
    prefix: &'static str,
    separator: &'static str,
    camel: bool,
    /// What the language itself gives a meaning.
    own: &'static [&'static str],
    /// What the name of a class's twin begins with, and the names that only one of both has.
    twin: Option<(&'static str, &'static [&'static str])>,
}

const STYLES: &[Style] = &[
    Style {
        language: "rust",
        prefix: "keywright::",
        separator: "::",
        camel: false,
        own: &[],
        twin: None,
    },
    Style {
        language: "python",
        prefix: "keywright.",
        separator: ".",
        camel: false,
        own: &[],
        // What `async with` closes by, under the name that people look for.
        twin: Some(("Async", &["aclose"])),
    },
    Style {
        language: "node",
        prefix: "keywright.",
        separator: ".",
        camel: true,
        own: &["constructor"],
        twin: None,
    },
    Style {
        language: "kotlin",
        prefix: "dev.keywright.",
        separator: ".",
        camel: true,
        own: &["constructor", "toString", "component1", "component2"],
        // What waits needs no second way to close, and a constant is there once.
        twin: Some(("Blocking", &["shutDown", "PEPPER_NAME"])),
    },
    Style {
        language: "swift",
        prefix: "Keywright.",
        separator: ".",
        camel: true,
        own: &["init", "description", "debugDescription", "customMirror"],
        twin: None,
    },
];

/// Compares the file with the lists, in both directions.
pub(super) fn check() -> Result<String, String> {
    let text =
        fs::read_to_string(at(FILE)).map_err(|error| format!("{FILE} can't be read: {error}"))?;
    let table: Table = text.parse().map_err(|error| format!("{FILE}: {error}"))?;
    let mut wrong = Vec::new();
    for style in STYLES {
        wrong.extend(faults(&table, style, &committed(style.language)?));
    }
    let names: usize = table
        .values()
        .filter_map(Value::as_table)
        .map(Table::len)
        .sum();
    if wrong.is_empty() {
        Ok(format!("parity of {names} names"))
    } else {
        Err(format!("{FILE}:\n{}", wrong.join("\n")))
    }
}

fn faults(table: &Table, style: &Style, lines: &BTreeSet<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (class, methods) in table {
        let start = format!("{}{class}{}", style.prefix, style.separator);
        let there = members(&start, style, lines);
        let mut named: BTreeSet<String> = BTreeSet::new();
        for (method, entry) in methods.as_table().into_iter().flatten() {
            let ours = entry.get(style.language);
            let absent = ours
                .and_then(|value| value.get("absent"))
                .and_then(Value::as_str);
            if let Some(reason) = absent {
                if reason.trim().is_empty() {
                    wrong.push(format!(
                        "{class}.{method} is absent in {} without a reason",
                        style.language
                    ));
                }
                continue;
            }
            let usual = if style.camel {
                camel(method)
            } else {
                method.clone()
            };
            let name = ours.and_then(Value::as_str).map_or(usual, str::to_owned);
            if !there.contains(name.as_str()) {
                wrong.push(format!(
                    "{} has no {start}{name}; say why it is absent",
                    style.language
                ));
            }
            named.insert(name);
        }
        wrong.extend(twins(class, &there, style, lines));
        for name in there.iter().filter(|name| !named.contains(**name)) {
            wrong.push(format!(
                "{} has {start}{name}, which {FILE} does not name",
                style.language
            ));
        }
    }
    wrong
}

/// What is listed of a class, without what the language itself gives a meaning.
fn members<'a>(start: &str, style: &Style, lines: &'a BTreeSet<String>) -> BTreeSet<&'a str> {
    lines
        .iter()
        .filter_map(|line| line.strip_prefix(start)?.split(": ").next())
        .filter(|name| !name.starts_with("__") && !name.starts_with('['))
        .filter(|name| !style.own.contains(name))
        .collect()
}

/// The names that one of two twins has and the other lacks.
fn twins(
    class: &str,
    there: &BTreeSet<&str>,
    style: &Style,
    lines: &BTreeSet<String>,
) -> Vec<String> {
    let Some((before, one_only)) = style.twin else {
        return Vec::new();
    };
    let start = format!("{}{before}{class}{}", style.prefix, style.separator);
    let twin = members(&start, style, lines);
    if twin.is_empty() {
        return Vec::new();
    }
    let differ = |name: &&str| format!("{name} is in one of {class} and {before}{class} only");
    let names = there.symmetric_difference(&twin);
    names
        .filter(|name| !one_only.contains(name))
        .map(differ)
        .collect()
}

/// `verify_audit` → `verifyAudit`.
fn camel(name: &str) -> String {
    let mut upper = false;
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter == '_' {
            upper = true;
        } else if std::mem::take(&mut upper) {
            text.extend(letter.to_uppercase());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(names: &[&str]) -> BTreeSet<String> {
        names
            .iter()
            .map(|name| format!("{name}: something"))
            .collect()
    }

    const NODE: &Style = &STYLES[2];

    #[test]
    fn names_follow_the_languages_case() {
        let table: Table = "[KeyManager]\nverify_audit = {}".parse().unwrap();
        assert_eq!(
            faults(&table, NODE, &lines(&["keywright.KeyManager.verifyAudit"])),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_method_that_is_missing_or_not_named_is_a_fault() {
        let table: Table = "[KeyManager]\ncreate = {}\nrotate = {}".parse().unwrap();
        let wrong = faults(
            &table,
            NODE,
            &lines(&["keywright.KeyManager.create", "keywright.KeyManager.extra"]),
        );
        assert_eq!(wrong.len(), 2, "{wrong:?}");
    }

    #[test]
    fn an_absent_method_needs_a_reason() {
        let table: Table = "[K]\na = { node = { absent = '' } }\nb = { node = { absent = 'why' } }"
            .parse()
            .unwrap();
        assert_eq!(faults(&table, NODE, &lines(&[])).len(), 1);
    }

    #[test]
    fn twins_have_the_same_names() {
        let table: Table = "[K]\na = {}".parse().unwrap();
        let python = &STYLES[1];
        let both = [
            "keywright.K.a",
            "keywright.AsyncK.a",
            "keywright.AsyncK.aclose",
        ];
        assert_eq!(faults(&table, python, &lines(&both)), Vec::<String>::new());
        let more = ["keywright.K.a", "keywright.AsyncK.a", "keywright.AsyncK.b"];
        assert_eq!(faults(&table, python, &lines(&more)).len(), 1);
    }

    #[test]
    fn another_name_can_be_given() {
        let table: Table = "[K]\nverify_now = { node = 'verifySync' }".parse().unwrap();
        assert_eq!(
            faults(&table, NODE, &lines(&["keywright.K.verifySync"])),
            Vec::<String>::new()
        );
    }
}
