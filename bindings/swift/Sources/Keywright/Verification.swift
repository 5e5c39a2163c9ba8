// The answer of a verification.

/// The answer of `verify`: whether a key is good for a use, and why not.
public struct Verification: Sendable {
    /// Why the key is good or not; for you, not for whoever asked.
    public let code: VerifyCode
    /// The key's id, wherever the secret was right.
    public let keyId: String?
    /// How long to wait, where waiting helps.
    public let retryAfter: Duration?
    /// The name of the limit that refused.
    public let limit: String?
    private let answer: NativeAnswer?

    init(_ told: NativeVerification) {
        code = told.code
        keyId = told.keyId
        retryAfter = told.retryAfterMs.map { .milliseconds($0) }
        limit = told.limit
        answer = told.answer
    }

    /// The key, wherever the secret was right; also if it may not be used. Of its versions it has the presented one alone.
    /// Made each time that it is asked for.
    public var key: ApiKey? { try? answer?.key() }

    /// Whether the key may be used.
    public var valid: Bool { code == .valid }

    /// The HTTP status that stands for the code.
    public var httpStatus: Int { nativeHttpStatus(code: code) }

    /// What a public wire says in `error.code`: less than ``code``. Nil if valid.
    public var wireCode: String? { nativeWireCode(code: code) }
}

extension Verification: CustomStringConvertible {
    /// The code and the key's id.
    public var description: String { "Verification(\(code.stableName)\(keyId.map { ", \($0)" } ?? ""))" }
}
