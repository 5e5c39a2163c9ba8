//! The library for phones: what can be shown of it without their vendors' SDKs. All of it compiles for
//! Android and iOS, without the store that is written in C, and makes a static library there.

use super::{Outcome, Stop};
use crate::process::{Job, target};

const TARGETS: &[&str] = &["aarch64-linux-android", "aarch64-apple-ios"];
/// SQLite is compiled from C, which wants a compiler for each target.
const WITHOUT_C: &[&str] = &[
    "--package",
    "keywright-uniffi",
    "--lib",
    "--no-default-features",
];

pub(super) fn run() -> Outcome {
    Job::new("rustup")
        .args(["target", "add"])
        .args(TARGETS)
        .run()
        .map_err(|error| Stop::Unable(format!("its targets can't be had here: {error}")))?;
    let mut notes = Vec::new();
    for name in TARGETS {
        Job::cargo()
            .args(["check", "--target", name])
            .args(WITHOUT_C)
            .run()?;
        Job::cargo()
            .args(["rustc", "--crate-type", "staticlib", "--target", name])
            .args(WITHOUT_C)
            .run()?;
        let library = target().join(name).join("debug/libkeywright_uniffi.a");
        let size = std::fs::metadata(&library)
            .map_err(|error| format!("{}: {error}", library.display()))?
            .len();
        notes.push(format!("{name} {} KiB", size / 1024));
    }
    Ok(notes)
}
