//! The Python package: `python/` on the skin in `bindings/python`.

use std::fs;
use std::path::PathBuf;

use super::Outcome;
use crate::process::{Job, target};
use crate::tools;

pub(super) fn tools() -> Outcome {
    tools::venv()?;
    Ok(Vec::new())
}

pub(super) fn ruff() -> Outcome {
    let ruff = tools::in_venv("ruff");
    Job::new(&ruff)
        .args(["check", "python", "tests", "xtask"])
        .run()?;
    Ok(Job::new(&ruff)
        .args(["format", "--check", "python", "tests", "xtask"])
        .run()?
        .notes()?)
}

/// Builds the wheel as it is shipped and installs it as a user would.
pub(super) fn wheel() -> Outcome {
    let folder = wheels();
    // maturin leaves older wheels, and an empty one after a failure.
    let _ = fs::remove_dir_all(&folder);
    Job::new(tools::in_venv("maturin"))
        .args(["build", "--release", "--out"])
        .args([&folder])
        .within("python")
        .run()?;
    Job::new(tools::venv_python())
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--force-reinstall",
        ])
        .args([built()?])
        .run()?;
    Ok(Vec::new())
}

pub(super) fn mypy() -> Outcome {
    let job = Job::new(tools::in_venv("mypy"))
        .args(["--strict"])
        .within("python");
    Ok(job.run()?.notes()?)
}

pub(super) fn stubtest() -> Outcome {
    // Outside `python/`, so that it looks at what is installed.
    let job = Job::new(tools::in_venv("stubtest"))
        .args(["keywright"])
        .within("tests");
    Ok(job.run()?.notes()?)
}

pub(super) fn pytest() -> Outcome {
    let job = Job::new(tools::venv_python())
        .args(["-m", "pytest", "--ignore", "tests/test_conformance.py"])
        .within("python");
    Ok(job.run()?.notes()?)
}

/// Where the wheel lies.
pub(super) fn wheels() -> PathBuf {
    target().join("wheels")
}

/// The one wheel that was built.
pub(super) fn built() -> Result<PathBuf, String> {
    let entries = fs::read_dir(wheels()).map_err(|error| format!("no wheel was built: {error}"))?;
    let found = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    found.ok_or_else(|| "there is no wheel in target/wheels".to_owned())
}

/// Writes the native module's stub anew, from what is built.
pub(super) fn stub() -> Result<(), String> {
    Job::new(tools::in_venv("maturin"))
        .args(["generate-stubs", "--out", "src/keywright"])
        .within("python")
        .run()
        .map(drop)
}
