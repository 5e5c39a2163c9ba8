// The calls of the manager's groups, and the wire forms.

import Foundation

@testable import Keywright

/// Carries out a call whose name has a dot.
func callGroup(_ keys: KeyManager, _ name: String, _ args: inout Arguments) async throws -> Value {
    switch name {
    case "projects.create":
        let title = try args.theText("name")
        let (usual, most) = (try args.span("default_lifetime"), try args.span("max_lifetime"))
        try args.none()
        return try await .parsed(keys.projects.create(title, defaultLifetime: usual, maxLifetime: most).toJson())
    case "projects.get": return try await .parsed(keys.projects.get(only("project", &args)).toJson())
    case "projects.archive": return try await .parsed(keys.projects.archive(only("project", &args)).toJson())
    case "projects.list":
        let archived = try args.flag("include_archived")
        try args.none()
        return try await wire(keys.projects.list(includeArchived: archived)) { $0.toJson() }
    case "service_accounts.create":
        let (title, project) = (try args.theText("name"), try args.text("project"))
        try args.none()
        return try await .parsed(keys.serviceAccounts.create(title, project: project).toJson())
    case "service_accounts.list":
        let project = try args.text("project")
        try args.none()
        return try await wire(keys.serviceAccounts.list(project: project)) { $0.toJson() }
    case "service_accounts.delete": return try await .whole(keys.serviceAccounts.delete(only("id", &args)))
    case "users.create": return try await .parsed(keys.users.create(only("name", &args)).toJson())
    case "users.list":
        try args.none()
        return try await wire(keys.users.list()) { $0.toJson() }
    case "users.delete": return try await .whole(keys.users.delete(only("id", &args)))
    default: return try await callAdminKeys(keys.adminKeys, name, &args)
    }
}

private func callAdminKeys(_ keys: AdminKeys, _ name: String, _ args: inout Arguments) async throws -> Value {
    switch name {
    case "admin_keys.create":
        let title = try args.theText("name")
        let (span, moment) = (try args.span("expires_in"), try args.moment("expires_at"))
        try args.none()
        return try await wire(keys.create(title, expiresIn: span, expiresAt: moment))
    case "admin_keys.get": return try await .parsed(keys.get(only("id", &args)).toJson())
    case "admin_keys.list":
        let status: KeyStatus? = try args.word("status")
        let (search, revoked) = (try args.text("search"), try args.flag("include_revoked"))
        let (after, limit) = (try args.text("after"), try args.number("limit"))
        try args.none()
        return try await wire(
            keys.list(status: status, search: search, includeRevoked: revoked, after: after, limit: limit)
        ) { $0.toJson() }
    case "admin_keys.revoke":
        let (id, reason): (String, RevocationReason?) = (try args.theText("id"), try args.word("reason"))
        try args.none()
        return try await .parsed(keys.revoke(id, reason: reason ?? .unspecified).toJson())
    case "admin_keys.verify":
        let secret = try args.needed("secret", args.secret("secret"))
        try args.none()
        return try await wire(keys.verify(secret))
    default: throw Unreadable("unknown call \(name)")
    }
}

private func only(_ name: String, _ args: inout Arguments) throws -> String {
    let text = try args.theText(name)
    try args.none()
    return text
}

func wire(_ created: Created) throws -> Value {
    .object(["key": try .parsed(created.key.toJson()), "secret": .text(try created.secret.reveal())])
}

func wire(_ answer: Verification) throws -> Value {
    let wait = answer.retryAfter.map { Int($0 / .milliseconds(1)) }
    return .object([
        "valid": .bool(answer.valid),
        "code": .text(answer.code.stableName),
        "key": try answer.key.map { try .parsed($0.toJson()) } ?? .null,
        "retry_after_ms": wait.map(Value.whole) ?? .null,
        "limit": answer.limit.map(Value.text) ?? .null,
    ])
}

func wire<Element>(_ page: Page<Element>, _ json: (Element) -> String) throws -> Value {
    .object(["data": .list(try page.data.map { try .parsed(json($0)) }), "has_more": .bool(page.hasMore)])
}

func wire<Element>(_ list: [Element], _ json: (Element) -> String) throws -> Value {
    whole(try list.map { try .parsed(json($0)) })
}

/// A list that came all at once.
func whole(_ list: [Value]) -> Value {
    .object(["data": .list(list), "has_more": .bool(false)])
}
