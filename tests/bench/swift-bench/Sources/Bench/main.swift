// What verify costs from Swift: `cargo xtask bench` runs it on the store that `cargo bench -p keywright` fills. Prints a
// Markdown table for docs/performance.md.

import Foundation
import Keywright

/// The bench's own numbers, the same at each run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64 = 7

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// CPU time of this process, in seconds.
func cpuTime() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

func measure(_ what: String, _ picks: [String], _ run: (String) async throws -> Void) async throws {
    for pick in picks.prefix(picks.count / 4) { try await run(pick) }
    let before = cpuTime()
    for pick in picks { try await run(pick) }
    let cpu = (cpuTime() - before) / Double(picks.count)
    var walls: [Double] = []
    for pick in picks.prefix(20_000) {
        let begin = DispatchTime.now().uptimeNanoseconds
        try await run(pick)
        walls.append(Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9)
    }
    walls.sort()
    let figures = [cpu, walls[walls.count / 2], walls[walls.count * 99 / 100]].map { String(format: "%.2f µs", $0 * 1e6) }
    print("| \(what) | \(figures.joined(separator: " | ")) |")
}

let store = CommandLine.arguments[1]
let list = try String(contentsOfFile: String(store.dropLast(3)) + ".secrets", encoding: .utf8)
let secrets = list.split(separator: "\n").map(String.init)
var random = Seeded()
let picks = (0..<60_000).map { _ in secrets.randomElement(using: &random)! }

print("| Swift, \(secrets.count) keys | CPU | median | p99 |")
print("|---|---|---|---|")
let keys = try await KeyManager.open(store, mustExist: true)
let map = Dictionary(secrets.map { ($0, $0.utf8.count) }, uniquingKeysWith: { first, _ in first })
try await measure("floor: a map", picks) { precondition(map[$0] != nil) }
try await measure("verify", picks) { secret in
    let answer = try await keys.verify(secret)
    precondition(answer.valid)
}
try await measure("verify, malformed", picks.map { $0.dropLast(6) + "000000" }) { secret in
    let answer = try await keys.verify(secret)
    precondition(!answer.valid)
}
try await keys.close()
