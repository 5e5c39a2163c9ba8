//! What `cargo xtask test` runs, as data: to add a check, add a row.

mod kotlin;
mod mobile;
mod node;
mod python;
mod repository;
mod rust;
mod swift;
mod together;

use crate::machine::{self, Prerequisite};

pub(crate) use kotlin::{compile as compile_kotlin, test_classpath as kotlin_classpath};
pub(crate) use python::built as wheel;

/// One check.
pub(crate) struct Step {
    /// What `--only` and the summary call it.
    pub(crate) name: &'static str,
    /// What it shows, in a few words.
    pub(crate) about: &'static str,
    /// Other names for `--only`, and the shortcuts that run it.
    pub(crate) tags: &'static [&'static str],
    /// Steps whose results it uses.
    pub(crate) after: &'static [&'static str],
    /// What the machine must have.
    pub(crate) needs: &'static [Prerequisite],
    /// Whether `--quick` runs it.
    pub(crate) quick: bool,
    /// Whether it waits more than it computes, and runs no Cargo: then it may run beside others.
    pub(crate) beside: bool,
    /// Runs it.
    pub(crate) run: fn() -> Outcome,
}

/// Remarks for the summary, or why the step stopped.
pub(crate) type Outcome = Result<Vec<String>, Stop>;

/// Why a step came to no good end.
pub(crate) enum Stop {
    /// It ran and found a fault.
    Failed(String),
    /// This machine can't run it.
    Unable(String),
}

impl From<String> for Stop {
    fn from(error: String) -> Self {
        Self::Failed(error)
    }
}

const RUST: &[Prerequisite] = &[machine::RUST, machine::RUST_TOOLS, machine::C_COMPILER];
const PYTHON: &[Prerequisite] = &[machine::PYTHON, machine::VENV];
const NODE: &[Prerequisite] = &[machine::NODE, machine::NPM];
const KOTLIN: &[Prerequisite] = &[
    machine::RUST,
    machine::C_COMPILER,
    machine::JAVA,
    machine::MAVEN,
];
const SWIFT: &[Prerequisite] = &[machine::RUST, machine::C_COMPILER, machine::SWIFT];
const FOUR: &[Prerequisite] = &[machine::NODE, machine::JAVA, machine::MAVEN, machine::SWIFT];
const BROWSER: &[Prerequisite] = &[machine::NODE, machine::NPM, machine::CHROMIUM];

