// Opening and closing thousands of times leaves nothing behind: no memory, no threads, no open files.

import XCTest

@testable import Keywright

// Linux tells a process what it holds.
#if os(Linux)
final class LeakTests: XCTestCase {
    private struct Held {
        let kilobytes: Int
        let threads: Int
        let files: Int

        static func now() throws -> Held {
            let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
            let count = { (name: String) in
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(name)").count
            }
            return Held(
                kilobytes: (Int(pages) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) / 1024,
                threads: try count("task"),
                files: try count("fd")
            )
        }
    }

    /// Most are in memory, which is quicker; the rest come back to files that are there.
    func testTenThousandCyclesLeaveNothingBehind() async throws {
        try await cycles(8_000, warmUp: 1_000) { _ in "memory:" }
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try await cycles(2_000, warmUp: 200) { folder.path("\($0 % 50).db") }
    }

    private func cycles(_ count: Int, warmUp: Int, store: (Int) -> String) async throws {
        let secrets = InMemorySecretStore()
        var before: Held?
        for number in 0..<count {
            if number == warmUp { before = try Held.now() }
            let keys = try await KeyManager.open(
                store(number), secretStore: secrets, clock: ManualClock(), logSink: FakeSink()
            )
            let created = try await keys.create("a")
            let answer = try await keys.verify(created.secret)
            XCTAssertTrue(answer.valid)
            try await keys.close()
        }
        let start = try XCTUnwrap(before)
        // Threads that end do so a little later.
        let settled = await eventually { (try? Held.now()).map { $0.threads <= start.threads + 2 } ?? false }
        let end = try Held.now()
        XCTAssert(settled, "\(end.threads) threads, and \(start.threads) before")
        XCTAssertLessThanOrEqual(end.files, start.files + 2)
        XCTAssertLessThan(end.kilobytes, start.kilobytes + 8 * 1024)
    }
}
#endif
