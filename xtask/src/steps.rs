//! What `cargo xtask test` runs, as data.

use crate::process::run;

/// One check.
pub(crate) struct Step {
    /// What the summary calls it.
    pub(crate) name: &'static str,
    /// Runs it; the error says what failed.
    pub(crate) run: fn() -> Result<(), String>,
}

/// Every step, in order.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        run: || run("cargo", &["fmt", "--all", "--check"]),
    },
    Step {
        name: "clippy",
        run: || {
            run(
                "cargo",
                &[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--",
                    "-D",
                    "warnings",
                ],
            )
        },
    },
    Step {
        name: "rust",
        run: || run("cargo", &["test", "--workspace"]),
    },
];
