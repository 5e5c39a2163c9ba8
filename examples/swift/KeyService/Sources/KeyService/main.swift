// The life of a key, from end to end, on a real file.

import Foundation
import Keywright

let store = ProcessInfo.processInfo.environment["KEYWRIGHT_STORE"] ?? "keywright.db"
let secrets = URL(fileURLWithPath: store).deletingLastPathComponent().appendingPathComponent("key-service-secrets")
let service = try await KeyService(store: store, secrets: secrets)

/// Presents a secret and says what came of it.
func present(_ secret: Secret, as what: String) async throws {
    let (customer, code) = try await service.customer(presenting: secret)
    print("\(what): \(customer.map { "hello, \($0)" } ?? "refused (\(code.stableName))")")
}

let (id, first) = try await service.issue("laptop", to: "ada")
print("issued \(first)")  // a program would show first.reveal(), this once
try await present(first, as: "the new key")

let second = try await service.rotate(id)
try await present(first, as: "the old secret, for an hour yet")
try await present(second, as: "the new secret")

print("revoked \(try await service.dismiss("ada")) of ada's keys")
try await present(second, as: "the new secret")
try await present(Secret("kw_live_nonsense"), as: "nonsense")

print(try await service.history().joined(separator: "\n"))
for secret in [first, second] { secret.close() }
try await service.close()
