// The application's side in tests: code that hangs, throws, and says what it should not.

import Foundation
import XCTest

@testable import Keywright

/// What no error may say.
let unspeakable = "hunter2-unspeakable"

struct HostsOwnError: Error, CustomStringConvertible {
    let description = unspeakable
}

/// Stands shut until it is opened.
final class Gate: Sendable {
    private let shut = DispatchSemaphore(value: 0)
    private let arrivals: AsyncStream<Void>
    private let arrive: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrive) = AsyncStream.makeStream()
    }

    func pass() {
        arrive.yield()
        shut.wait()
        // Who comes later finds it open.
        shut.signal()
    }

    func open() { shut.signal() }

    /// Returns when somebody stands before it.
    func entered() async {
        for await _ in arrivals { return }
    }
}

/// Hangs until its gate is opened.
final class HangingStore: SecretStore {
    private let gate: Gate

    init(_ gate: Gate) { self.gate = gate }

    func load(name: String) throws -> Secret? {
        gate.pass()
        return nil
    }

    func save(name: String, secret: Secret) throws {}
    func delete(name: String) throws {}
}

/// Does what a test says.
struct FakeStore: SecretStore {
    var loading: @Sendable () throws -> Secret? = { nil }
    var saving: @Sendable (Secret) throws -> Void = { _ in }

    func load(name: String) throws -> Secret? { try loading() }
    func save(name: String, secret: Secret) throws { try saving(secret) }
    func delete(name: String) throws {}
}

struct FakeClock: KeyClock {
    let telling: @Sendable () throws -> Date

    func now() throws -> Date { try telling() }
}

/// Counts how often it was asked.
final class CountingClock: KeyClock, @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func now() -> Date {
        lock.withLock { count += 1 }
        return Date()
    }

    var asked: Int { lock.withLock { count } }
}

/// Keeps what it is told, and then does what a test says.
final class FakeSink: LogSink, @unchecked Sendable {
    private let lock = NSLock()
    private var told: [LogRecord] = []
    private let then: @Sendable () throws -> Void

    init(then: @escaping @Sendable () throws -> Void = {}) { self.then = then }

    func log(_ record: LogRecord) throws {
        lock.withLock { told.append(record) }
        try then()
    }

    var records: [LogRecord] { lock.withLock { told } }
}

/// Whether something holds before two seconds have passed.
func eventually(_ holds: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(2)
    while !holds() {
        guard ContinuousClock.now < end else { return false }
        await Task.yield()
    }
    return true
}
