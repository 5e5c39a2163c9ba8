// From a call's name and arguments to the package, and from its result to the wire form.

import Foundation

@testable import Keywright

/// Carries out a call.
func call(_ keys: KeyManager, _ name: String, _ fields: [String: Value]) async throws -> Value {
    var args = Arguments(fields)
    switch name {
    case "create": return try await create(keys, &args)
    case "get": return try await byId(keys.get, &args)
    case "finish_rotation": return try await byId(keys.finishRotation, &args)
    case "cancel_rotation": return try await byId(keys.cancelRotation, &args)
    case "disable": return try await byId(keys.disable, &args)
    case "enable": return try await byId(keys.enable, &args)
    case "list":
        let (project, owner) = (try args.text("project"), try args.text("owner"))
        let status: KeyStatus? = try args.word("status")
        let (search, revoked) = (try args.text("search"), try args.flag("include_revoked"))
        let (after, limit) = (try args.text("after"), try args.number("limit"))
        try args.none()
        return try await wire(
            keys.list(
                project: project, owner: owner, status: status, search: search, includeRevoked: revoked, after: after,
                limit: limit
            )
        ) { $0.toJson() }
    case "update": return try await update(keys, &args)
    case "rotate":
        let (id, overlap) = (try args.theText("id"), try args.span("overlap"))
        try args.none()
        return try await wire(keys.rotate(id, overlap: overlap))
    case "revoke":
        let (id, reason): (String, RevocationReason?) = (try args.theText("id"), try args.word("reason"))
        try args.none()
        return try await .parsed(keys.revoke(id, reason: reason ?? .unspecified).toJson())
    case "revoke_all":
        let (owner, reason): (String, RevocationReason?) = (try args.theText("owner"), try args.word("reason"))
        try args.none()
        return try await .whole(keys.revokeAll(owner, reason: reason ?? .unspecified))
    case "usage":
        let (id, days) = (try args.theText("id"), try args.number("days"))
        try args.none()
        return try await wire(keys.usage(id, days: days ?? 30)) { $0.toJson() }
    case "verify": return try await verify(keys, &args)
    case "authorize": return try await authorize(keys, &args)
    case "identify":
        let secret = try args.needed("secret", args.secret("secret"))
        try args.none()
        return try await keys.identify(secret).map { try .parsed($0.toJson()) } ?? .null
    case "import_keys": return try await importKeys(keys, &args)
    case "export_keys":
        try args.none()
        var lines: [Value] = []
        for try await line in keys.exportKeys() { lines.append(try .parsed(line)) }
        return whole(lines)
    case "audit":
        let (object, project) = (try args.text("object_id"), try args.text("project"))
        let (types, actor) = (try args.texts("event_types") ?? [], try args.text("actor"))
        let (since, after, limit) = (try args.moment("since"), try args.number("after"), try args.number("limit"))
        try args.none()
        return try await wire(
            keys.audit(
                objectId: object, project: project, eventTypes: types, actor: actor, since: since, after: after,
                limit: limit
            )
        ) { $0.toJson() }
    case "verify_audit":
        try args.none()
        return try await keys.verifyAudit().map { try .parsed($0.toJson()) } ?? .null
    case "flush":
        try args.none()
        try await keys.flush()
        return .null
    case "close":
        try args.none()
        try await keys.close()
        return .null
    case "brand":
        try args.none()
        return .text(keys.brand)
    default: return try await callGroup(keys, name, &args)
    }
}

private func byId(_ run: (String) async throws -> ApiKey, _ args: inout Arguments) async throws -> Value {
    let id = try args.theText("id")
    try args.none()
    return try await .parsed(run(id).toJson())
}

private func create(_ keys: KeyManager, _ args: inout Arguments) async throws -> Value {
    let name = try args.theText("name")
    let (project, owner, scopes) = (try args.text("project"), try args.text("owner"), try args.texts("scopes"))
    let (span, moment) = (try args.span("expires_in"), try args.moment("expires_at"))
    let (networks, pairs) = (try args.texts("allowed_ips"), try args.pairs("metadata") ?? [:])
    let keyClass: KeyClass? = try args.word("class")
    let (rate, credits) = (try args.text("rate_limit"), try args.number("credits"))
    let (limits, again) = (try args.limits("limits") ?? [], try args.text("idempotency_key"))
    try args.none()
    return try await wire(
        keys.create(
            name, project: project, owner: owner, scopes: scopes, expiresIn: span, expiresAt: moment,
            allowedIps: networks, metadata: pairs, keyClass: keyClass, rateLimit: rate, credits: credits,
            limits: limits, idempotencyKey: again
        )
    )
}

