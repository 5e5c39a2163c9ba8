//! Checks over all languages at once.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Outcome, Stop, kotlin, node, python, swift};
use crate::process::{Job, at, target};
use crate::{conformance, machine, readme, surface, tools};

pub(super) fn surface() -> Outcome {
    Ok(surface::check()?)
}

pub(super) fn readme() -> Outcome {
    Ok(readme::run()?)
}

/// The program as it is shipped, for the end-to-end tests.
pub(super) fn cli() -> Outcome {
    Job::cargo()
        .args(["build", "--release", "--package", "keywright-cli"])
        .run()?;
    Ok(Vec::new())
}

pub(super) fn conformance_rust() -> Outcome {
    // The whole workspace, so that Cargo takes what `cargo test` has built.
    let job = Job::cargo().args([
        "test",
        "--workspace",
        "--test",
        "conformance",
        "--",
        "--nocapture",
    ]);
    Ok(conformance::complete(&job.run()?)?)
}

pub(super) fn conformance_python() -> Outcome {
    let job =
        Job::new(tools::venv_python()).args(["-m", "pytest", "-s", "tests/test_conformance.py"]);
    Ok(conformance::complete(&job.within("python").run()?)?)
}

pub(super) fn conformance_node() -> Outcome {
    Ok(conformance::complete(&node::conformance()?)?)
}

/// Files that tools write anew, and that are in the repository all the same.
const GENERATED: &[&str] = &[
    "Cargo.lock",
    "node/package-lock.json",
    "node/native",
    "python/src",
];

/// Whether they are as they were committed or staged.
pub(super) fn generated() -> Outcome {
    python::stub()?;
    let changed = Job::new("git")
        .args(["diff", "--name-only", "--"])
        .args(GENERATED)
        .text();
    match changed {
        Err(error) => Err(Stop::Unable(format!("it needs a git checkout: {error}"))),
        Ok(names) if names.trim().is_empty() => Ok(Vec::new()),
        Ok(names) => {
            let names: Vec<&str> = names.lines().collect();
            Err(Stop::Failed(format!(
                "written anew: {}; look at the difference and commit it",
                names.join(", ")
            )))
        }
    }
}

/// Each program in `tests/e2e` that needs no browser, and no more languages than Python and Node.
pub(super) fn end_to_end() -> Outcome {
    programs(|name| !is_for_browser(name) && !is_of_four(name), &[])
}

/// That in which four languages share a store.
pub(super) fn four_languages() -> Outcome {
    let more = [
        ("E2E_KOTLIN", kotlin::test_classpath()?),
        ("E2E_SWIFT", swift::peer()?),
    ];
    programs(is_of_four, &more)
}

fn is_of_four(name: &str) -> bool {
    name.contains("_four_languages")
}

/// Those that do.
pub(super) fn browser() -> Outcome {
    programs(is_for_browser, &[])
}

fn is_for_browser(name: &str) -> bool {
    name.contains("_browser")
}

/// Runs programs in `tests/e2e`, told by their environment where the built things lie.
fn programs(wanted: fn(&str) -> bool, more: &[(&str, String)]) -> Outcome {
    let entries = fs::read_dir(at("tests/e2e"))
        .map_err(|error| format!("tests/e2e can't be read: {error}"))?;
    let mut scripts: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_test(path) && wanted(stem(path)))
        .collect();
    scripts.sort();
    if scripts.is_empty() {
        return Err(Stop::Failed(
            "there is no such test in tests/e2e".to_owned(),
        ));
    }
    let mut notes = Vec::new();
    let mut wrong = Vec::new();
    for script in &scripts {
        let name = stem(script);
        let mut job = Job::new(tools::venv_python());
        if name.starts_with("test_") {
            job = job.args(["-m", "pytest"]);
        }
        let job = job
            .args([script])
            .env("E2E_CLI", target().join("release").join("keywright"))
            .env("E2E_PYTHON", tools::shipped_python())
            .env("E2E_WHEEL", python::built()?)
            .env("E2E_NODE_PACKAGE", at("node"))
            .env("E2E_TARBALL", node::tarball()?)
            .env("E2E_CHROMIUM", machine::chromium());
        let job = more
            .iter()
            .fold(job, |job, (name, value)| job.env(name, value));
        match job.run().and_then(|closing| closing.notes()) {
            Ok(lines) => notes.extend(lines.iter().map(|line| format!("{name}: {line}"))),
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() {
        Ok(notes)
    } else {
        Err(Stop::Failed(wrong.join("\n")))
    }
}

/// Python files; those that begin with an underscore are help for the others.
fn is_test(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    path.extension().is_some_and(|extension| extension == "py")
        && !name.starts_with('_')
        && name != "conftest.py"
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(OsStr::to_str).unwrap_or_default()
}
