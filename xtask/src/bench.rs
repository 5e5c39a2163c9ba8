//! `cargo xtask bench`: the benchmarks of each language, on one filled store.

use std::ffi::OsStr;
use std::fs;

use crate::process::{Job, at, target};
use crate::uniffi::{self, Profile};
use crate::{machine, steps, suite, tools};

/// All of them, or what the first argument names.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    match arguments.split_first() {
        None => {
            languages()?;
            mobile()?;
            adapters(&[])
        }
        Some((name, rest)) if name == "adapters" => {
            if !given() {
                suite::only("packages")?;
            }
            adapters(rest)
        }
        Some((name, [])) if name == "mobile" => mobile(),
        Some((name, _)) => Err(format!(
            "there is no benchmark `{name}`, but `adapters` and `mobile`"
        )),
    }
}

/// Whether the environment names both packages, so that none has to be built.
fn given() -> bool {
    let names = ["KEYWRIGHT_WHEEL", "KEYWRIGHT_TARBALL"];
    names.iter().all(|name| std::env::var_os(name).is_some())
}

/// What an adapter adds to its framework's empty handler, beside other libraries.
fn adapters(arguments: &[String]) -> Result<(), String> {
    let (python, _) = machine::python()?;
    Job::new(python)
        .args(["tests/bench/adapters.py"])
        .args(arguments)
        .run()?;
    Ok(())
}

/// Rust's first: it fills the store that the others use.
fn languages() -> Result<(), String> {
    Job::cargo()
        .args(["bench", "--package", "keywright"])
        .run()?;
    suite::only("packages")?;
    for script in scripts("python/bench", "py")? {
        Job::new(tools::venv_python()).args([script]).run()?;
    }
    for script in scripts("node/bench", "mjs")? {
        Job::new("node").args([script]).run()?;
    }
    Ok(())
}

/// Kotlin's and Swift's, on the store that Rust's has filled.
fn mobile() -> Result<(), String> {
    let count = std::env::var("KEYWRIGHT_BENCH_KEYS").unwrap_or_else(|_| "1000000".to_owned());
    let store = target().join("bench").join(format!("keys-{count}.db"));
    if !store.exists() {
        return Err("the store is not filled: run `cargo bench -p keywright` first".to_owned());
    }
    uniffi::kotlin::package(Profile::Bench)?;
    steps::compile_kotlin()?;
    // Cargo names its folder of debug builds there, which would come before what is measured.
    let released = |job: Job| job.env("LD_LIBRARY_PATH", "");
    released(Job::new("java"))
        .args(["-cp", &steps::kotlin_classpath()?])
        .args(["dev.keywright.programs.BenchKt"])
        .args([&store])
        .run()?;
    let built = uniffi::swift::package(Profile::Bench)?;
    let folder = at("tests/bench/swift-bench");
    uniffi::swift::build_other(&folder, &built, &["-c", "release"])?;
    let command = uniffi::swift::command_of(&folder.join(".build/release/Bench"));
    let (program, arguments) = command.split_first().ok_or("no command")?;
    let job = released(Job::new(program));
    job.args(arguments).args([&store]).run()?;
    Ok(())
}

/// The programs of a folder, in order of their names.
fn scripts(folder: &str, ending: &str) -> Result<Vec<String>, String> {
    let entries =
        fs::read_dir(at(folder)).map_err(|error| format!("{folder} can't be read: {error}"))?;
    let mut found: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension() == Some(OsStr::new(ending)))
        .filter_map(|path| Some(format!("{folder}/{}", path.file_name()?.to_str()?)))
        .collect();
    found.sort();
    Ok(found)
}
