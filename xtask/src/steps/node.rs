//! The Node package: `node/` on the skin in `bindings/node`.

use super::Outcome;
use crate::process::Job;
use crate::tools;

pub(super) fn install() -> Outcome {
    tools::npm()?;
    Ok(Vec::new())
}

pub(super) fn build() -> Outcome {
    script("build")
}

pub(super) fn types() -> Outcome {
    script("typecheck")
}

pub(super) fn package() -> Outcome {
    script("lint:package")
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
