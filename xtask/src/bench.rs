//! `cargo xtask bench`: the benchmarks of each language, on one filled store.

use std::ffi::OsStr;
use std::fs;

use crate::process::{Job, at};
use crate::{suite, tools};

/// Rust's first: it fills the store that the others use.
pub(crate) fn run() -> Result<(), String> {
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
