//! The Node package: `node/` on the skin in `bindings/node`.

use std::fs;
use std::path::PathBuf;

use super::Outcome;
use crate::process::{Job, target};
use crate::tools;

pub(super) fn install() -> Outcome {
    tools::npm()?;
    Ok(Vec::new())
}

pub(super) fn build() -> Outcome {
    script("build")
}

pub(super) fn types() -> Outcome {
    Ok(Job::new("npx")
        .args(["--no-install", "tsc", "--noEmit", "--strict"])
        .within("node")
        .run()?
        .notes())
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
        .notes())
}

pub(super) fn test() -> Outcome {
    script("test")
}

/// A script of `node/package.json`.
fn script(name: &str) -> Outcome {
    Ok(Job::new("npm")
        .args(["run", "--silent", name])
        .within("node")
        .run()?
        .notes())
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
