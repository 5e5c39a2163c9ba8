//! The packages for Swift and Kotlin: builds the library that both load, and generates the code that
//! calls it. What is generated lies under `target/`; it is never committed.

mod fields;
pub(crate) mod kotlin;
pub(crate) mod swift;

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Job, target};

/// The library's folder under the target folder, by profile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// With what tests need, quickly built.
    Test,
    /// As it ships.
    Release,
    /// As fast as it ships, with what the test programs need.
    Bench,
}

impl Profile {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Test => &["--features", "test-support"],
            Self::Release => &["--release"],
            Self::Bench => &["--release", "--features", "test-support"],
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Test => "debug",
            Self::Release | Self::Bench => "release",
        }
    }
}

/// What `cargo xtask LANGUAGE` is asked to build; without arguments it builds and tests.
fn only_built(language: &str, arguments: &[String]) -> Result<Option<Profile>, String> {
    match arguments {
        [] => Ok(None),
        [word] if word == "--debug" => Ok(Some(Profile::Test)),
        [word] if word == "--release" => Ok(Some(Profile::Release)),
        _ => Err(format!("usage: cargo xtask {language} [--debug|--release]")),
    }
}

/// Builds the library and gives the folder that it lies in.
pub(crate) fn library(profile: Profile) -> Result<PathBuf, String> {
    Job::cargo()
        .args(["build", "--package", "keywright-uniffi", "--lib"])
        .args(profile.arguments())
        .run()?;
    Ok(target().join(profile.folder()))
}

/// The library's file name on this machine.
pub(crate) fn file_name() -> String {
    let (before, after) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    format!("{before}keywright_uniffi{after}")
}

/// Generates the code of one language into a folder of its own.
fn generate(language: &str, library: &Path) -> Result<PathBuf, String> {
    Job::cargo()
        .args(["build", "--package", "keywright-uniffi-bindgen"])
        .run()?;
    let out = target().join("uniffi").join(language);
    if out.exists() {
        fs::remove_dir_all(&out)
            .map_err(|error| format!("the old {} stays: {error}", out.display()))?;
    }
    let generator = format!("keywright-uniffi-bindgen{}", std::env::consts::EXE_SUFFIX);
    Job::new(target().join("debug").join(generator))
        .args([language])
        .args([library.join(file_name())])
        .args(["bindings/uniffi"])
        .args([&out])
        .run()?;
    Ok(out)
}

/// The record that users make themselves; the others they are given.
const MADE_BY_USERS: &str = "Limit";

/// Whether a name of the generated code is one that users see: the records and the enumerations that
/// `bindings/uniffi` documents, and none of what carries them across.
fn is_public(name: &str) -> bool {
    let hidden = ["Native", "FfiConverter", "Uniffi", "uniffi", "native"];
    name.starts_with(char::is_uppercase) && !hidden.iter().any(|start| name.starts_with(start))
}

/// Rewrites a file, and leaves it alone where nothing changes: builds go by its time.
fn rewrite(file: &Path, change: impl FnOnce(&str) -> String) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(failed)?;
    fs::write(file, change(&text)).map_err(failed)
}

/// Copies a file, unless the same is there already.
fn place(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error| format!("{} can't be copied: {error}", from.display());
    let contents = fs::read(from).map_err(failed)?;
    if fs::read(to).is_ok_and(|there| there == contents) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(to, contents).map_err(failed)
}
