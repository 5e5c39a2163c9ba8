//! What this machine has: each prerequisite of the repository, how to find it
//! and how to install it.

use crate::process::Job;
use crate::uniffi;

/// A program that must be there before anything can be built or tested.
pub(crate) struct Prerequisite {
    /// What it is, with the least version.
    pub(crate) name: &'static str,
    /// How to get it.
    pub(crate) install: &'static str,
    /// What was found, or why that won't do.
    pub(crate) find: fn() -> Result<String, String>,
    /// Installs it, where this program can: a step that needs it tries that first.
    pub(crate) provide: Option<fn() -> Result<(), String>>,
}

impl Prerequisite {
    /// Why it isn't there, also after an attempt to install it.
    pub(crate) fn missing(&self) -> Option<String> {
        let why = (self.find)().err()?;
        let Some(provide) = self.provide else {
            return Some(why);
        };
        match provide() {
            Ok(()) => (self.find)().err(),
            Err(error) => Some(format!("{why}; {error}")),
        }
    }
}

/// Rust's compiler.
pub(crate) const RUST: Prerequisite = Prerequisite {
    name: "rustc 1.89 or newer",
    install: "rustup update stable   (Rust's own installer: rustup.rs)",
    find: || at_least(&version("rustc", &["--version"])?, (1, 89), "rustc"),
    provide: None,
};

/// Formatter and linter.
pub(crate) const RUST_TOOLS: Prerequisite = Prerequisite {
    name: "rustfmt and clippy",
    install: "rustup component add rustfmt clippy",
    find: || {
        version("cargo", &["fmt", "--version"])?;
        version("cargo", &["clippy", "--version"])
    },
    provide: None,
};

/// SQLite is compiled from C.
pub(crate) const C_COMPILER: Prerequisite = Prerequisite {
    name: "C compiler",
    install: "apt-get install build-essential   (or xcode-select --install)",
    find: || {
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        version(&compiler, &["--version"])
    },
    provide: None,
};

/// Python, for its package and for test tools.
pub(crate) const PYTHON: Prerequisite = Prerequisite {
    name: "Python 3.10 or newer",
    install: "apt-get install python3",
    find: || python().map(|(name, version)| format!("{version} ({name})")),
    provide: None,
};

/// Debian ships it apart from Python.
pub(crate) const VENV: Prerequisite = Prerequisite {
    name: "Python's venv module",
    install: "apt-get install python3-venv",
    find: || {
        let (name, _) = python()?;
        Job::new(name)
            .args(["-c", "import venv, ensurepip"])
            .text()
            .map(|_| "there".to_owned())
    },
    provide: None,
};

/// Node, for its package and for test tools.
pub(crate) const NODE: Prerequisite = Prerequisite {
    name: "Node 20.17 or newer",
    install: "nvm install 20   (or your system's nodejs, if it is new enough)",
    find: || at_least(&version("node", &["--version"])?, (20, 17), "node"),
    provide: None,
};

/// Installs what `node/` needs.
pub(crate) const NPM: Prerequisite = Prerequisite {
    name: "npm",
    install: "it comes with Node; on Debian: apt-get install npm",
    find: || version("npm", &["--version"]),
    provide: None,
};

/// Compiles and runs the Kotlin package.
pub(crate) const JAVA: Prerequisite = Prerequisite {
    name: "a JDK, 17 or newer",
    install: "apt-get install openjdk-17-jdk-headless",
    find: || at_least(&version("javac", &["-version"])?, (17, 0), "javac"),
    provide: None,
};

/// Builds the Kotlin package.
pub(crate) const MAVEN: Prerequisite = Prerequisite {
    name: "Maven 3.8 or newer",
    install: "apt-get install maven",
    find: || {
        at_least(
            &version("mvn", &["--batch-mode", "--version"])?,
            (3, 8),
            "mvn",
        )
    },
    provide: None,
};

/// Says which files belong to the repository.
pub(crate) const GIT: Prerequisite = Prerequisite {
    name: "git",
    install: "apt-get install git",
    find: || version("git", &["--version"]),
    provide: None,
};

/// The browser of the keys page's tests.
pub(crate) const CHROMIUM: Prerequisite = Prerequisite {
    name: "Chromium",
    install: "apt-get install chromium   (as root on Debian, the step does it itself)",
    find: || version(&chromium(), &["--version"]),
    provide: Some(install_chromium),
};

/// Swift's compiler, for its package.
pub(crate) const SWIFT: Prerequisite = Prerequisite {
    name: "Swift 6.0 or newer",
    install: "swift.org/install, or apt-get install swiftlang where there is one   (as root on Debian, the step sets one up under target/swift itself)",
    find: || at_least(&uniffi::swift::find()?, (6, 0), "swift"),
    provide: Some(uniffi::swift::provide),
};

