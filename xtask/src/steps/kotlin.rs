//! The Kotlin package: `bindings/kotlin` on the skin in `bindings/uniffi`.

use std::fs;

use super::Outcome;
use crate::closing::Closing;
use crate::process::{Job, at, target};
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

/// Compiles the package and its test programs.
pub(crate) fn compile() -> Result<(), String> {
    maven(&["test-compile"]).map(drop)
}

/// Where Java finds the package, its tests and what they depend on.
pub(crate) fn test_classpath() -> Result<String, String> {
    let file = target().join("kotlin-classpath");
    let output = format!("-Dmdep.outputFile={}", file.display());
    maven(&[
        "dependency:build-classpath",
        "-Dmdep.includeScope=test",
        &output,
    ])?;
    let others =
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let own = ["test-classes", "classes"].map(|it| at("bindings/kotlin/target").join(it));
    let own = own.iter().map(|path| path.display().to_string());
    Ok(own.chain([others]).collect::<Vec<_>>().join(":"))
}
