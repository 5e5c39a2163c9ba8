// Spoken to line by line, in JSON, by the tests in which several languages share one store (tests/e2e).

import Foundation
import Keywright

/// What a line asks for is not known.
struct UnknownVerb: Error {}

func answer(_ verb: String, _ value: String, _ keys: KeyManager) async throws -> Any {
    switch verb {
    case "create":
        let created = try await keys.create(value)
        return ["id": created.key.id, "secret": try created.secret.reveal()]
    case "verify": return try await keys.verify(value).code.stableName
    case "rotate": return try await keys.rotate(value).secret.reveal()
    case "revoke": return try await keys.revoke(value).status.stableName
    default: throw UnknownVerb()
    }
}

let keys = try await KeyManager.open(CommandLine.arguments[1])
while let line = readLine() {
    guard let asked = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String],
        let (verb, value) = asked.first
    else { throw UnknownVerb() }
    let told = try await answer(verb, value, keys)
    let json = try JSONSerialization.data(withJSONObject: told, options: .fragmentsAllowed)
    FileHandle.standardOutput.write(json + Data("\n".utf8))
}
try await keys.close()
