// The package's one door: opening a store, and what concerns it as a whole. What it does with keys stands in the
// extensions.

import Foundation

/// Issues keys, shows each secret once, verifies, rotates and revokes them. Made by
/// ``open(_:pepper:pepperFile:secretStore:pepperName:brand:acceptedClasses:mustExist:actor:clock:logSink:)``.
///
/// ```swift
/// let keys = try await KeyManager.open("keywright.db")
/// let created = try await keys.create("billing")
/// print(try created.secret.reveal()) // show it now: it can't be had again
/// print(try await keys.verify(created.secret).code) // valid
/// ```
///
/// Good for any number of tasks and threads. When a task is cancelled, its call is let go at once with a
/// `CancellationError`; what was submitted already may still take place.
public final class KeyManager: Sendable {
    let native: NativeManager

    /// Projects: every key is in one.
    public let projects: Projects
    /// Service accounts: programs that own keys.
    public let serviceAccounts: ServiceAccounts
    /// Users: people that own keys.
    public let users: Users
    /// Admin keys: for whoever manages keys from outside.
    public let adminKeys: AdminKeys
    /// The mark that this store's secrets begin with.
    public let brand: String
    /// The SQLite file, if the store is one.
    public let path: String?

    init(_ native: NativeManager) {
        self.native = native
        projects = Projects(native: native)
        serviceAccounts = ServiceAccounts(native: native)
        users = Users(native: native)
        adminKeys = AdminKeys(native: native)
        brand = native.brand()
        path = native.path()
    }

    /// Opens the store, and makes it (and its pepper) if it isn't there.
    ///
    /// - Parameters:
    ///   - store: a path, `sqlite:PATH` or `memory:`; where it is absent `KEYWRIGHT_STORE` counts, then `./keywright.db`
    ///   - pepper: the pepper itself: 64 hexadecimal digits, or `NUMBER:DIGITS` for each of several
    ///   - pepperFile: the file with the pepper
    ///   - secretStore: where the application keeps the pepper; it is made there with a new store
    ///   - pepperName: its name there: another for each store of keys
    ///   - brand: the brand of a store that is made now; for one that is there already it must be the same
    ///   - acceptedClasses: the classes whose secrets `verify` accepts; `live`, `test` and `temp` if absent
    ///   - mustExist: refuse to make a store that isn't there
    ///   - actor: who acts, in the audit trail; `library` if absent
    ///   - clock: what tells the time; the machine's clock if absent
    ///   - logSink: hears of refused verifications and warnings
    /// - Throws: ``KeywrightError/pepper`` if the pepper is missing or not this store's, ``KeywrightError/schemaVersion``
    ///   if a newer program wrote the file, ``KeywrightError/unavailable`` if it can't be read or written.
    public static func open(
        _ store: String? = nil,
        pepper: Secret? = nil,
        pepperFile: String? = nil,
        secretStore: (any SecretStore)? = nil,
        pepperName: String = "keywright.pepper",
        brand: String? = nil,
        acceptedClasses: [KeyClass]? = nil,
        mustExist: Bool = false,
        actor: String? = nil,
        clock: (any KeyClock)? = nil,
        logSink: (any LogSink)? = nil
    ) async throws -> KeyManager {
        let place = secretStore.map { NativePepperPlace(secrets: HostSecretStore($0), name: pepperName) }
        let input = NativeOpenInput(
            pepper: pepper?.native,
            pepperFile: pepperFile,
            pepperPlace: place,
            brand: brand,
            acceptedClasses: acceptedClasses,
            mustExist: mustExist,
            actor: actor,
            clock: clock.map(HostClock.init),
            logSink: logSink.map(HostLogSink.init)
        )
        return try await told { try await KeyManager(nativeOpen(store: store, input: input, cancel: $0)) }
    }

    /// The same store, with someone else acting in the audit trail, and the address that their request came from.
    public func actingAs(_ actor: String, ip: String? = nil) throws -> KeyManager {
        try KeyManager(told(now: { try native.actingAs(actor: actor, ip: ip) }))
    }

    /// Stores what is held back (last uses) now.
    public func flush() async throws {
        try await told { [native] in try await native.flush(cancel: $0) }
    }

    /// Stores what is held back and lets go of the store, for all managers on it. Later calls fail with
    /// ``KeywrightError/closed``; closing twice is fine. A task that is cancelled meanwhile closes all the same.
    public func close() async throws {
        // Nothing to cancel: a store that is half closed would be of no use.
        try await told { [native] _ in try await native.shut() }
    }
}

extension KeyManager: CustomStringConvertible, CustomReflectable {
    /// The file and the brand.
    public var description: String { "KeyManager(path: \(path ?? "none"), brand: \(brand))" }

    /// Without what it is made of.
    public var customMirror: Mirror {
        Mirror(self, children: ["path": path as Any, "brand": brand], displayStyle: .class)
    }
}
