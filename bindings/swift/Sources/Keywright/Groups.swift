// What belongs to keys: projects, service accounts, users, admin keys.

import Foundation

/// Projects: every key is in one.
public struct Projects: Sendable {
    let native: NativeManager

    /// Makes a project.
    ///
    /// - Parameters:
    ///   - name: what people call it
    ///   - defaultLifetime: how long a key lives if nothing is said; forever if absent
    ///   - maxLifetime: the longest that a key may live
    public func create(
        _ name: String, defaultLifetime: Duration? = nil, maxLifetime: Duration? = nil
    ) async throws -> Project {
        let (usual, most) = (defaultLifetime?.wholeSeconds, maxLifetime?.wholeSeconds)
        return try await told { [native] in
            try await native.projectsCreate(name: name, defaultLifetime: usual, maxLifetime: most, cancel: $0)
        }
    }

    /// The project of that id or name.
    public func get(_ project: String) async throws -> Project {
        try await told { [native] in try await native.projectsGet(project: project, cancel: $0) }
    }

    /// All projects.
    public func list(includeArchived: Bool = false) async throws -> [Project] {
        try await told { [native] in try await native.projectsList(includeArchived: includeArchived, cancel: $0) }
    }

    /// Archives a project: no keys are made in it any more, and those that are there are revoked.
    @discardableResult
    public func archive(_ project: String) async throws -> Project {
        try await told { [native] in try await native.projectsArchive(project: project, cancel: $0) }
    }
}

/// Service accounts: programs that own keys.
public struct ServiceAccounts: Sendable {
    let native: NativeManager

    /// Makes a service account in a project; in `default` if none is named.
    public func create(_ name: String, project: String? = nil) async throws -> ServiceAccount {
        try await told { [native] in
            try await native.serviceAccountsCreate(name: name, project: project, cancel: $0)
        }
    }

    /// All service accounts, or those of one project.
    public func list(project: String? = nil) async throws -> [ServiceAccount] {
        try await told { [native] in try await native.serviceAccountsList(project: project, cancel: $0) }
    }

    /// Deletes a service account and revokes its keys; says how many those were.
    @discardableResult
    public func delete(_ id: String) async throws -> Int {
        try await told { [native] in try await native.serviceAccountsDelete(id: id, cancel: $0) }
    }
}

/// Users: people that own keys.
public struct Users: Sendable {
    let native: NativeManager

    /// Adds a user.
    public func create(_ name: String) async throws -> User {
        try await told { [native] in try await native.usersCreate(name: name, cancel: $0) }
    }

    /// All users.
    public func list() async throws -> [User] {
        try await told { [native] in try await native.usersList(cancel: $0) }
    }

    /// Deletes a user and revokes their keys; says how many those were.
    @discardableResult
    public func delete(_ id: String) async throws -> Int {
        try await told { [native] in try await native.usersDelete(id: id, cancel: $0) }
    }
}

/// Admin keys: for whoever manages keys from outside. They are never accepted as data keys.
public struct AdminKeys: Sendable {
    let native: NativeManager

    /// Issues an admin key and shows its secret, this once.
    ///
    /// - Parameters:
    ///   - name: what people call it
    ///   - expiresIn: how long it lives, in whole seconds; not together with `expiresAt`
    ///   - expiresAt: when it stops being good
    public func create(_ name: String, expiresIn: Duration? = nil, expiresAt: Date? = nil) async throws -> Created {
        let (span, moment) = (expiresIn?.wholeSeconds, expiresAt?.unixSeconds)
        return try await told { [native] in
            try await Created(native.adminKeysCreate(name: name, expiresIn: span, expiresAt: moment, cancel: $0))
        }
    }

    /// The admin key of that id.
    public func get(_ id: String) async throws -> ApiKey {
        try await told { [native] in try await native.adminKeysGet(id: id, cancel: $0) }
    }

    /// Admin keys, newest first; `for try await` goes through all pages.
    ///
    /// - Parameters:
    ///   - status: only with this status
    ///   - search: only where name, id or redacted value contains this
    ///   - includeRevoked: also revoked keys
    ///   - after: only what stands behind the key of this id
    ///   - limit: at most so many on a page, 1 to 1000; 20 if absent
    public func list(
        status: KeyStatus? = nil,
        search: String? = nil,
        includeRevoked: Bool = false,
        after: String? = nil,
        limit: Int? = nil
    ) async throws -> Page<ApiKey> {
        let input = NativeListInput(
            project: nil, owner: nil, status: status, search: search, includeRevoked: includeRevoked, after: after,
            limit: limit.map(Int64.init)
        )
        let page = try await told { [native] in try await native.adminKeysList(input: input, cancel: $0) }
        return Page(data: page.data, hasMore: page.hasMore) { last in
            try await self.list(
                status: status, search: search, includeRevoked: includeRevoked, after: last.id, limit: limit
            )
        }
    }

    /// Kills an admin key for good.
    @discardableResult
    public func revoke(_ id: String, reason: RevocationReason = .unspecified) async throws -> ApiKey {
        try await told { [native] in try await native.adminKeysRevoke(id: id, reason: reason, cancel: $0) }
    }

    /// Whether a secret is that of an admin key in good standing.
    public func verify(_ secret: String) async throws -> Verification {
        try await closing(Secret(secret)) { try await self.verify($0) }
    }

    /// The same of a ``Secret``.
    public func verify(_ secret: Secret) async throws -> Verification {
        try await told { [native] in
            try await Verification(native.adminKeysVerify(secret: secret.native, cancel: $0))
        }
    }
}
