//! Installs what the tests need under Cargo's target folder, once: again only
//! when the files that pin it have changed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::machine;
use crate::process::{Job, at, target};

/// Compiled when no registry has a package of it that understands today's licences.
const CARGO_DENY: &str = "0.20.2";

/// A program of the tests' virtual environment.
pub(crate) fn in_venv(program: &str) -> PathBuf {
    within("venv", program)
}

/// The Python of the tests' virtual environment.
pub(crate) fn venv_python() -> PathBuf {
    in_venv("python")
}

/// The Python of the environment in which only our wheel is, as it is shipped.
pub(crate) fn shipped_python() -> PathBuf {
    within(ALONE, "python")
}

/// Where that environment keeps packages.
pub(crate) fn shipped_packages() -> Result<String, String> {
    let ask = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let text = Job::new(shipped_python()).args(["-c", ask]).text()?;
    Ok(text.trim().to_owned())
}

const ALONE: &str = "venv-shipped";

fn within(venv: &str, program: &str) -> PathBuf {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    target().join(venv).join(programs).join(program)
}

/// Installs a wheel into an environment that is made for it.
pub(crate) fn install_alone(wheel: &Path) -> Result<(), String> {
    let (python, version) = machine::python()?;
    let folder = target().join(ALONE);
    installed_once(&folder, &version, || make(&python, &folder))?;
    install(&shipped_python(), wheel)
}

/// Installs a wheel, also where the same version is there already.
pub(crate) fn install(python: &Path, wheel: &Path) -> Result<(), String> {
    Job::new(python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--force-reinstall",
        ])
        .args([wheel])
        .run()
        .map(drop)
}

fn make(python: &str, folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .map_err(|error| format!("the old {} stays: {error}", folder.display()))?;
    }
    Job::new(python)
        .args(["-m", "venv"])
        .args([folder])
        .run()
        .map(drop)
}

/// Makes the virtual environment, with what `tests/tools/requirements.txt` pins.
pub(crate) fn venv() -> Result<(), String> {
    let requirements = at("tests/tools/requirements.txt");
    let (python, version) = machine::python()?;
    let folder = target().join("venv");
    let pinned = format!("{version}\n{}", read(&requirements)?);
    installed_once(&folder, &pinned, || {
        make(&python, &folder)?;
        Job::new(venv_python())
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .args([&requirements])
            .run()
            .map(drop)
    })
}

/// Installs what `node/package.json` names.
pub(crate) fn npm() -> Result<(), String> {
    let lock = at("node/package-lock.json");
    let mut pinned = read(&at("node/package.json"))?;
    let how = if lock.exists() {
        pinned.push_str(&read(&lock)?);
        "ci"
    } else {
        "install"
    };
    installed_once(&at("node/node_modules"), &pinned, || {
        Job::new("npm")
            .args([how, "--no-audit", "--no-fund"])
            .within("node")
            .run()
            .map(drop)
    })
}

/// cargo-deny, compiled without optimisation and without what only advisories need.
pub(crate) fn cargo_deny() -> Result<PathBuf, String> {
    let folder = target().join("tools");
    installed_once(&folder, CARGO_DENY, || {
        Job::cargo()
            .args([
                "install",
                "--locked",
                "--debug",
                "--no-default-features",
                "--quiet",
            ])
            .args(["cargo-deny", "--version", CARGO_DENY, "--root"])
            .args([&folder])
            .run()
            .map(drop)
    })?;
    Ok(folder.join("bin").join("cargo-deny"))
}

/// Installs into a folder unless a note there says that just this was installed.
fn installed_once(
    folder: &Path,
    pinned: &str,
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let note = folder.join(".installed-by-xtask");
    if fs::read_to_string(&note).is_ok_and(|before| before == pinned) {
        return Ok(());
    }
    install()?;
    fs::write(&note, pinned)
        .map_err(|error| format!("{} can't be written: {error}", note.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{} can't be read: {error}", path.display()))
}
