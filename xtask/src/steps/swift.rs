//! The Swift package: `bindings/swift` on the skin in `bindings/uniffi`.

use std::fs;

use super::{Outcome, Stop};
use crate::conformance as scenarios;
use crate::process::{Job, at, target};
use crate::uniffi::{Profile, library, swift};

/// Its step is its own.
const CONFORMANCE: &str = "KeywrightTests.ConformanceTests";

/// What is tested: the library with what tests need, and the package with its tests.
pub(super) fn package() -> Outcome {
    let built = swift::package(Profile::Test)?;
    swift::swift("build", &built)
        .args(["--build-tests"])
        .run()?;
    Ok(Vec::new())
}

/// What people write; `bindings/swift/.swift-format` says how.
pub(super) fn fmt() -> Outcome {
    let folders = ["Package.swift", "Sources", "Tests"].map(|it| format!("{}/{it}", swift::FOLDER));
    swift::tool("swift")
        .args(["format", "lint", "--strict", "--recursive"])
        .args([
            "--configuration".to_owned(),
            format!("{}/.swift-format", swift::FOLDER),
        ])
        .args(folders)
        .args([
            "examples/swift/KeyService/Package.swift",
            "examples/swift/KeyService/Sources",
        ])
        .run()?;
    Ok(Vec::new())
}

pub(super) fn test() -> Outcome {
    Ok(run(&["--skip", CONFORMANCE])?.run()?.notes()?)
}

/// The scenarios.
pub(super) fn conformance() -> Outcome {
    let closing = run(&["--filter", CONFORMANCE])?.run()?;
    Ok(scenarios::complete(&closing)?)
}

fn run(which: &[&str]) -> Result<Job, String> {
    let built = library(Profile::Test)?;
    Ok(swift::swift("test", &built)
        .args(["--disable-swift-testing"])
        .args(which))
}

/// The example, on a store of its own.
pub(super) fn example() -> Outcome {
    let folder = target().join("swift-example");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(failed)?;
    let told = Job::new(at("examples/swift/run"))
        .env("KEYWRIGHT_STORE", folder.join("keywright.db"))
        .text()?;
    println!("{told}");
    for line in [
        "the new secret: hello, ada",
        "the new secret: refused (revoked)",
    ] {
        if !told.lines().any(|said| said == line) {
            return Err(Stop::Failed(format!(
                "examples/swift does not say `{line}`"
            )));
        }
    }
    Ok(Vec::new())
}

/// Builds the program that the end-to-end tests speak to; gives the command that runs it, as JSON.
pub(super) fn peer() -> Result<String, String> {
    let folder = at("tests/e2e/peers/swift-peer");
    let built = library(Profile::Test)?;
    swift::build_other(&folder, &built, &[])?;
    let command = swift::command_of(&folder.join(".build/debug/Peer"));
    serde_json::to_string(&command).map_err(|error| error.to_string())
}
