//! The scenarios in `tests/conformance` (see its README): each language has a runner,
//! and each runner must say that it ran as many as there are, on each store.

use std::fs;

use serde_json::Value;

use crate::closing::{Closing, Conformance};
use crate::process::at;

const FOLDER: &str = "tests/conformance";
/// In memory and in a file, where a scenario names none.
const STORES: u64 = 2;

/// How much there is to run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Extent {
    scenarios: u64,
    runs: u64,
}

impl Extent {
    /// What the files hold: each is a list of scenarios.
    fn read() -> Result<Self, String> {
        let failed = |what: &dyn std::fmt::Display| format!("{FOLDER}: {what}");
        let mut extent = Self::default();
        for entry in fs::read_dir(at(FOLDER)).map_err(|error| failed(&error))? {
            let path = entry.map_err(|error| failed(&error))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let text = fs::read_to_string(&path).map_err(|error| failed(&error))?;
                let value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
                extent.add(&value);
            }
        }
        if extent.scenarios == 0 {
            Err(failed(&"there are no scenarios"))
        } else {
            Ok(extent)
        }
    }

    fn add(&mut self, file: &Value) {
        for scenario in file.as_array().into_iter().flatten() {
            let stores = scenario["stores"].as_array();
            self.scenarios += 1;
            self.runs += stores.map_or(STORES, |stores| stores.len() as u64);
        }
    }
}

/// Compares what a runner says with what there is.
pub(crate) fn complete(closing: &Closing) -> Result<Vec<String>, String> {
    let there = Extent::read()?;
    let ran = closing.conformance.ok_or(
        "the runner did not close with `conformance: N scenarios × N stores, N passed, N failed`",
    )?;
    compare(&there, ran)?;
    Ok(vec![format!(
        "{} scenarios in {} runs",
        there.scenarios, there.runs
    )])
}

fn compare(there: &Extent, ran: Conformance) -> Result<(), String> {
    let Conformance {
        scenarios,
        passed,
        failed,
    } = ran;
    if failed > 0 {
        return Err(format!("{failed} runs failed"));
    }
    if (scenarios, passed) == (there.scenarios, there.runs) {
        return Ok(());
    }
    Err(format!(
        "the runner ran {scenarios} scenarios {passed} times; there are {} for {} runs",
        there.scenarios, there.runs
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn extent() -> Extent {
        let mut extent = Extent::default();
        extent.add(&json!([{"id": "a"}, {"id": "b", "stores": ["sqlite"]}]));
        extent
    }

    #[test]
    fn a_scenario_runs_on_each_store_it_names() {
        assert_eq!(
            extent(),
            Extent {
                scenarios: 2,
                runs: 3
            }
        );
    }

    #[test]
    fn a_runner_that_leaves_something_out_has_failed() {
        let all = Conformance {
            scenarios: 2,
            passed: 3,
            failed: 0,
        };
        assert_eq!(compare(&extent(), all), Ok(()));
        assert!(compare(&extent(), Conformance { passed: 2, ..all }).is_err());
        assert!(
            compare(
                &extent(),
                Conformance {
                    scenarios: 1,
                    ..all
                }
            )
            .is_err()
        );
        assert!(compare(&extent(), Conformance { failed: 1, ..all }).is_err());
    }

    #[test]
    fn a_runner_that_says_nothing_has_failed() {
        assert!(complete(&Closing::default()).is_err());
    }
}