/// The server that the tests of PostgreSQL stores start for themselves.
pub(crate) const POSTGRES: Prerequisite = Prerequisite {
    name: "PostgreSQL's server",
    install: "apt-get install postgresql   (as root on Debian, the step does it itself)",
    find: || version(&postgres(), &["--version"]),
    provide: Some(install_postgres),
};

/// The command line's tests need a terminal: util-linux's `script` makes one. They run on Linux alone.
pub(crate) const SCRIPT: Prerequisite = Prerequisite {
    name: "script, of util-linux",
    install: "apt-get install bsdutils   (or your system's util-linux)",
    find: || {
        if cfg!(target_os = "linux") {
            version("script", &["--version"])
        } else {
            Ok("not needed here".to_owned())
        }
    },
    provide: None,
};

/// All of them.
pub(crate) const ALL: &[Prerequisite] = &[
    RUST, RUST_TOOLS, C_COMPILER, PYTHON, VENV, NODE, NPM, JAVA, MAVEN, SWIFT, GIT, SCRIPT,
    POSTGRES, CHROMIUM,
];

/// Chromium by the name that `E2E_CHROMIUM` gives, or by Debian's.
pub(crate) fn chromium() -> String {
    std::env::var("E2E_CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned())
}

/// From Debian's packages, with letters to write with.
fn install_chromium() -> Result<(), String> {
    install(&["chromium", "fonts-liberation"])
}

/// The newest of Debian's places, what `pg_config` says, or whatever PATH has: where the tests look,
/// too.
fn postgres() -> String {
    let mut places: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|installed| installed.path().join("bin/postgres"))
        .filter(|program| program.is_file())
        .collect();
    places.sort();
    if let Some(newest) = places.pop() {
        return newest.display().to_string();
    }
    let told = Job::new("pg_config").args(["--bindir"]).text();
    let within = told.map(|folder| format!("{}/postgres", folder.trim()));
    within
        .ok()
        .filter(|program| std::path::Path::new(program).is_file())
        .unwrap_or_else(|| "postgres".to_owned())
}

/// With `openssl`, which makes the certificates of a test.
fn install_postgres() -> Result<(), String> {
    install(&["postgresql", "openssl"])
}

/// From Debian's packages.
fn install(packages: &[&str]) -> Result<(), String> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is_debian = release.lines().any(|line| line == "ID=debian");
    let is_root = Job::new("id")
        .args(["-u"])
        .text()
        .is_ok_and(|id| id.trim() == "0");
    if !is_debian || !is_root {
        return Err("it is installed for root on Debian only".to_owned());
    }
    let get = |words: &[&str]| {
        Job::new("apt-get")
            .args(["--quiet", "--yes"])
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()
            .map(drop)
    };
    get(&["update"])?;
    get(&[&["install", "--no-install-recommends"], packages].concat())
}

/// The first Python that is new enough: its name and version.
pub(crate) fn python() -> Result<(String, String), String> {
    let given = std::env::var("PYTHON").ok();
    let names = [
        "python3",
        "python3.14",
        "python3.13",
        "python3.12",
        "python3.11",
        "python3.10",
        "python",
    ];
    let mut seen = Vec::new();
    for name in given.iter().map(String::as_str).chain(names) {
        let Ok(found) = version(name, &["--version"]) else {
            continue;
        };
        match at_least(&found, (3, 10), name) {
            Ok(found) => return Ok((name.to_owned(), found)),
            Err(error) => seen.push(error),
        }
    }
    Err(if seen.is_empty() {
        "not found".to_owned()
    } else {
        seen.join("; ")
    })
}

/// The first line that a program says about its version.
fn version(program: &str, arguments: &[&str]) -> Result<String, String> {
    let text = Job::new(program)
        .args(arguments)
        .text()
        .map_err(|_| "not found".to_owned())?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

fn at_least(found: &str, least: (u32, u32), name: &str) -> Result<String, String> {
    match numbers(found) {
        Some(numbers) if numbers >= least => Ok(found.to_owned()),
        Some((major, minor)) => Err(format!("{name} is {major}.{minor}, which is too old")),
        None => Err(format!("{name} does not say its version: {found}")),
    }
}

/// The first `major.minor` in a text.
fn numbers(text: &str) -> Option<(u32, u32)> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .find_map(|word| {
            let mut parts = word.split('.');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions() {
        assert_eq!(
            numbers("rustc 1.95.0 (59807616e 2026-04-14)"),
            Some((1, 95))
        );
        assert_eq!(numbers("Python 3.11.7"), Some((3, 11)));
        assert_eq!(numbers("v20.20.2"), Some((20, 20)));
        assert_eq!(numbers("no numbers"), None);
    }

    #[test]
    fn refuses_what_is_too_old() {
        assert!(at_least("Python 3.9.2", (3, 10), "python3").is_err());
        assert!(at_least("v22.0.0", (20, 17), "node").is_ok());
    }
}
