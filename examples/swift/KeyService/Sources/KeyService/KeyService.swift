// What an application makes of keywright: an actor with the few acts that it needs.

import Foundation
import Keywright

/// Gives customers keys, and knows them again.
actor KeyService {
    private let keys: KeyManager

    /// Opens the store, with the pepper in a folder that only the application's own user may read.
    init(store: String, secrets: URL) async throws {
        keys = try await KeyManager.open(store, secretStore: FileSecretStore(folder: secrets), actor: "key-service")
    }

    /// A new key for a customer. Show the secret now, and keep the id.
    func issue(_ name: String, to customer: String) async throws -> (id: String, secret: Secret) {
        let created = try await keys.create(
            name, owner: customer, scopes: ["hello.read"], expiresIn: .seconds(90 * 24 * 3600), rateLimit: "100/60s"
        )
        return (created.key.id, created.secret)
    }

    /// Which customer presents this secret? Nil if it may not be used, and the code for the log.
    func customer(presenting secret: Secret) async throws -> (customer: String?, code: VerifyCode) {
        let answer = try await keys.verify(secret, scopes: ["hello.read"])
        return (answer.valid ? answer.key?.owner.id : nil, answer.code)
    }

    /// A new secret for a key; the old one stays good for an hour.
    func rotate(_ id: String) async throws -> Secret {
        try await keys.rotate(id, overlap: .seconds(3600)).secret
    }

    /// The end of a customer's keys.
    func dismiss(_ customer: String) async throws -> Int {
        try await keys.revokeAll(customer, reason: .affiliationChanged)
    }

    /// What the audit trail says, oldest first.
    func history() async throws -> [String] {
        var lines: [String] = []
        for try await event in try await keys.audit(eventTypes: [
            "api_key.created", "api_key.rotated", "api_key.revoked",
        ]) {
            lines.append("\(event.eventType) by \(event.actor)")
        }
        return lines
    }

    /// Lets go of the store.
    func close() async throws {
        try await keys.close()
    }
}
