// Spoken to line by line, in JSON, by the tests in which several languages share one store (tests/e2e).

import Foundation
import Keywright

/// What a line asks for is not known.
struct UnknownVerb: Error {}

func answer(_ verb: String, _ value: String, _ keys: KeyManager) async throws -> Data {
    switch verb {
    case "create":
        let created = try await keys.create(value)
        return try json(["id": created.key.id, "secret": try created.secret.reveal()])
    case "verify": return try json(await keys.verify(value).code.stableName)
    case "rotate": return try json(await keys.rotate(value).secret.reveal())
    case "revoke": return try json(await keys.revoke(value).status.stableName)
    default: throw UnknownVerb()
    }
}

func json(_ value: Any) throws -> Data {
    try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
}

let keys = try await KeyManager.open(CommandLine.arguments[1])
while let line = readLine() {
    guard let asked = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String],
        let (verb, value) = asked.first
    else { throw UnknownVerb() }
    FileHandle.standardOutput.write(try await answer(verb, value, keys) + Data("\n".utf8))
}
try await keys.close()
