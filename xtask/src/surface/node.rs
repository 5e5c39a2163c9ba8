//! The public surface of the Node package, from the declaration files that its
//! `package.json` exports.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::declarations::{Statement, members, statements};
use crate::process::at;

/// One line for each exported name and member.
pub(super) fn list() -> Result<BTreeSet<String>, String> {
    let package: Value = serde_json::from_str(&read(&at("node/package.json"))?)
        .map_err(|error| format!("node/package.json: {error}"))?;
    let mut lines = BTreeSet::new();
    for (door, target) in package["exports"].as_object().into_iter().flatten() {
        if let Some(types) = types(target) {
            let name = door.replacen('.', "keywright", 1);
            module(&at("node").join(types), &name, None, &mut lines)?;
        }
    }
    if lines.is_empty() {
        Err("node/package.json exports no types".to_owned())
    } else {
        Ok(lines)
    }
}

/// The declaration file of a door: that of `require`, where it differs from that of `import`.
fn types(target: &Value) -> Option<&str> {
    let inner = target.get("require").filter(|inner| inner.is_object());
    inner
        .and_then(types)
        .or_else(|| target["types"].as_str())
        .or_else(|| target.get("import").and_then(types))
}

/// Writes what a file exports; `only` renames and narrows: (name there, name here).
fn module(
    file: &Path,
    name: &str,
    only: Option<&[(String, String)]>,
    lines: &mut BTreeSet<String>,
) -> Result<(), String> {
    let here = |inner: &str| match only {
        None => Some(inner.to_owned()),
        Some(pairs) => pairs
            .iter()
            .find(|(there, _)| there == inner)
            .map(|(_, here)| here.clone()),
    };
    for statement in statements(&read(file)?) {
        match statement {
            Statement::All { from } => module(&beside(file, &from), name, only, lines)?,
            Statement::Some { names, from } => {
                let pairs: Vec<(String, String)> = names
                    .into_iter()
                    .filter_map(|(there, own)| Some((there, here(&own)?)))
                    .collect();
                match from {
                    Some(from) if from.starts_with('.') => {
                        module(&beside(file, &from), name, Some(&pairs), lines)?;
                    }
                    Some(from) => lines.extend(
                        pairs
                            .iter()
                            .map(|(_, own)| format!("{name}.{own}: from {from}")),
                    ),
                    // A list without a source passes on what was declared or imported here.
                    None => local(file, name, &pairs, lines)?,
                }
            }
            Statement::Declared {
                name: own,
                head,
                body,
                exported: true,
            } => {
                if let Some(own) = here(&own) {
                    declared(&format!("{name}.{own}"), &head, body.as_deref(), lines);
                }
            }
            Statement::Declared { .. } | Statement::Imported { .. } => {}
        }
    }
    Ok(())
}

/// `export { A, B as C };`: declarations of this file, or what it imports.
fn local(
    file: &Path,
    name: &str,
    pairs: &[(String, String)],
    lines: &mut BTreeSet<String>,
) -> Result<(), String> {
    for statement in statements(&read(file)?) {
        match statement {
            Statement::Declared {
                name: own,
                head,
                body,
                ..
            } => {
                for (_, here) in pairs.iter().filter(|(there, _)| *there == own) {
                    declared(&format!("{name}.{here}"), &head, body.as_deref(), lines);
                }
            }
            Statement::Imported { names, from } if from.starts_with('.') => {
                let wanted: Vec<(String, String)> = names
                    .iter()
                    .filter_map(|(there, own)| {
                        let (_, here) = pairs.iter().find(|(inner, _)| inner == own)?;
                        Some((there.clone(), here.clone()))
                    })
                    .collect();
                if !wanted.is_empty() {
                    module(&beside(file, &from), name, Some(&wanted), lines)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn declared(path: &str, head: &str, body: Option<&str>, lines: &mut BTreeSet<String>) {
    lines.insert(format!("{path}: {head}"));
    for (member, text) in body.map(members).unwrap_or_default() {
        lines.insert(format!("{path}.{member}: {text}"));
    }
}

/// The declaration file of a module that is named from another.
fn beside(file: &Path, from: &str) -> PathBuf {
    let folder = file.parent().unwrap_or(file);
    let stem = from
        .trim_end_matches(".js")
        .trim_end_matches(".cjs")
        .trim_end_matches(".mjs");
    let ending = match from.rsplit('.').next() {
        Some("cjs") => "d.cts",
        Some("mjs") => "d.mts",
        _ => "d.ts",
    };
    folder.join(format!("{stem}.{ending}"))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} can't be read: {error}", path.display()))
}
