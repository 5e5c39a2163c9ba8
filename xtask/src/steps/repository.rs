//! Checks that belong to no single language.

use super::Outcome;
use crate::process::Job;
use crate::{directions, drift, links, tools};

pub(super) fn directions() -> Outcome {
    Ok(vec![directions::check()?])
}

pub(super) fn drift() -> Outcome {
    Ok(vec![drift::check()?])
}

pub(super) fn links() -> Outcome {
    Ok(vec![links::check()?])
}

pub(super) fn typos() -> Outcome {
    Ok(Job::new(tools::in_venv("typos")).run()?.notes()?)
}

pub(super) fn deny() -> Outcome {
    let tool = tools::cargo_deny()?;
    let job = Job::new(tool)
        .args(["--workspace", "check", "--hide-inclusion-graph"])
        .args(["licenses", "bans", "sources"]);
    job.run()?;
    Ok(vec![
        "advisories not checked: their database is not in a package registry".to_owned(),
    ])
}
