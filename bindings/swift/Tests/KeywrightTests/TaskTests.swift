// Many tasks on one manager, and tasks that are cancelled.

import XCTest

@testable import Keywright

final class TaskTests: XCTestCase {
    func testSixtyFourTasksWorkOnOneManager() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let keys = try await openForTests(folder.path("keys.db"))
        try await withThrowingTaskGroup(of: VerifyCode.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let created = try await keys.create("key \(number)", owner: "cust_\(number % 4)")
                    let good = try await keys.verify(created.secret.reveal())
                    XCTAssertEqual(good.keyId, created.key.id)
                    let rotated = try await keys.rotate(created.key.id, overlap: .zero)
                    let old = try await keys.verify(created.secret)
                    XCTAssertFalse(old.valid)
                    if number.isMultiple(of: 2) { try await keys.revoke(created.key.id) }
                    return try await keys.verify(rotated.secret).code
                }
            }
            var codes: [VerifyCode: Int] = [:]
            for try await code in group { codes[code, default: 0] += 1 }
            XCTAssertEqual(codes, [.valid: 32, .revoked: 32])
        }
        var seen: Set<String> = []
        for try await key in try await keys.list(includeRevoked: true, limit: 7) { seen.insert(key.id) }
        XCTAssertEqual(seen.count, 64)
        let broken = try await keys.verifyAudit()
        XCTAssertNil(broken)
        try await keys.close()
    }

    func testACancelledOpenReturnsAtOnceAndLetsGoOfWhatItHeld() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let gate = Gate()
        weak var held: HangingStore?
        let opening: Task<KeyManager, any Error>
        do {
            let store = HangingStore(gate)
            held = store
            opening = Task { try await KeyManager.open(folder.path("keys.db"), secretStore: store) }
        }
        await gate.entered()
        let took = await ContinuousClock().measure {
            opening.cancel()
            await assertCancelled(opening)
        }
        XCTAssertLessThan(took, .milliseconds(50))
        gate.open()
        let gone = await eventually { held == nil }
        XCTAssert(gone, "nothing holds the application's store any more")
    }

    func testACancelledCallReturnsAtOnceAndTheManagerGoesOn() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let clock = CountingClock()
        let keys = try await openForTests(folder.path("keys.db"), clock: clock)
        let records = (0..<3000).map { ImportRecord(name: "old \($0)", secret: Secret("an-old-key-of-theirs-\($0)")) }
        let before = clock.asked
        let importing = Task { try await keys.importKeys(records) }
        let underWay = await eventually { clock.asked > before }
        XCTAssertTrue(underWay, "what is submitted asks for the time")
        importing.cancel()
        let took = await ContinuousClock().measure { await assertCancelled(importing) }
        XCTAssertLessThan(took, .milliseconds(50))
        let beside = try await keys.create("beside it")
        let answer = try await keys.verify(beside.secret)
        XCTAssertEqual(answer.code, .valid)
        try await keys.close()
    }

    func testATaskThatWasCancelledBeforeGetsACancellationError() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let keys = try await openForTests(folder.path("keys.db"))
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await keys.create("late")
        }
        await assertCancelled(late)
        // Closing is not cancelled: half closed, a store would be of no use.
        let closing = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await keys.close()
        }
        try await closing.value
        await assertFails(.closed) { try await keys.list() }
    }

    func testCallsMayBeCancelledAtAnyMoment() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let keys = try await openForTests(folder.path("keys.db"))
        let id = try await keys.create("a").key.id
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<300 {
            let task = Task {
                switch number % 5 {
                case 0: _ = try await keys.create("key \(number)")
                case 1: try await keys.update(id, name: "name \(number)")
                case 2: for try await _ in try await keys.list(limit: 5) {}
                case 3: for try await _ in keys.exportKeys() {}
                default: _ = try await keys.verify("kw_live_nonsense")
                }
            }
            tasks.append(task)
            for _ in 0..<(number % 7) { await Task.yield() }
            if !number.isMultiple(of: 3) { task.cancel() }
        }
        for (number, task) in tasks.enumerated() {
            if case .failure(let error) = await task.result {
                XCTAssert(error is CancellationError && !number.isMultiple(of: 3), "\(number): \(error)")
            }
        }
        let broken = try await keys.verifyAudit()
        XCTAssertNil(broken)
        try await keys.close()
    }

    func testAnActorsCallsComeBackToIt() async throws {
        @MainActor func onMain() async throws {
            let keys = try await openForTests()
            _ = try await keys.create("a")
            MainActor.assertIsolated()
            try await keys.close()
        }
        try await onMain()
    }
}

/// Waits for a task that must have been cancelled.
private func assertCancelled<Value>(
    _ task: Task<Value, any Error>, file: StaticString = #filePath, line: UInt = #line
) async {
    switch await task.result {
    case .success: XCTFail("it came to its end", file: file, line: line)
    case .failure(let error): XCTAssert(error is CancellationError, "\(error)", file: file, line: line)
    }
}
