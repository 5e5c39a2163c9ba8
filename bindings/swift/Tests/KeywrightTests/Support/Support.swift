// What the tests share: a clock to set, folders that go away, stores with repeatable randomness.

import Foundation
import XCTest

@testable import Keywright

/// What all languages share.
enum Shared {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../../../tests").standardizedFileURL
}

/// A clock that moves only when told to. It stands at 2027-01-15T08:00:00Z when a test begins.
final class ManualClock: KeyClock, @unchecked Sendable {
    private let lock = NSLock()
    private var ms = 1_800_000_000_000

    func now() -> Date {
        lock.withLock { Date(timeIntervalSince1970: Double(ms) / 1000) }
    }

    func advance(ms span: Int) {
        lock.withLock { ms += span }
    }

    func set(seconds: Int) {
        lock.withLock { ms = seconds * 1000 }
    }
}

/// A folder of a test's own.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("keywright-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func remove() { try? FileManager.default.removeItem(at: url) }
}

/// Opens a store with randomness that is the same each time.
func openForTests(
    _ store: String = "memory:",
    pepper: Secret? = nil,
    brand: String? = nil,
    acceptedClasses: [KeyClass]? = nil,
    mustExist: Bool = false,
    actor: String? = nil,
    clock: any KeyClock = ManualClock(),
    seed: UInt32 = 1
) async throws -> KeyManager {
    let input = NativeOpenInput(
        pepper: pepper?.native, pepperFile: nil, pepperPlace: nil, brand: brand, acceptedClasses: acceptedClasses,
        mustExist: mustExist, actor: actor, clock: HostClock(clock), logSink: nil
    )
    return try await told {
        try await KeyManager(nativeOpenForTests(store: store, input: input, seed: seed, cancel: $0))
    }
}

/// Runs what must fail, and says how.
func failure<Value>(
    file: StaticString = #filePath, line: UInt = #line, _ run: () async throws -> Value
) async -> KeywrightError? {
    do {
        _ = try await run()
        XCTFail("it succeeded", file: file, line: line)
        return nil
    } catch {
        if let told = error as? KeywrightError { return told }
        XCTFail("it failed with \(error)", file: file, line: line)
        return nil
    }
}

/// Runs what must fail with that code.
func assertFails<Value>(
    _ code: ErrorCode, file: StaticString = #filePath, line: UInt = #line, _ run: () async throws -> Value
) async {
    let told = await failure(file: file, line: line, run)
    XCTAssertEqual(told?.code, code, file: file, line: line)
}
