//! The Python package: `python/` on the skin in `bindings/python`.

use std::fs;
use std::path::PathBuf;

use super::Outcome;
use crate::process::{Job, target};
use crate::tools;

/// Where the wheels lie, below the target folder.
const SHIPPED: &str = "wheels";
const FOR_TESTS: &str = "wheels-for-tests";

pub(super) fn tools() -> Outcome {
    tools::venv()?;
    Ok(Vec::new())
}

/// Both halves run, so that one look shows all there is to mend.
pub(super) fn ruff() -> Outcome {
    let ruff = |words: &[&str]| {
        let folders = ["examples", "python", "tests", "xtask"];
        Job::new(tools::in_venv("ruff"))
            .args(words)
            .args(folders)
            .run()
    };
    let (mistakes, format) = (ruff(&["check"]), ruff(&["format", "--check"]));
    mistakes?;
    Ok(format?.notes()?)
}

/// Builds the wheel twice: as it is shipped, into an environment that has nothing else,
/// and with a clock that tests can set, into the tests' own.
pub(super) fn wheel() -> Outcome {
    build(SHIPPED, &[])?;
    tools::install_alone(&built()?)?;
    build(FOR_TESTS, &["--features", "test-support"])?;
    tools::install(&tools::venv_python(), &wheel_in(FOR_TESTS)?)?;
    Ok(Vec::new())
}

fn build(folder: &str, features: &[&str]) -> Result<(), String> {
    let folder = target().join(folder);
    // maturin leaves older wheels, and an empty one after a failure.
    let _ = fs::remove_dir_all(&folder);
    Job::new(tools::in_venv("maturin"))
        .args(["build", "--release"])
        .args(features)
        .args(["--out".as_ref(), folder.as_os_str()])
        .within("python")
        .run()
        .map(drop)
}

pub(super) fn mypy() -> Outcome {
    let job = Job::new(tools::in_venv("mypy"))
        .args(["--strict"])
        .within("python");
    Ok(job.run()?.notes()?)
}

/// The tests' tools look at the wheel as it is shipped. The native half alone has a stub of its own;
/// the rest is Python with its types in it, which mypy checks.
pub(super) fn stubtest() -> Outcome {
    let job = Job::new(tools::in_venv("stubtest"))
        .args(["keywright._native"])
        .env("PYTHONPATH", tools::shipped_packages()?)
        // Not `python/`, where it would find the sources.
        .within("tests");
    Ok(job.run()?.notes()?)
}

pub(super) fn pytest() -> Outcome {
    let job = Job::new(tools::venv_python())
        .args(["-m", "pytest", "--ignore", "tests/test_conformance.py"])
        .within("python");
    Ok(job.run()?.notes()?)
}

/// The wheel as it is shipped.
pub(crate) fn built() -> Result<PathBuf, String> {
    wheel_in(SHIPPED)
}

fn wheel_in(folder: &str) -> Result<PathBuf, String> {
    let entries =
        fs::read_dir(target().join(folder)).map_err(|error| format!("target/{folder}: {error}"))?;
    let found = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    found.ok_or_else(|| format!("there is no wheel in target/{folder}"))
}

/// Writes the native module's stub anew, from what is built.
pub(super) fn stub() -> Result<(), String> {
    Job::new(tools::in_venv("maturin"))
        .args(["generate-stubs", "--profile", "release", "--out", "src"])
        .within("python")
        .run()
        .map(drop)
}
