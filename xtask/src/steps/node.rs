//! The Node package: `node/` on the skin in `bindings/node`.

use std::fs;
use std::path::PathBuf;

use super::{Outcome, Stop};
use crate::closing::Closing;
use crate::process::{Job, at, target};
use crate::tools;

/// Its step is its own.
const CONFORMANCE: &str = "conformance.test.mjs";

pub(super) fn install() -> Outcome {
    tools::npm()?;
    Ok(Vec::new())
}

/// What is published, and beside it the native part with what only tests need.
pub(super) fn build() -> Outcome {
    script("build")?;
    script("build:tests")
}

pub(super) fn types() -> Outcome {
    Ok(Job::new("npx")
        .args(["--no-install", "tsc", "--noEmit", "--strict"])
        .within("node")
        .run()?
        .notes()?)
}

/// Packs the package and looks at the tarball as a stranger's tools would.
pub(super) fn package() -> Outcome {
    let folder = packed();
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Job::new("npm")
        .args(["pack", "--pack-destination"])
        .args([&folder])
        .within("node")
        .run()?;
    let tarball = tarball()?;
    Job::new("npx")
        .args(["--no-install", "publint", "--strict"])
        .args([&tarball])
        .within("node")
        .run()?;
    Ok(Job::new("npx")
        .args(["--no-install", "attw"])
        .args([&tarball])
        .within("node")
        .run()?
        .notes()?)
}

/// Each file by its name: Node's versions differ in what they make of a folder.
pub(super) fn test() -> Outcome {
    let entries = fs::read_dir(at("node/test")).map_err(|error| format!("node/test: {error}"))?;
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut files: Vec<String> = names
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.ends_with(".test.mjs") && name != CONFORMANCE)
        .map(|name| format!("test/{name}"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Stop::Failed("there is no node/test/*.test.mjs".to_owned()));
    }
    Ok(run_tests(&files)?.notes()?)
}

/// The scenarios.
pub(super) fn conformance() -> Result<Closing, String> {
    run_tests(&[format!("test/{CONFORMANCE}")])
}

fn run_tests(files: &[String]) -> Result<Closing, String> {
    Job::new("node")
        .args(["--test", "--test-reporter=spec"])
        .args(files)
        .within("node")
        .run()
}

/// A script of `node/package.json`.
fn script(name: &str) -> Outcome {
    Ok(Job::new("npm")
        .args(["run", "--silent", name])
        .within("node")
        .run()?
        .notes()?)
}

/// The packed package.
pub(super) fn tarball() -> Result<PathBuf, String> {
    let entries =
        fs::read_dir(packed()).map_err(|error| format!("no tarball was packed: {error}"))?;
    let found = entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    found.ok_or_else(|| "there is no tarball in target/npm".to_owned())
}

fn packed() -> PathBuf {
    target().join("npm")
}
