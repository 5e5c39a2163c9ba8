//! The Kotlin package: `bindings/kotlin` on the skin in `bindings/uniffi`.

use super::Outcome;
use crate::closing::Closing;
use crate::process::Job;
use crate::uniffi::{Profile, kotlin_package};

/// Its step is its own.
const CONFORMANCE: &str = "ConformanceTest";

/// What Maven finds built and generated, then all tests but the scenarios.
pub(super) fn test() -> Outcome {
    kotlin_package(Profile::Test)?;
    Ok(maven(&["verify", &format!("-Dtest=!{CONFORMANCE}")])?.notes()?)
}

/// The scenarios, with what the tests have compiled.
pub(super) fn conformance() -> Result<Closing, String> {
    maven(&["surefire:test", &format!("-Dtest={CONFORMANCE}")])
}

fn maven(arguments: &[&str]) -> Result<Closing, String> {
    Job::new("mvn")
        .args(["--batch-mode", "--no-transfer-progress"])
        .args(arguments)
        .within("bindings/kotlin")
        .run()
}