private func update(_ keys: KeyManager, _ args: inout Arguments) async throws -> Value {
    let (id, name, pairs) = (try args.theText("id"), try args.text("name"), try args.pairs("metadata"))
    let scopes = try args.change("scopes") { try $0.texts("scopes") }
    let networks = try args.change("allowed_ips") { try $0.texts("allowed_ips") }
    let moment = try args.change("expires_at") { try $0.moment("expires_at") }
    let limits = try args.limits("limits")
    try args.none()
    return try await .parsed(
        keys.update(
            id, name: name, metadata: pairs, scopes: scopes, allowedIps: networks, expiresAt: moment, limits: limits
        ).toJson()
    )
}

private func verify(_ keys: KeyManager, _ args: inout Arguments) async throws -> Value {
    let given = args
    let secret = try args.needed("secret", args.secret("secret"))
    let (scopes, ip, cost) = (try args.texts("scopes") ?? [], try args.text("ip"), try args.number("cost"))
    try args.none()
    // Texts by the way that most go; what is none, as a `Secret`.
    var again = given
    let answer =
        if let text = try? again.text("secret") {
            try await keys.verify(text, scopes: scopes, ip: ip, cost: cost)
        } else {
            try await keys.verify(secret, scopes: scopes, ip: ip, cost: cost)
        }
    return try wire(answer)
}

private func authorize(_ keys: KeyManager, _ args: inout Arguments) async throws -> Value {
    let parts = RequestParts(
        method: try args.text("method") ?? "GET",
        target: try args.text("target") ?? "/",
        headers: try args.headers("headers") ?? [],
        peer: try args.text("peer")
    )
    let (scopes, cost) = (try args.texts("scopes") ?? [], try args.number("cost"))
    let (header, proxies) = (try args.text("header"), try args.texts("trusted_proxies") ?? [])
    let form: ErrorForm? = try args.word("error_form")
    try args.none()
    let policy = try HttpPolicy(header: header, trustedProxies: proxies, errorForm: form ?? .openAi)
    let answer = try await keys.authorize(parts, scopes: scopes, cost: cost, policy: policy)
    let headers = answer.headers.map { ($0.name, Value.text($0.value)) }
    return .object([
        "allowed": .bool(answer.allowed),
        "code": .text(answer.code.stableName),
        "status": .whole(answer.status),
        "headers": .object(Dictionary(headers) { $1 }),
        "body": answer.body.isEmpty ? .null : try .parsed(answer.body),
        "key": try answer.key.map { try .parsed($0.toJson()) } ?? .null,
        "key_id": answer.keyId.map(Value.text) ?? .null,
    ])
}

private func importKeys(_ keys: KeyManager, _ args: inout Arguments) async throws -> Value {
    let records = try args.needed("records", args.objects("records")).map { fields in
        var args = Arguments(fields)
        let record = ImportRecord(
            name: try args.theText("name"),
            secret: try args.secret("secret"),
            hashFormat: try args.text("hash_format"),
            hash: try args.text("hash"),
            hashKey: try args.secret("hash_key"),
            hashKeyHex: try args.secret("hash_key_hex"),
            prefix: try args.text("prefix"),
            redactedValue: try args.text("redacted_value"),
            project: try args.text("project"),
            owner: try args.text("owner"),
            keyClass: try args.word("class"),
            scopes: try args.texts("scopes"),
            expiresAt: try args.moment("expires_at"),
            allowedIps: try args.texts("allowed_ips"),
            metadata: try args.pairs("metadata") ?? [:],
            limits: try args.limits("limits") ?? []
        )
        try args.none()
        return record
    }
    try args.none()
    return try await .parsed(keys.importKeys(records).toJson())
}
