//! What `cargo xtask test` runs, as data: to add a check, add a row.

mod kotlin;
mod list;
mod mobile;
mod node;
mod python;
mod repository;
mod rust;
mod swift;
mod together;

use crate::machine::{self, Prerequisite};

pub(crate) use kotlin::{compile as compile_kotlin, test_classpath as kotlin_classpath};
pub(crate) use list::STEPS;
pub(crate) use python::built as wheel;

/// One check.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// What `--only` and the summary call it.
    pub(crate) name: &'static str,
    /// What it shows, in a few words.
    pub(crate) about: &'static str,
    /// Other names for `--only`, and the shortcuts that run it.
    pub(crate) tags: &'static [&'static str],
    /// Steps whose results it uses.
    pub(crate) after: &'static [&'static str],
    /// What the machine must have.
    pub(crate) needs: &'static [Prerequisite],
    /// Whether `--quick` runs it.
    pub(crate) quick: bool,
    /// Whether it waits more than it computes, and runs no Cargo: then it may run beside others.
    pub(crate) beside: bool,
    /// Runs it.
    pub(crate) run: fn() -> Outcome,
}

/// Remarks for the summary, or why the step stopped.
pub(crate) type Outcome = Result<Vec<String>, Stop>;

/// Why a step came to no good end.
pub(crate) enum Stop {
    /// It ran and found a fault.
    Failed(String),
    /// This machine can't run it.
    Unable(String),
}

impl From<String> for Stop {
    fn from(error: String) -> Self {
        Self::Failed(error)
    }
}

const RUST: &[Prerequisite] = &[machine::RUST, machine::RUST_TOOLS, machine::C_COMPILER];
const RUST_TESTS: &[Prerequisite] = &[
    machine::RUST,
    machine::RUST_TOOLS,
    machine::C_COMPILER,
    machine::POSTGRES,
];
const PYTHON: &[Prerequisite] = &[machine::PYTHON, machine::VENV];
const NODE: &[Prerequisite] = &[machine::NODE, machine::NPM];
const KOTLIN: &[Prerequisite] = &[
    machine::RUST,
    machine::C_COMPILER,
    machine::JAVA,
    machine::MAVEN,
];
const SWIFT: &[Prerequisite] = &[machine::RUST, machine::C_COMPILER, machine::SWIFT];
const FOUR: &[Prerequisite] = &[machine::NODE, machine::JAVA, machine::MAVEN, machine::SWIFT];
const BROWSER: &[Prerequisite] = &[machine::NODE, machine::NPM, machine::CHROMIUM];
