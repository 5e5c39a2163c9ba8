//! The parts of the conformance runner: scenarios as data, values, calls, and the walk through the
//! steps of one scenario.

mod args;
mod authorize;
mod calls;
mod scenario;
mod value;
mod world;

use keywright::Error;
use serde_json::{Map, Value};
use std::fmt;

pub(crate) use scenario::{Scenario, Step, scenarios};
pub(crate) use world::{StoreKind, refuse_environment};

use args::Args;
use world::World;

/// Why a scenario did not hold.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library did something else than the scenario says.
    Mismatch { step: usize, what: String },
    /// The runner can't carry out what the scenario says.
    Unreadable { step: usize, what: String },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch { step, what } => write!(f, "step {step}: {what}"),
            Self::Unreadable { step, what } => {
                write!(f, "step {step} can't be carried out: {what}")
            }
        }
    }
}

/// How a call ends other than well.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The library refused; the scenario may expect that.
    Refused(Error),
    /// The scenario asks for what the runner doesn't know.
    Unknown(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// What earlier steps saved.
pub(crate) type Saved = Map<String, Value>;

/// Walks through a scenario on a fresh store of that kind.
pub(crate) fn run(scenario: &Scenario, store: StoreKind) -> Result<(), Failure> {
    let unreadable = |step: usize| move |what: String| Failure::Unreadable { step, what };
    let open = Args::new(&scenario.open, &Saved::new()).map_err(unreadable(0))?;
    let mut world = World::open(store, open).map_err(|trouble| match trouble {
        Trouble::Refused(error) => Failure::Mismatch {
            step: 0,
            what: format!("opening failed: {error}"),
        },
        Trouble::Unknown(what) => Failure::Unreadable { step: 0, what },
    })?;
    let mut saved = Saved::new();
    for (index, step) in scenario.steps.iter().enumerate() {
        let number = index + 1;
        let args = Args::new(&step.args, &saved).map_err(unreadable(number))?;
        let outcome = match calls::call(&mut world, &step.call, args) {
            Ok(result) => Ok(result),
            Err(Trouble::Refused(error)) => Err(error),
            Err(Trouble::Unknown(what)) => return Err(unreadable(number)(what)),
        };
        let differs = judge(step, &outcome, &saved).map_err(unreadable(number))?;
        if let Some(what) = differs {
            let what = format!("{}: {what}", step.call);
            return Err(Failure::Mismatch { step: number, what });
        }
        if let (Some(name), Ok(result)) = (&step.save, outcome) {
            saved.insert(name.clone(), result);
        }
    }
    Ok(())
}

/// In what an outcome differs from what the step expects; `Err` if that can't be understood.
fn judge(
    step: &Step,
    outcome: &Result<Value, Error>,
    saved: &Saved,
) -> Result<Option<String>, String> {
    match (outcome, &step.error) {
        (Ok(result), None) => {
            for (path, wanted) in &step.expect {
                let wanted = value::resolve(wanted, saved)?;
                if let Some(differs) = value::differs(&value::at(result, path), &wanted)? {
                    return Ok(Some(format!("`{path}` {differs}")));
                }
            }
            Ok(None)
        }
        (Ok(_), Some(code)) => Ok(Some(format!("should have failed with {code}"))),
        (Err(error), None) => Ok(Some(format!("failed with {}: {error}", error.code))),
        (Err(error), Some(code)) if error.code.as_str() != code => Ok(Some(format!(
            "failed with {} instead of {code}: {error}",
            error.code
        ))),
        (Err(error), Some(_)) => about_error(step, error, saved),
    }
}

fn about_error(step: &Step, error: &Error, saved: &Saved) -> Result<Option<String>, String> {
    if let Some(text) = &step.error_contains {
        let told = format!(
            "{} {}",
            error.message,
            error.hint.as_deref().unwrap_or_default()
        );
        if !told.contains(text.as_str()) {
            return Ok(Some(format!("the error says `{told}`, not `{text}`")));
        }
    }
    if let Some(id) = &step.error_key_id {
        let wanted = value::resolve(id, saved)?;
        if wanted.as_str() != error.key_id.as_deref() {
            return Ok(Some(format!(
                "the error is about {:?}, not {wanted}",
                error.key_id
            )));
        }
    }
    Ok(None)
}
