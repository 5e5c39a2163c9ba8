//! `cargo xtask surface [--check]`: the public names and signatures of each
//! language, one list each in `tests/surface/`, taken from what is built.

mod declarations;
mod kotlin;
mod node;
mod parity;
mod rust;
mod signature;
mod swift;

use std::collections::BTreeSet;
use std::fs;

pub(crate) use rust::{AS_RUSTDOC, stand_in};

use crate::machine::{self, Prerequisite};
use crate::process::{Job, at};

/// A language, and how its list is made.
struct Language {
    name: &'static str,
    list: fn() -> Result<BTreeSet<String>, String>,
    /// What the list is made with, where not every machine can have it.
    needs: Option<&'static Prerequisite>,
}

impl Language {
    /// Why the list can't be made on this machine.
    fn hindrance(&self) -> Option<String> {
        let why = self.needs?.missing()?;
        Some(format!("{} can't be looked at here: {why}", self.name))
    }
}

const LANGUAGES: &[Language] = &[
    Language {
        name: "rust",
        list: rust::list,
        needs: None,
    },
    Language {
        name: "python",
        list: python,
        needs: None,
    },
    Language {
        name: "node",
        list: node::list,
        needs: None,
    },
    Language {
        name: "kotlin",
        list: kotlin::list,
        needs: None,
    },
    Language {
        name: "swift",
        list: swift::list,
        needs: Some(&machine::SWIFT),
    },
];

/// `cargo xtask surface`.
pub(crate) fn command(arguments: &[String]) -> Result<(), String> {
    match arguments {
        [] => write(),
        [word] if word == "--check" => check().map(|notes| println!("{}", notes.join("; "))),
        _ => Err("usage: cargo xtask surface [--check]".to_owned()),
    }
}

/// Writes the lists, then says what the parity file makes of them.
fn write() -> Result<(), String> {
    for language in LANGUAGES {
        if let Some(why) = language.hindrance() {
            println!("{why}");
            continue;
        }
        let lines = (language.list)()?;
        let file = file(language.name);
        fs::write(at(&file), joined(&lines))
            .map_err(|error| format!("{file} can't be written: {error}"))?;
        println!("{file}: {} names", lines.len());
    }
    parity::check().map(|note| println!("{note}"))
}

/// Makes the lists again and compares; the error shows what differs.
pub(crate) fn check() -> Result<Vec<String>, String> {
    let mut notes = Vec::new();
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        if let Some(why) = language.hindrance() {
            notes.push(why);
            continue;
        }
        let lines = (language.list)()?;
        let before = committed(language.name)?;
        let gone = before.difference(&lines).map(|line| format!("- {line}"));
        let new = lines.difference(&before).map(|line| format!("+ {line}"));
        let changes: Vec<String> = gone.chain(new).collect();
        if !changes.is_empty() {
            wrong.push(format!(
                "{} has changed:\n{}",
                file(language.name),
                changes.join("\n")
            ));
        }
        notes.push(format!("{} {}", language.name, lines.len()));
    }
    match parity::check() {
        Ok(note) => notes.push(note),
        Err(error) => wrong.push(error),
    }
    if wrong.is_empty() {
        return Ok(notes);
    }
    Err(format!(
        "{}\n`cargo xtask surface` writes the lists; look at the difference before you commit it",
        wrong.join("\n")
    ))
}

/// The list that is in the repository.
fn committed(language: &str) -> Result<BTreeSet<String>, String> {
    let file = file(language);
    let text =
        fs::read_to_string(at(&file)).map_err(|error| format!("{file} can't be read: {error}"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn file(language: &str) -> String {
    format!("tests/surface/{language}.txt")
}

fn joined(lines: &BTreeSet<String>) -> String {
    lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect()
}

/// Python's list needs Python to read Python.
fn python() -> Result<BTreeSet<String>, String> {
    let (python, _) = machine::python()?;
    let text = Job::new(python)
        .args(["xtask/src/surface/python_surface.py", "python/src"])
        .text()?;
    Ok(text.lines().map(str::to_owned).collect())
}
