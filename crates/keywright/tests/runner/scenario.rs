//! Scenarios as they stand in `tests/conformance/*.json`.

use super::StoreKind;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::fs;
use std::path::{Path, PathBuf};

/// One scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// The file that it stands in.
    #[serde(skip)]
    pub(crate) file: String,
    /// Its own, in all files.
    pub(crate) id: String,
    /// What it says.
    #[serde(rename = "title")]
    pub(crate) _title: String,
    /// The stores that it runs on; all if absent.
    stores: Option<Vec<String>>,
    /// How the store is opened.
    #[serde(default)]
    pub(crate) open: Map<String, Value>,
    /// What happens.
    pub(crate) steps: Vec<Step>,
}

/// One call, and what is expected of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// The method's name.
    pub(crate) call: String,
    /// Its arguments by name.
    #[serde(default)]
    pub(crate) args: Map<String, Value>,
    /// The name under which the result is kept.
    pub(crate) save: Option<String>,
    /// Paths in the result, and what must be there.
    #[serde(default)]
    pub(crate) expect: Map<String, Value>,
    /// The code with which the step must fail.
    pub(crate) error: Option<String>,
    /// What the error's message or hint must contain.
    pub(crate) error_contains: Option<String>,
    /// The key that the error must be about.
    pub(crate) error_key_id: Option<Value>,
}

impl Scenario {
    /// The scenario in `value`.
    pub(crate) fn parse(file: &str, value: &Value) -> Result<Self, String> {
        let mut it: Self =
            serde_json::from_value(value.clone()).map_err(|error| format!("{file}: {error}"))?;
        file.clone_into(&mut it.file);
        it.check()
    }

    /// Whether it runs on stores of this kind.
    pub(crate) fn runs_on(&self, store: StoreKind) -> bool {
        self.stores
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == store.alike()))
    }

    /// What one field of a step makes no sense of in another.
    fn check(self) -> Result<Self, String> {
        let refuse = |what: &str| Err(format!("{}: {what}", self.id));
        if self.steps.is_empty() {
            return refuse("no steps");
        }
        let mut stores = self.stores.iter().flatten();
        if stores.any(|name| !["memory", "sqlite"].contains(&name.as_str())) {
            return refuse("unknown store");
        }
        for step in &self.steps {
            let about_error = step.error_contains.is_some() || step.error_key_id.is_some();
            if step.error.is_none() && about_error {
                return refuse("asks about an error and expects none");
            }
            if step.error.is_some() && (!step.expect.is_empty() || step.save.is_some()) {
                return refuse("expects an error and a result");
            }
        }
        Ok(self)
    }
}

/// The folder with what all languages share.
pub(crate) fn shared(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests")
        .join(path)
}

/// All scenarios of all files, in the order of the files' names.
pub(crate) fn scenarios() -> Vec<Scenario> {
    let mut files: Vec<_> = fs::read_dir(shared("conformance"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    files.iter().flat_map(|path| in_file(path)).collect()
}

fn in_file(path: &Path) -> Vec<Scenario> {
    let file = path.file_name().unwrap().to_str().unwrap();
    let text = fs::read_to_string(path).unwrap();
    let list: Vec<Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
    list.iter()
        .map(|value| Scenario::parse(file, value).unwrap())
        .collect()
}
