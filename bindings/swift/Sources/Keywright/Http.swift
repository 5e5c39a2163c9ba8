// What lies between an HTTP request and `verify`: the request's parts, the policy, the answer.

import Foundation

/// What of an HTTP request counts.
public struct RequestParts: Sendable {
    /// `GET`, `POST`, ….
    public let method: String
    /// The path and the query as they were received, still percent-encoded: `/v1/things?page=2`.
    public let target: String
    /// Names and values in the order in which they came; one that was sent twice stands twice. As UTF-8, as SwiftNIO
    /// gives them.
    public let headers: [(name: String, value: String)]
    /// The address at the other end of the connection; nil where it has none.
    public let peer: String?

    /// The parts of a request.
    public init(method: String, target: String, headers: [(name: String, value: String)], peer: String? = nil) {
        self.method = method
        self.target = target
        self.headers = headers
        self.peer = peer
    }

    var native: NativeRequest {
        let headers = headers.map { NativeHeader(name: $0.name, value: Data($0.value.utf8)) }
        return NativeRequest(method: method, target: target, headers: headers, peer: peer)
    }
}

extension RequestParts: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without values: one of them is a secret.
    public var description: String {
        "RequestParts(\(method), headers: \(headers.map(\.name)), peer: \(peer ?? "none"))"
    }

    /// Without values.
    public var debugDescription: String { description }

    /// Without values.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

/// How keys are presented, and in which form a refusal is told. Made once, good for every request.
public final class HttpPolicy: Sendable {
    let native: NativePolicy

    /// Reads the options.
    ///
    /// - Parameters:
    ///   - header: a header that holds the key alone, for example `x-api-key`, besides `Authorization: Bearer`
    ///   - trustedProxies: the proxies whose `X-Forwarded-For` counts: CIDR blocks or addresses, and `unix` for whoever
    ///     connects without an address. Nobody's counts if empty
    ///   - errorForm: the form of a refusal's body
    /// - Throws: ``KeywrightError/invalidArgument`` for a name that no header can have, and for what is no network.
    public init(header: String? = nil, trustedProxies: [String] = [], errorForm: ErrorForm = .openAi) throws {
        native = try told(now: {
            try NativePolicy.make(header: header, trustedProxies: trustedProxies, errorForm: errorForm)
        })
    }
}

/// Whether an HTTP request may pass, and the whole answer to send if not.
public struct Authorization: Sendable {
    /// Whether it may pass.
    public let allowed: Bool
    /// What came of it; for you, not for whoever asked.
    public let code: AuthorizeCode
    /// The status to answer with.
    public let status: Int
    /// The headers to answer with, also where it may pass (`RateLimit`).
    public let headers: [(name: String, value: String)]
    /// The body of a refusal; empty where it may pass.
    public let body: String
    /// The key, if it may pass.
    public let key: ApiKey?
    /// The key's id, wherever the secret was right.
    public let keyId: String?

    init(_ answer: NativeAuthorization) {
        allowed = answer.allowed
        code = answer.code
        status = answer.status
        headers = answer.headers.map { ($0.name, $0.value) }
        body = answer.body
        key = answer.key
        keyId = answer.keyId
    }
}

extension Authorization: CustomStringConvertible {
    /// The status and the code.
    public var description: String { "Authorization(\(status), \(code.stableName))" }
}
