// The answer of a verification.

/// The answer of `verify`: whether a key is good for a use, and why not.
public struct Verification: Sendable, Equatable {
    /// Why the key is good or not; for you, not for whoever asked.
    public let code: VerifyCode
    /// The key, wherever the secret was right; also if it may not be used. Of its versions it has the presented one alone.
    public let key: ApiKey?
    /// How long to wait, where waiting helps.
    public let retryAfter: Duration?
    /// The name of the limit that refused.
    public let limit: String?

    init(_ answer: NativeVerification) {
        code = answer.code
        key = answer.key
        retryAfter = answer.retryAfterMs.map { .milliseconds($0) }
        limit = answer.limit
    }

    /// Whether the key may be used.
    public var valid: Bool { code == .valid }

    /// The key's id.
    public var keyId: String? { key?.id }

    /// The HTTP status that stands for the code.
    public var httpStatus: Int { nativeHttpStatus(code: code) }

    /// What a public wire says in `error.code`: less than ``code``. Nil if valid.
    public var wireCode: String? { nativeWireCode(code: code) }
}

extension Verification: CustomStringConvertible {
    /// The code and the key's id.
    public var description: String { "Verification(\(code.stableName)\(keyId.map { ", \($0)" } ?? ""))" }
}
