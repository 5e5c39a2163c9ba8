//! The Kotlin package: `bindings/kotlin` on the skin in `bindings/uniffi`.

use std::fs;

use super::{Outcome, Stop};
use crate::conformance as scenarios;
use crate::process::{Job, at, target};
use crate::uniffi::{Profile, kotlin};

/// Its step is its own.
const CONFORMANCE: &str = "ConformanceTest";

/// What is tested: the library with what tests need, the jars, and the compiled tests.
pub(super) fn package() -> Outcome {
    kotlin::package(Profile::Test)?;
    maven().args(["package", "-DskipTests"]).run()?;
    Ok(Vec::new())
}

pub(super) fn test() -> Outcome {
    Ok(run(&format!("!{CONFORMANCE}")).run()?.notes()?)
}

/// What is Android's own, on Android's classes.
pub(super) fn android() -> Outcome {
    let job = maven().args(["test", "-Pandroid", "-Dtest=KeystoreSecretStoreTest"]);
    Ok(job.run()?.notes()?)
}

/// The scenarios.
pub(super) fn conformance() -> Outcome {
    Ok(scenarios::complete(&run(CONFORMANCE).run()?)?)
}

/// Tests of what the package's step has compiled.
fn run(which: &str) -> Job {
    maven().args(["surefire:test".to_owned(), format!("-Dtest={which}")])
}

fn maven() -> Job {
    Job::new("mvn")
        .args(["--batch-mode", "--no-transfer-progress"])
        .within(kotlin::FOLDER)
}

/// The example, on a store of its own. What it says is not shown: there is a secret in it.
pub(super) fn example() -> Outcome {
    let folder = target().join("kotlin-example");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(failed)?;
    let told = Job::new(at("examples/kotlin/run"))
        .env("KEYWRIGHT_STORE", folder.join("keywright.db"))
        .text()?;
    for line in [
        "rotated, new one:  200 hello, cust_42",
        "revoked:           401 revoked",
    ] {
        if !told.lines().any(|said| said == line) {
            return Err(Stop::Failed(format!(
                "examples/kotlin does not say `{line}`"
            )));
        }
    }
    Ok(Vec::new())
}

/// Compiles the package and its test programs.
pub(crate) fn compile() -> Result<(), String> {
    maven().args(["test-compile"]).run().map(drop)
}

/// Where Java finds the package, its tests and what they depend on.
pub(crate) fn test_classpath() -> Result<String, String> {
    let file = target().join("kotlin-classpath");
    let output = format!("-Dmdep.outputFile={}", file.display());
    maven()
        .args([
            "dependency:build-classpath",
            "-Dmdep.includeScope=test",
            &output,
        ])
        .run()?;
    let others =
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let own = ["test-classes", "classes"].map(|it| at("bindings/kotlin/target").join(it));
    let own = own.iter().map(|path| path.display().to_string());
    Ok(own.chain([others]).collect::<Vec<_>>().join(":"))
}
