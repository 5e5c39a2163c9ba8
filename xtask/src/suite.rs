//! Runs the steps one after the other and sums them up.

use std::process::ExitCode;
use std::time::Instant;

use crate::steps::Step;

/// Runs all steps, also after a failure, and prints what came of each.
pub(crate) fn run(steps: &[Step]) -> ExitCode {
    let mut lines = Vec::new();
    let mut failed = false;
    for step in steps {
        println!("── {}", step.name);
        let start = Instant::now();
        let result = (step.run)();
        let word = if let Err(error) = result {
            println!("{error}");
            failed = true;
            "FAILED"
        } else {
            "ok"
        };
        lines.push(format!(
            "{:<16} {word:<8} {:>4}s",
            step.name,
            start.elapsed().as_secs()
        ));
    }
    println!("{}", lines.join("\n"));
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
