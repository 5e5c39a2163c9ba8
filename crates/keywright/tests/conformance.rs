//! Runs the scenarios of `tests/conformance` (see its README) against the facade: each on a fresh
//! store in memory and on a new SQLite file, and with the feature `postgres` in a new schema on a
//! PostgreSQL server that the tests start. The runner has no logic of its own: it converts
//! arguments to calls and results to their wire form.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the runner around the tests may fail as they do"
)]

mod runner;

use runner::{Failure, Scenario, StoreKind, run, scenarios};

/// Holds the scenario that every runner has to report as failing.
const MUST_FAIL: &str = "must_fail.json";

/// How many runs ended as they must and how many didn't, and on how many stores the scenario that has
/// to fail did.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    seen_failing: usize,
}

fn run_all(scenarios: &[Scenario], stores: &[StoreKind]) -> Tally {
    runner::refuse_environment();
    let mut tally = Tally::default();
    for scenario in scenarios {
        for store in stores.iter().filter(|store| scenario.runs_on(**store)) {
            let outcome = run(scenario, *store);
            let good = if scenario.file == MUST_FAIL {
                let last = scenario.steps.len();
                let fails = matches!(outcome, Err(Failure::Mismatch { step, .. }) if step == last);
                tally.seen_failing += usize::from(fails);
                fails
            } else {
                outcome.is_ok()
            };
            if good {
                tally.passed += 1;
            } else {
                tally.failed += 1;
                let told =
                    outcome.map_or_else(|failure| failure.to_string(), |()| "it passed".to_owned());
                println!("FAILED {} on {}: {told}", scenario.id, store.name());
            }
        }
    }
    tally
}

#[test]
fn every_scenario_holds_on_every_store() {
    let (scenarios, stores) = (scenarios(), StoreKind::EMBEDDED);
    let Tally {
        passed,
        failed,
        seen_failing,
    } = run_all(&scenarios, stores);
    println!(
        "conformance: {} scenarios × {} stores, {passed} passed, {failed} failed",
        scenarios.len(),
        stores.len()
    );
    assert_eq!(failed, 0, "scenarios failed");
    assert_eq!(
        seen_failing,
        stores.len(),
        "{MUST_FAIL} was not reported as failing"
    );
}

/// In Rust alone: the other languages stand on the same facade, and each would need a server.
#[cfg(feature = "postgres")]
#[test]
fn every_scenario_holds_on_postgresql() {
    let scenarios = scenarios();
    let wanted = scenarios.iter();
    let wanted = wanted
        .filter(|scenario| scenario.runs_on(StoreKind::Postgres))
        .count();
    let Tally {
        passed,
        failed,
        seen_failing,
    } = run_all(&scenarios, &[StoreKind::Postgres]);
    println!("\nconformance on PostgreSQL: {wanted} scenarios, {passed} passed, {failed} failed");
    assert_eq!((passed, failed), (wanted, 0), "scenarios failed");
    assert_eq!(seen_failing, 1, "{MUST_FAIL} was not reported as failing");
}

#[test]
fn each_scenario_has_an_id_of_its_own() {
    let mut ids: Vec<_> = scenarios()
        .into_iter()
        .map(|scenario| scenario.id)
        .collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

/// What a scenario of one step comes to.
fn one_step(step: &serde_json::Value) -> Result<(), Failure> {
    let scenario = serde_json::json!({ "id": "runner", "title": "The runner", "steps": [step] });
    let scenario = Scenario::parse("runner", &scenario)
        .map_err(|what| Failure::Unreadable { step: 0, what })?;
    run(&scenario, StoreKind::Memory)
}

#[test]
fn what_the_runner_does_not_know_is_a_failure() {
    use serde_json::json;
    for step in [
        json!({ "call": "conjure", "args": {} }),
        json!({ "call": "projects.conjure", "args": {} }),
        json!({ "call": "create", "args": { "name": "a", "colour": "red" } }),
        json!({ "call": "create", "args": { "name": 1 } }),
        json!({ "call": "create", "args": {} }),
        json!({ "call": "create", "args": { "name": "$nobody.id" } }),
        json!({ "call": "create", "args": { "name": { "$guess": 1 } } }),
        json!({ "call": "create", "args": { "name": { "$vector": "valid.99.token" } } }),
        json!({ "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "$like": "a" } } }),
        json!({ "call": "create", "args": { "name": "a" }, "expects": {} }),
        json!({ "call": "create", "args": { "name": "a" }, "error_contains": "a" }),
    ] {
        let outcome = one_step(&step);
        assert!(
            matches!(outcome, Err(Failure::Unreadable { .. })),
            "{step}: {outcome:?}"
        );
    }
}

#[test]
fn what_differs_is_a_failure() {
    use serde_json::json;
    for step in [
        json!({ "call": "create", "args": { "name": "a" }, "expect": { "key.name": "b" } }),
        json!({ "call": "create", "args": { "name": "a" }, "expect": { "key.nothing": "b" } }),
        json!({ "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "$not": "a" } } }),
        json!({ "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "$exists": false } } }),
        json!({ "call": "create", "args": { "name": "a" }, "expect": { "key.expires_at": { "$exists": true } } }),
        json!({ "call": "create", "args": { "name": "ab" }, "expect": { "key.name": { "$matches": "a" } } }),
        json!({ "call": "create", "args": { "name": "ab" }, "expect": { "key.name": { "$contains": "c" } } }),
        json!({ "call": "create", "args": { "name": "a" }, "expect": { "key.versions.length": 2 } }),
        json!({ "call": "create", "args": { "name": "a" }, "error": "invalid_argument" }),
        json!({ "call": "create", "args": { "name": "" } }),
        json!({ "call": "create", "args": { "name": "" }, "error": "not_found" }),
        json!({ "call": "create", "args": { "name": "" }, "error": "invalid_argument", "error_contains": "pink" }),
        json!({ "call": "create", "args": { "name": "" }, "error": "invalid_argument", "error_key_id": "key_0" }),
    ] {
        let outcome = one_step(&step);
        assert!(
            matches!(outcome, Err(Failure::Mismatch { .. })),
            "{step}: {outcome:?}"
        );
    }
}
