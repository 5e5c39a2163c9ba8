// Runs the scenarios of tests/conformance (see its README): each on a fresh store in memory and on a new SQLite file. The
// runner has no logic of its own: it converts arguments to calls and results to their wire form.

import XCTest

@testable import Keywright

final class ConformanceTests: XCTestCase {
    private static let stores = ["memory", "sqlite"]
    /// Holds the scenario that every runner has to report as failing: its last step, and no other.
    private static let mustFail = "must_fail.json"

    func testNothingButTheScenarioSaysHowAStoreIsOpened() {
        for name in ["KEYWRIGHT_STORE", "KEYWRIGHT_PEPPER", "KEYWRIGHT_PEPPER_FILE", "KEYWRIGHT_BRAND"] {
            XCTAssertNil(ProcessInfo.processInfo.environment[name], "unset \(name): scenarios don't reckon with it")
        }
    }

    func testEveryScenarioHoldsOnEveryStore() async throws {
        let scenarios = try Self.scenarios()
        XCTAssertEqual(Set(scenarios.map(\.scenario.id)).count, scenarios.count, "each has an id of its own")
        var failures: [String] = []
        var passed = 0
        for (file, scenario) in scenarios {
            for store in scenario.stores {
                if let failure = await failure(of: scenario, on: store, file == Self.mustFail) {
                    failures.append("\(scenario.id) on \(store): \(failure)")
                } else {
                    passed += 1
                }
            }
        }
        print(
            "conformance: \(scenarios.count) scenarios × \(Self.stores.count) stores, \(passed) passed, "
                + "\(failures.count) failed"
        )
        XCTAssert(failures.isEmpty, failures.joined(separator: "\n"))
    }

    private static func scenarios() throws -> [(file: String, scenario: Scenario)] {
        let folder = Shared.folder.appendingPathComponent("conformance")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try names.filter { $0.hasSuffix(".json") }.sorted().flatMap { name in
            guard case .list(let items) = try Value.file("conformance/\(name)") else {
                throw Unreadable("\(name) is no list")
            }
            return try items.map { (name, try Scenario($0)) }
        }
    }

    private func failure(of scenario: Scenario, on store: String, _ mustFail: Bool) async -> String? {
        do {
            try await scenario.run(on: store)
            return mustFail ? "it passed" : nil
        } catch let ended as Ended {
            let asItMust = mustFail && ended.reason is Mismatch && ended.step == scenario.steps.count - 1
            return asItMust ? nil : "step \(ended.step + 1): \(ended.reason)"
        } catch {
            return "\(error)"
        }
    }

    func testTheRunnerReportsWhatItCantRead() async throws {
        let steps = [
            #"{ "call": "conjure", "args": {} }"#,
            #"{ "call": "projects.conjure", "args": {} }"#,
            #"{ "call": "create", "args": { "name": "a", "colour": "red" } }"#,
            #"{ "call": "create", "args": { "name": 1 } }"#,
            #"{ "call": "create", "args": {} }"#,
            #"{ "call": "create", "args": { "name": "$nobody.id" } }"#,
            #"{ "call": "create", "args": { "name": { "$guess": 1 } } }"#,
            #"{ "call": "create", "args": { "name": { "$vector": "valid.99.token" } } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "$like": "a" } } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "expects": {} }"#,
            #"{ "call": "create", "args": { "name": "a" }, "error_contains": "a" }"#,
        ]
        for step in steps {
            let reason = try await reason(of: step)
            XCTAssert(reason is Unreadable, "\(step): \(String(describing: reason))")
        }
    }

    func testTheRunnerReportsWhatDiffers() async throws {
        let steps = [
            #"{ "call": "create", "args": { "name": "a" }, "expect": { "key.name": "b" } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "expect": { "key.nothing": "b" } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "$not": "a" } } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "$exists": false } } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "expect": { "key.expires_at": { "$exists": true } } }"#,
            #"{ "call": "create", "args": { "name": "ab" }, "expect": { "key.name": { "$matches": "a" } } }"#,
            #"{ "call": "create", "args": { "name": "ab" }, "expect": { "key.name": { "$contains": "c" } } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "expect": { "key.versions.length": 2 } }"#,
            #"{ "call": "create", "args": { "name": "a" }, "error": "invalid_argument" }"#,
            #"{ "call": "create", "args": { "name": "" } }"#,
            #"{ "call": "create", "args": { "name": "" }, "error": "not_found" }"#,
            #"{ "call": "create", "args": { "name": "" }, "error": "invalid_argument", "error_contains": "pink" }"#,
            #"{ "call": "create", "args": { "name": "" }, "error": "invalid_argument", "error_key_id": "key_0" }"#,
        ]
        for step in steps {
            let reason = try await reason(of: step)
            XCTAssert(reason is Mismatch, "\(step): \(String(describing: reason))")
        }
    }

    /// Why a scenario of that one step ends.
    private func reason(of step: String) async throws -> (any Error)? {
        let scenario = try Scenario(.parsed(#"{ "id": "runner", "title": "The runner", "steps": [\#(step)] }"#))
        do {
            try await scenario.run(on: "memory")
            return nil
        } catch let ended as Ended {
            return ended.reason
        }
    }
}
