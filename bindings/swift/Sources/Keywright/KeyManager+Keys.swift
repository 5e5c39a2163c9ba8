// The life of keys.

import Foundation

extension KeyManager {
    /// Issues a key and shows its secret, this once.
    ///
    /// - Parameters:
    ///   - name: what people call it
    ///   - project: its project, by id or name; `default` if absent
    ///   - owner: `user_…`, `svc_…` or any string of the application's own; the project's default service account if absent
    ///   - scopes: what it may do: everything if absent, nothing if empty
    ///   - expiresIn: how long it lives, in whole seconds; not together with `expiresAt`
    ///   - expiresAt: when it stops being good
    ///   - allowedIps: CIDR blocks or addresses that it may be used from: anywhere if absent
    ///   - metadata: what the application keeps with it: up to 32 pairs
    ///   - keyClass: what it is for: `live` (if absent), `test` or `temp`
    ///   - rateLimit: a limit in short: `100/60s` is at most 100 requests in any 60 seconds
    ///   - credits: a limit in short: so many usage credits, once and for all
    ///   - limits: limits in full
    ///   - idempotencyKey: makes a retry safe for 24 hours: it gives the same key, with a fresh secret if it was never used
    ///     (the undelivered one is dead then), else ``KeywrightError/alreadyIssued``
    public func create(
        _ name: String,
        project: String? = nil,
        owner: String? = nil,
        scopes: [String]? = nil,
        expiresIn: Duration? = nil,
        expiresAt: Date? = nil,
        allowedIps: [String]? = nil,
        metadata: [String: String] = [:],
        keyClass: KeyClass? = nil,
        rateLimit: String? = nil,
        credits: Int? = nil,
        limits: [Limit] = [],
        idempotencyKey: String? = nil
    ) async throws -> Created {
        let input = NativeCreateInput(
            project: project,
            owner: owner,
            scopes: scopes,
            expiresIn: expiresIn?.wholeSeconds,
            expiresAt: expiresAt?.unixSeconds,
            allowedIps: allowedIps,
            metadata: metadata,
            keyClass: keyClass,
            rateLimit: rateLimit,
            credits: credits.map(Int64.init),
            limits: limits,
            idempotencyKey: idempotencyKey
        )
        return try await told { [native] in
            try await Created(native.create(name: name, input: input, cancel: $0))
        }
    }

    /// The key of that id.
    public func get(_ id: String) async throws -> ApiKey {
        try await told { [native] in try await native.get(id: id, cancel: $0) }
    }

    /// Keys, newest first; `for try await` goes through all pages.
    ///
    /// - Parameters:
    ///   - project: only in this project, by id or name
    ///   - owner: only of this owner
    ///   - status: only with this status
    ///   - search: only where name, id, owner or redacted value contains this
    ///   - includeRevoked: also revoked keys
    ///   - after: only what stands behind the key of this id
    ///   - limit: at most so many on a page, 1 to 1000; 20 if absent
    public func list(
        project: String? = nil,
        owner: String? = nil,
        status: KeyStatus? = nil,
        search: String? = nil,
        includeRevoked: Bool = false,
        after: String? = nil,
        limit: Int? = nil
    ) async throws -> Page<ApiKey> {
        let input = NativeListInput(
            project: project,
            owner: owner,
            status: status,
            search: search,
            includeRevoked: includeRevoked,
            after: after,
            limit: limit.map(Int64.init)
        )
        let page = try await told { [native] in try await native.list(input: input, cancel: $0) }
        return Page(data: page.data, hasMore: page.hasMore) { last in
            try await self.list(
                project: project, owner: owner, status: status, search: search, includeRevoked: includeRevoked,
                after: last.id, limit: limit
            )
        }
    }

    /// Changes some fields of a key. The rest stays as it is, also under concurrent changes.
    ///
    /// - Parameters:
    ///   - name: a new name
    ///   - metadata: new metadata, in place of all of the old
    ///   - scopes: new scopes; `.set(nil)` is everything
    ///   - allowedIps: new networks; `.set(nil)` is anywhere
    ///   - expiresAt: a new expiry; `.set(nil)` is never
    ///   - limits: new limits, in place of all of the old; what was used of one of the same name stays used
    @discardableResult
    public func update(
        _ id: String,
        name: String? = nil,
        metadata: [String: String]? = nil,
        scopes: Change<[String]?> = .keep,
        allowedIps: Change<[String]?> = .keep,
        expiresAt: Change<Date?> = .keep,
        limits: [Limit]? = nil
    ) async throws -> ApiKey {
        let input = NativeUpdateInput(
            name: name,
            metadata: metadata,
            scopes: scopes.map(NativeTextsChange.init(to:)),
            allowedIps: allowedIps.map(NativeTextsChange.init(to:)),
            expiresAt: expiresAt.map { NativeMomentChange(to: $0?.unixSeconds) },
            limits: limits
        )
        return try await told { [native] in try await native.update(id: id, input: input, cancel: $0) }
    }

    /// Gives a key a new secret; the old one stays good for `overlap` (24 hours if absent, at most 366 days; zero for a
    /// leak). Id, name, limits and history stay.
    ///
    /// - Throws: ``KeywrightError/invalidState``: only an active key rotates; ``KeywrightError/rotationInProgress``.
    public func rotate(_ id: String, overlap: Duration? = nil) async throws -> Created {
        let seconds = overlap?.wholeSeconds
        return try await told { [native] in
            try await Created(native.rotate(id: id, overlap: seconds, cancel: $0))
        }
    }

    /// Ends the old version of a rotation now.
    @discardableResult
    public func finishRotation(_ id: String) async throws -> ApiKey {
        try await told { [native] in try await native.finishRotation(id: id, cancel: $0) }
    }

    /// Ends the new version of a rotation now; the old one is current again.
    @discardableResult
    public func cancelRotation(_ id: String) async throws -> ApiKey {
        try await told { [native] in try await native.cancelRotation(id: id, cancel: $0) }
    }

    /// Switches a key off. Doing it twice changes nothing.
    @discardableResult
    public func disable(_ id: String) async throws -> ApiKey {
        try await told { [native] in try await native.disable(id: id, cancel: $0) }
    }

    /// Switches a key on again. Doing it twice changes nothing.
    @discardableResult
    public func enable(_ id: String) async throws -> ApiKey {
        try await told { [native] in try await native.enable(id: id, cancel: $0) }
    }

    /// Kills a key for good. When this returns, no verify that starts later succeeds with it, in this process or any other
    /// on the store. Doing it twice changes nothing.
    @discardableResult
    public func revoke(_ id: String, reason: RevocationReason = .unspecified) async throws -> ApiKey {
        try await told { [native] in try await native.revoke(id: id, reason: reason, cancel: $0) }
    }

    /// Revokes every key of an owner; says how many that were.
    @discardableResult
    public func revokeAll(_ owner: String, reason: RevocationReason = .unspecified) async throws -> Int {
        try await told { [native] in try await native.revokeAll(owner: owner, reason: reason, cancel: $0) }
    }

    /// How often a key was used on each of the last `days` days (1 to 90) in UTC, today included: one entry for each day,
    /// oldest first. A use is a verify that was answered `valid`; it is counted at most a second later.
    public func usage(_ id: String, days: Int = 30) async throws -> [DailyUse] {
        try await told { [native] in try await native.usage(id: id, days: Int64(days), cancel: $0) }
    }
}
