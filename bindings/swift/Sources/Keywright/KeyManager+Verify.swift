// Whether a secret, or a request, is good for a use.

import Foundation

extension KeyManager {
    /// Whether a presented secret is good for a use. Takes it exactly: nothing is trimmed. Any kind of bad key is a result,
    /// and so is ``VerifyCode/unavailable`` (no answer could be had: deny).
    ///
    /// Where the answer is at hand it takes no trip through another thread.
    ///
    /// - Parameters:
    ///   - secret: what was presented
    ///   - scopes: the use requires all of these
    ///   - ip: the address that the use comes from
    ///   - cost: how many usage credits it costs; 1 if absent
    /// - Throws: ``KeywrightError/invalidArgument`` if what is required is malformed.
    public func verify(
        _ secret: String, scopes: [String] = [], ip: String? = nil, cost: Int? = nil
    ) async throws -> Verification {
        let required = NativeRequirements(scopes: scopes, ip: ip, cost: cost.map(Int64.init))
        if let answer = try presented(secret, { try verifyNow($0, required) }) { return answer }
        return try await closing(Secret(secret)) { try await self.verifyLater($0, required) }
    }

    /// The same of bytes.
    public func verify(
        _ secret: Data, scopes: [String] = [], ip: String? = nil, cost: Int? = nil
    ) async throws -> Verification {
        let required = NativeRequirements(scopes: scopes, ip: ip, cost: cost.map(Int64.init))
        if let answer = try verifyNow(secret, required) { return answer }
        return try await closing(Secret(secret)) { try await self.verifyLater($0, required) }
    }

    /// The same of a ``Secret``.
    public func verify(
        _ secret: Secret, scopes: [String] = [], ip: String? = nil, cost: Int? = nil
    ) async throws -> Verification {
        try await verifyLater(secret, NativeRequirements(scopes: scopes, ip: ip, cost: cost.map(Int64.init)))
    }

    /// Whether an HTTP request may pass, and if not, what to answer.
    ///
    /// The key stands in `Authorization: Bearer`, or in the one header that `policy` names. Two credentials are a 400, and
    /// so is a key in the URL. All refusals with 401 are the same bytes, but for `expired_api_key`. A store that can't be
    /// asked, a closed one too, is an answer: 503.
    ///
    /// - Parameters:
    ///   - request: what of the request counts
    ///   - scopes: the use requires all of these
    ///   - cost: how many usage credits it costs; 1 if absent
    ///   - policy: how keys are presented, and in which form a refusal is told
    public func authorize(
        _ request: RequestParts, scopes: [String] = [], cost: Int? = nil, policy: HttpPolicy? = nil
    ) async throws -> Authorization {
        let required = NativeAuthorizeInput(scopes: scopes, cost: cost.map(Int64.init), policy: policy?.native)
        let parts = request.native
        if let answer = try told(now: { try native.authorizeNow(request: parts, required: required) }) {
            return Authorization(answer)
        }
        return try await told { [native] in
            try await Authorization(native.authorize(request: parts, required: required, cancel: $0))
        }
    }

    /// Which key is this? Gives no access: the key may be revoked, expired or for another use.
    public func identify(_ secret: String) async throws -> ApiKey? {
        try await closing(Secret(secret)) { try await self.identify($0) }
    }

    /// The same of a ``Secret``.
    public func identify(_ secret: Secret) async throws -> ApiKey? {
        try await told { [native] in try await native.identify(secret: secret.native, cancel: $0) }
    }

    private func verifyNow(_ secret: Data, _ required: NativeRequirements) throws -> Verification? {
        try told(now: {
            let plain = required.scopes.isEmpty && required.ip == nil && required.cost == nil
            let answer =
                plain
                ? try native.verifyNow(secret: secret)
                : try native.verifyForNow(secret: secret, required: required)
            return answer.map(Verification.init)
        })
    }

    private func verifyLater(_ secret: Secret, _ required: NativeRequirements) async throws -> Verification {
        try await told { [native] in
            try await Verification(native.verify(secret: secret.native, required: required, cancel: $0))
        }
    }
}

/// Does something with a secret of our own, and wipes it.
func closing<Value: Sendable>(
    _ secret: Secret, _ use: @Sendable (Secret) async throws -> Value
) async throws -> Value {
    defer { secret.close() }
    return try await use(secret)
}
