//! `cargo xtask directions`: our crates depend downwards only, and each outside
//! door (a database, HTTP, another language) is one crate's.
//!
//! Only normal dependencies count: tests and benchmarks may look at anything.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::process::Job;

/// What each of our crates may use of the others. A crate that is not here is refused,
/// so that whoever adds one decides where it stands.
const OURS: &[(&str, &[&str])] = &[
    ("keywright-core", &[]),
    ("keywright-sqlite", &["keywright-core"]),
    ("keywright-postgres", &["keywright-core"]),
    ("keywright-client", &["keywright-core"]),
    ("keywright-vault", &["keywright-core"]),
    ("keywright-scan", &["keywright-core"]),
    (
        "keywright",
        &[
            "keywright-core",
            "keywright-sqlite",
            "keywright-postgres",
            "keywright-client",
            "keywright-vault",
            "keywright-scan",
        ],
    ),
    ("keywright-pages", &["keywright"]),
    ("keywright-tower", &["keywright", "keywright-pages"]),
    (
        "keywright-server",
        &["keywright", "keywright-pages", "keywright-tower"],
    ),
    ("keywright-cli", &["keywright", "keywright-server"]),
    (
        "keywright-python",
        &["keywright", "keywright-pages", "keywright-cli"],
    ),
    (
        "keywright-node",
        &["keywright", "keywright-pages", "keywright-cli"],
    ),
    ("keywright-uniffi", &["keywright", "keywright-pages"]),
    // For tests: it may look at everything below the facade, and be only a dev-dependency itself.
    (
        "keywright-testkit",
        &[
            "keywright",
            "keywright-core",
            "keywright-sqlite",
            "keywright-postgres",
        ],
    ),
    // Examples stand where applications do.
    (
        "example-axum",
        &["keywright", "keywright-pages", "keywright-tower"],
    ),
    ("keywright-uniffi-bindgen", &[]),
    ("xtask", &[]),
];

/// Which of our crates may depend on a crate from outside.
const DOORS: &[(&str, &[&str])] = &[
    ("pyo3", &["keywright-python"]),
    ("napi", &["keywright-node"]),
    ("napi-derive", &["keywright-node"]),
    ("uniffi", &["keywright-uniffi"]),
    ("uniffi_bindgen", &["keywright-uniffi-bindgen"]),
    ("rusqlite", &["keywright-sqlite"]),
    ("postgres", &["keywright-postgres"]),
    ("sqlx", &["keywright-postgres"]),
    ("tokio-postgres", &["keywright-postgres"]),
    ("rustls", &["keywright-postgres"]),
    ("reqwest", &["keywright-client"]),
    (
        "axum",
        &["keywright-server", "keywright-tower", "example-axum"],
    ),
];

/// Our crates, and what each normally depends on.
type Graph = BTreeMap<String, Vec<String>>;

/// `cargo xtask directions`.
pub(crate) fn command() -> Result<(), String> {
    println!("{}", check()?);
    Ok(())
}

/// One line when all arrows point down; otherwise a line for each that doesn't.
pub(crate) fn check() -> Result<String, String> {
    let text = Job::cargo()
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .text()?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(|error| format!("cargo metadata is not JSON: {error}"))?;
    let graph = normal_dependencies(&metadata);
    let wrong = faults(&graph);
    if wrong.is_empty() {
        Ok(format!(
            "{} crates, {} arrows, all point down",
            graph.len(),
            graph.values().map(Vec::len).sum::<usize>()
        ))
    } else {
        Err(wrong.join("\n"))
    }
}

/// From `cargo metadata --no-deps`, which lists just our own crates.
fn normal_dependencies(metadata: &Value) -> Graph {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let named = |package: &Value| package["name"].as_str().unwrap_or_default().to_owned();
    packages
        .map(|package| {
            let dependencies = package["dependencies"].as_array().into_iter().flatten();
            // `kind` is null for a normal dependency.
            (
                named(package),
                dependencies
                    .filter(|dependency| dependency["kind"].is_null())
                    .map(named)
                    .collect(),
            )
        })
        .collect()
}

fn faults(graph: &Graph) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, dependencies) in graph {
        let Some((_, below)) = OURS.iter().find(|(ours, _)| ours == name) else {
            wrong.push(format!(
                "{name} has no place in the layers: give it one in xtask/src/directions.rs"
            ));
            continue;
        };
        for dependency in dependencies {
            if OURS.iter().any(|(ours, _)| ours == dependency)
                && !below.contains(&dependency.as_str())
            {
                wrong.push(format!(
                    "{name} must not depend on {dependency}: arrows point down only"
                ));
            }
            if let Some((_, owners)) = DOORS.iter().find(|(door, _)| door == dependency)
                && !owners.contains(&name.as_str())
            {
                wrong.push(format!(
                    "{name} must not depend on {dependency}: only {} may",
                    owners.join(" and ")
                ));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn graph(arrows: &[(&str, &[&str])]) -> Graph {
        arrows
            .iter()
            .map(|(name, below)| {
                (
                    (*name).to_owned(),
                    below.iter().map(|name| (*name).to_owned()).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn a_graph_that_points_down_has_no_faults() {
        let good = graph(&[
            ("keywright-core", &["sha2"]),
            ("keywright-sqlite", &["keywright-core", "rusqlite"]),
            ("keywright", &["keywright-core", "keywright-sqlite"]),
            ("keywright-python", &["keywright", "pyo3"]),
        ]);
        assert_eq!(faults(&good), Vec::<String>::new());
    }

    #[test]
    fn arrows_that_point_up_or_sideways_are_named() {
        let bad = graph(&[
            ("keywright-core", &["keywright-sqlite"]),
            ("keywright-sqlite", &["keywright-vault"]),
            ("keywright", &["keywright-cli", "keywright-testkit"]),
        ]);
        let wrong = faults(&bad);
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert!(
            wrong.contains(
                &"keywright-core must not depend on keywright-sqlite: arrows point down only"
                    .to_owned()
            )
        );
    }

    #[test]
    fn each_door_has_its_owner() {
        for (door, _) in DOORS {
            let wrong = faults(&graph(&[("keywright-core", &[door])]));
            assert_eq!(wrong.len(), 1, "{door} in core");
        }
        assert_eq!(
            faults(&graph(&[("keywright-cli", &["axum", "reqwest"])])).len(),
            2
        );
    }

    #[test]
    fn a_crate_without_a_place_is_refused() {
        assert_eq!(faults(&graph(&[("keywright-new", &[])])).len(), 1);
    }

    #[test]
    fn dependencies_of_tests_and_builds_do_not_count() {
        let metadata = json!({"packages": [{"name": "keywright-core", "dependencies": [
            {"name": "sha2", "kind": null},
            {"name": "rusqlite", "kind": "dev"},
            {"name": "pyo3", "kind": "build"},
        ]}]});
        assert_eq!(
            normal_dependencies(&metadata),
            graph(&[("keywright-core", &["sha2"])])
        );
    }
}
