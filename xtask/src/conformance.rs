//! The scenarios in `tests/conformance`: each language has a runner, and each
//! runner must say that it ran as many as there are.

use std::fs;

use serde_json::Value;

use crate::closing::Closing;
use crate::process::at;

const FOLDER: &str = "tests/conformance";

/// How many scenarios the files hold.
pub(crate) fn scenarios() -> Result<u64, String> {
    let entries =
        fs::read_dir(at(FOLDER)).map_err(|error| format!("{FOLDER} can't be read: {error}"))?;
    let mut number = 0;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let value: Value = serde_json::from_str(&text)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            number += count(&value);
        }
    }
    if number == 0 {
        Err(format!("there are no scenarios in {FOLDER}"))
    } else {
        Ok(number)
    }
}

/// A scenario is what has an `id` and `steps`, wherever it stands in its file.
fn count(value: &Value) -> u64 {
    match value {
        Value::Object(fields) if fields.contains_key("id") && fields.contains_key("steps") => 1,
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Array(entries) => entries.iter().map(count).sum(),
        _ => 0,
    }
}

/// Compares what a runner says with what there is.
pub(crate) fn complete(closing: &Closing) -> Result<Vec<String>, String> {
    let there = scenarios()?;
    match closing.scenarios {
        None => Err("the runner did not close with `conformance: N passed, N failed`".to_owned()),
        Some(ran) if ran != there => Err(format!("the runner ran {ran} scenarios of {there}")),
        Some(ran) => Ok(vec![format!("{ran} of {there} scenarios")]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn scenarios_count_however_a_file_groups_them() {
        let scenario = json!({"id": "a", "steps": []});
        assert_eq!(count(&json!([scenario, scenario])), 2);
        assert_eq!(
            count(&json!({"title": "rotation", "scenarios": [scenario]})),
            1
        );
        assert_eq!(count(&json!({"id": "no steps"})), 0);
    }

    #[test]
    fn a_runner_that_says_nothing_has_failed() {
        assert!(complete(&Closing::default()).is_err());
    }
}
