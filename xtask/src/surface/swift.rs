//! The public surface of the Swift package, from the symbol graph that `SwiftPM` makes of what is built.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::uniffi::{Profile, swift};

/// What tells where the graph lies.
const WRITTEN: &str = "Files written to ";

/// One line for each public name.
pub(super) fn list() -> Result<BTreeSet<String>, String> {
    swift::package(Profile::Test)?;
    let text = swift::tool("swift")
        .args(["package", "--package-path", swift::FOLDER])
        .args(["dump-symbol-graph", "--skip-synthesized-members"])
        .args(["--minimum-access-level", "public"])
        .text()?;
    let folder = text
        .lines()
        .find_map(|line| line.split_once(WRITTEN))
        .ok_or("SwiftPM does not say where it wrote the symbol graph")?;
    let file = Path::new(folder.1.trim()).join("Keywright.symbols.json");
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(&file).map_err(|error| failed(&error))?;
    let graph: Value = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    let symbols = graph["symbols"].as_array().into_iter().flatten();
    let lines: BTreeSet<String> = symbols.filter_map(line).collect();
    if lines.is_empty() {
        Err(failed(&"it names nothing"))
    } else {
        Ok(lines)
    }
}

/// `Keywright.KeyManager.get: func get(_ id: String) async throws -> ApiKey`.
fn line(symbol: &Value) -> Option<String> {
    let path: Vec<&str> = symbol["pathComponents"]
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        // Without the arguments' names, which the declaration has.
        .map(|name| name.split('(').next().unwrap_or(name))
        .collect();
    let declaration: String = symbol["declarationFragments"]
        .as_array()?
        .iter()
        .filter_map(|part| part["spelling"].as_str())
        .collect();
    Some(format!("Keywright.{}: {declaration}", path.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_symbol_is_a_name_and_its_declaration() {
        let symbol = json!({
            "pathComponents": ["Users", "get(_:)"],
            "declarationFragments": [{"spelling": "func"}, {"spelling": " "}, {"spelling": "get"}, {"spelling": "(_ id: String)"}],
        });
        assert_eq!(
            line(&symbol).as_deref(),
            Some("Keywright.Users.get: func get(_ id: String)")
        );
    }
}
