//! Rust's own checks, over the whole workspace.

use super::Outcome;
use crate::process::Job;

pub(super) fn fmt() -> Outcome {
    Ok(Job::cargo()
        .args(["fmt", "--all", "--check"])
        .run()?
        .notes()?)
}

/// `-D warnings` goes to clippy, not into `RUSTFLAGS`, which would build all
/// dependencies a second time.
pub(super) fn clippy() -> Outcome {
    Ok(Job::cargo()
        .args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
        .run()?
        .notes()?)
}

pub(super) fn doc() -> Outcome {
    let job = Job::cargo()
        .args(["doc", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    Ok(job.run()?.notes()?)
}

pub(super) fn test() -> Outcome {
    Ok(Job::cargo()
        .args(["test", "--workspace", "--no-fail-fast"])
        .run()?
        .notes()?)
}