/// Every step, in the order in which they run: what is quick to fail comes first.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "Rust is formatted",
        tags: &["lint", "rust"],
        after: &[],
        needs: RUST,
        quick: true,
        beside: false,
        run: rust::fmt,
    },
    Step {
        name: "directions",
        about: "crates depend downwards only",
        tags: &["lint"],
        after: &[],
        needs: RUST,
        quick: true,
        beside: false,
        run: repository::directions,
    },
    Step {
        name: "links",
        about: "links between files lead somewhere",
        tags: &["lint"],
        after: &[],
        needs: &[machine::GIT],
        quick: true,
        beside: false,
        run: repository::links,
    },
    Step {
        name: "python-tools",
        about: "the Python environment for the tests",
        tags: &[],
        after: &[],
        needs: PYTHON,
        quick: true,
        beside: false,
        run: python::tools,
    },
    Step {
        name: "typos",
        about: "spelling",
        tags: &["lint"],
        after: &["python-tools"],
        needs: PYTHON,
        quick: true,
        beside: false,
        run: repository::typos,
    },
    Step {
        name: "ruff",
        about: "Python is formatted and free of known mistakes",
        tags: &["lint", "python"],
        after: &["python-tools"],
        needs: PYTHON,
        quick: true,
        beside: false,
        run: python::ruff,
    },
    Step {
        name: "clippy",
        about: "Rust without warnings",
        tags: &["lint", "rust"],
        after: &[],
        needs: RUST,
        quick: true,
        beside: false,
        run: rust::clippy,
    },
    Step {
        name: "doc",
        about: "Rust's documentation without warnings",
        tags: &["lint", "rust"],
        after: &[],
        needs: RUST,
        quick: false,
        beside: false,
        run: rust::doc,
    },
    Step {
        name: "rust",
        about: "Rust's tests and documentation examples",
        tags: &[],
        after: &[],
        needs: RUST,
        quick: true,
        beside: false,
        run: rust::test,
    },
    Step {
        name: "deny",
        about: "licences, bans and sources of what we depend on",
        tags: &["lint"],
        after: &[],
        needs: RUST,
        quick: false,
        beside: false,
        run: repository::deny,
    },
    Step {
        name: "wheel",
        about: "the Python package, built and installed",
        tags: &["packages", "python"],
        after: &["python-tools"],
        needs: PYTHON,
        quick: false,
        beside: false,
        run: python::wheel,
    },
    Step {
        name: "mypy",
        about: "Python's types, strictly",
        tags: &["python"],
        after: &["wheel"],
        needs: PYTHON,
        quick: false,
        beside: false,
        run: python::mypy,
    },
    Step {
        name: "stubtest",
        about: "Python's stubs say what the package does",
        tags: &["python"],
        after: &["wheel"],
        needs: PYTHON,
        quick: false,
        beside: true,
        run: python::stubtest,
    },
    Step {
        name: "pytest",
        about: "Python's tests",
        tags: &["python"],
        after: &["wheel"],
        needs: PYTHON,
        quick: false,
        beside: true,
        run: python::pytest,
    },
    Step {
        name: "npm",
        about: "the npm packages for the tests",
        tags: &[],
        after: &[],
        needs: NODE,
        quick: false,
        beside: false,
        run: node::install,
    },
    Step {
        name: "addon",
        about: "the Node package, built, and its types",
        tags: &["packages", "node"],
        after: &["npm"],
        needs: NODE,
        quick: false,
        beside: false,
        run: node::build,
    },
    Step {
        name: "node-types",
        about: "TypeScript, strictly",
        tags: &["node"],
        after: &["addon"],
        needs: NODE,
        quick: false,
        beside: false,
        run: node::types,
    },
    Step {
        name: "node-package",
        about: "publint and attw on the packed package",
        tags: &["node"],
        after: &["addon"],
        needs: NODE,
        quick: false,
        beside: true,
        run: node::package,
    },
    Step {
        name: "node-test",
        about: "Node's tests",
        tags: &["node"],
        after: &["addon"],
        needs: NODE,
        quick: false,
        beside: true,
        run: node::test,
    },
    Step {
        name: "kotlin",
        about: "the Kotlin package, built, and its tests",
        tags: &[],
        after: &[],
        needs: KOTLIN,
        quick: false,
        beside: false,
        run: kotlin::test,
    },
    Step {
        name: "swift-package",
        about: "the Swift package, generated and built",
        tags: &["packages", "swift"],
        after: &[],
        needs: SWIFT,
        quick: false,
        beside: false,
        run: swift::package,
    },
    Step {
        name: "swift-fmt",
        about: "Swift is formatted",
        tags: &["swift"],
        after: &["swift-package"],
        needs: SWIFT,
        quick: false,
        beside: false,
        run: swift::fmt,
    },
    Step {
        name: "swift-test",
        about: "Swift's tests",
        tags: &["swift"],
        after: &["swift-package"],
        needs: SWIFT,
        quick: false,
        beside: false,
        run: swift::test,
    },
    Step {
        name: "swift-example",
        about: "the example in Swift",
        tags: &["swift"],
        after: &["swift-package"],
        needs: SWIFT,
        quick: false,
        beside: false,
        run: swift::example,
    },
    Step {
        name: "mobile",
        about: "the library compiles for Android and iOS",
        tags: &["kotlin", "swift"],
        after: &[],
        needs: RUST,
        quick: false,
        beside: false,
        run: mobile::run,
    },
    Step {
        name: "conformance-rust",
        about: "the scenarios in Rust",
        tags: &["conformance"],
        after: &[],
        needs: RUST,
        quick: false,
        beside: false,
        run: together::conformance_rust,
    },
    Step {
        name: "conformance-python",
        about: "the scenarios in Python",
        tags: &["conformance", "python"],
        after: &["wheel"],
        needs: PYTHON,
        quick: false,
        beside: true,
        run: together::conformance_python,
    },
    Step {
        name: "conformance-node",
        about: "the scenarios in Node",
        tags: &["conformance", "node"],
        after: &["addon"],
        needs: NODE,
        quick: false,
        beside: true,
        run: together::conformance_node,
    },
    Step {
        name: "conformance-kotlin",
        about: "the scenarios in Kotlin",
        tags: &["conformance", "kotlin"],
        after: &["kotlin"],
        needs: KOTLIN,
        quick: false,
        beside: true,
        run: together::conformance_kotlin,
    },
    Step {
        name: "conformance-swift",
        about: "the scenarios in Swift",
        tags: &["conformance", "swift"],
        after: &["swift-package"],
        needs: SWIFT,
        quick: false,
        beside: false,
        run: swift::conformance,
    },
    Step {
        name: "generated",
        about: "lock files, stubs and declarations are as committed",
        tags: &[],
        after: &["wheel", "addon"],
        needs: &[machine::GIT],
        quick: false,
        beside: false,
        run: together::generated,
    },
    Step {
        name: "surface",
        about: "the public names of each language are as committed",
        tags: &[],
        after: &["addon"],
        needs: RUST,
        quick: false,
        beside: false,
        run: together::surface,
    },
    Step {
        name: "readme",
        about: "the programs in the READMEs",
        tags: &[],
        after: &["wheel", "addon"],
        needs: NODE,
        quick: false,
        beside: false,
        run: together::readme,
    },
    Step {
        name: "cli",
        about: "the keywright program, as it is shipped",
        tags: &[],
        after: &[],
        needs: RUST,
        quick: false,
        beside: false,
        run: together::cli,
    },
    Step {
        name: "e2e",
        about: "from end to end: programs, packages and languages together",
        tags: &[],
        after: &["cli", "wheel", "node-package"],
        needs: NODE,
        quick: false,
        beside: true,
        run: together::end_to_end,
    },
    Step {
        name: "four-languages",
        about: "one store shared by Kotlin, Swift, Python and Node",
        tags: &["kotlin", "swift"],
        after: &["cli", "wheel", "node-package", "kotlin", "swift-package"],
        needs: FOUR,
        quick: false,
        beside: false,
        run: together::four_languages,
    },
    Step {
        name: "browser",
        about: "the keys page in real Chromium",
        tags: &[],
        after: &["cli", "wheel", "node-package"],
        needs: BROWSER,
        quick: false,
        beside: true,
        run: together::browser,
    },
];
