// What only the application has, and gives: where secrets are kept, the time, who listens.

import Foundation

/// Keeps secrets where only the application can: in a keychain, in a cloud's secret manager. The pepper of a store of
/// keys is kept there if it is opened with one.
///
/// Called on threads of the library's own: never on the caller's, so that it may take its time. What it throws is told
/// as ``KeywrightError/pepper``; the error's own text is not passed on, for it could hold a secret.
public protocol SecretStore: Sendable {
    /// The secret of that name; nil if there is none.
    func load(name: String) throws -> Secret?

    /// Keeps a secret under that name, in place of what is there. When this returns, `load` gives it. The object is wiped
    /// then: keep what it reveals.
    func save(name: String, secret: Secret) throws

    /// Forgets the secret of that name; there being none is fine.
    func delete(name: String) throws
}

/// Tells the time. Where it throws, the machine's own clock counts.
///
/// Swift's own `Clock` measures spans; this one says what day it is.
public protocol KeyClock: Sendable {
    /// The present moment.
    func now() throws -> Date
}

/// Hears what the library has to tell: refused verifications and warnings. Called on whatever thread something happens
/// on; it must not block. What it is told never holds a secret; what it throws is dropped.
public protocol LogSink: Sendable {
    /// Takes one record.
    func log(_ record: LogRecord) throws
}

/// Whatever the application's code throws is told without its text.
private func guarded<Value>(_ run: () throws -> Value) throws -> Value {
    do {
        return try run()
    } catch {
        throw NativeFailure.Told(
            code: .unavailable, text: "the application's own code failed", hint: nil, keyId: nil
        )
    }
}

final class HostSecretStore: NativeSecretStore {
    private let secrets: any SecretStore

    init(_ secrets: any SecretStore) {
        self.secrets = secrets
    }

    func load(name: String) throws -> NativeSecret? {
        try guarded { try secrets.load(name: name)?.native }
    }

    func save(name: String, secret: NativeSecret) throws {
        let secret = Secret(secret)
        defer { secret.close() }
        try guarded { try secrets.save(name: name, secret: secret) }
    }

    func remove(name: String) throws {
        try guarded { try secrets.delete(name: name) }
    }
}

final class HostClock: NativeClock {
    private let clock: any KeyClock

    init(_ clock: any KeyClock) {
        self.clock = clock
    }

    func nowMs() throws -> Int64 {
        try guarded { Int64(saturating: (try clock.now().timeIntervalSince1970 * 1000).rounded()) }
    }
}

final class HostLogSink: NativeLogSink {
    private let sink: any LogSink

    init(_ sink: any LogSink) {
        self.sink = sink
    }

    func tell(record: LogRecord) throws {
        try guarded { try sink.log(record) }
    }
}
