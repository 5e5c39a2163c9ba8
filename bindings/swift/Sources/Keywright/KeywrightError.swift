// The one error that this package throws, apart from CancellationError.

import Foundation

/// What went wrong. Its text says what happened and what to do next; branch on ``code``, or catch one kind:
///
/// ```swift
/// do {
///     try await keys.rotate(id)
/// } catch KeywrightError.notFound {
///     // There is no such key.
/// }
/// ```
///
/// It never holds input that could be a secret. A call whose task is cancelled throws `CancellationError` in its place.
public struct KeywrightError: LocalizedError, Equatable, Sendable {
    /// The stable kind of error.
    public let code: ErrorCode
    /// One sentence that says what happened.
    public let reason: String
    /// What to do next, where there is something to say.
    public let hint: String?
    /// The key that it is about, where it is known.
    public let keyId: String?

    init(code: ErrorCode, reason: String, hint: String? = nil, keyId: String? = nil) {
        self.code = code
        self.reason = reason
        self.hint = hint
        self.keyId = keyId
    }

    /// What happened and what to do next.
    public var message: String { hint.map { "\(reason): \($0)" } ?? reason }

    /// The same, for `localizedDescription`.
    public var errorDescription: String? { message }

    /// What happened.
    public var failureReason: String? { reason }

    /// What to do next.
    public var recoverySuggestion: String? { hint }
}

extension KeywrightError: CustomStringConvertible {
    /// The code's stable name and the message.
    public var description: String { "\(code.stableName): \(message)" }
}

extension KeywrightError {
    /// An argument has the wrong form, type or range; nothing was done.
    public static var invalidArgument: ErrorCode { .invalidArgument }
    /// There is no such key, project, service account or user.
    public static var notFound: ErrorCode { .notFound }
    /// Something of that name is there already.
    public static var alreadyExists: ErrorCode { .alreadyExists }
    /// The object's state does not allow it: revoked and expired are final.
    public static var invalidState: ErrorCode { .invalidState }
    /// Two versions live already: finish or cancel that rotation first.
    public static var rotationInProgress: ErrorCode { .rotationInProgress }
    /// The key of this idempotency key was issued and has been used; its secret is not shown again.
    public static var alreadyIssued: ErrorCode { .alreadyIssued }
    /// The idempotency key was used with other parameters.
    public static var idempotencyConflict: ErrorCode { .idempotencyConflict }
    /// This build or this kind of store cannot do it.
    public static var unsupported: ErrorCode { .unsupported }
    /// The pepper is not the one that the store was made with, or is missing or unreadable.
    public static var pepper: ErrorCode { .pepper }
    /// The store was written by a newer program, or needs `keywright upgrade`.
    public static var schemaVersion: ErrorCode { .schemaVersion }
    /// A row, the audit chain or the revocation log was changed by someone without the pepper.
    public static var tampered: ErrorCode { .tampered }
    /// The store could not be read or written; whether a write took effect is unknown only if the message says so.
    public static var unavailable: ErrorCode { .unavailable }
    /// The manager or the secret has been closed, or the manager refuses to work after an internal failure.
    public static var closed: ErrorCode { .closed }
    /// The call was cancelled. Tasks see a `CancellationError` in its place.
    public static var cancelled: ErrorCode { .cancelled }
    /// A fault in this library; please report it.
    public static var `internal`: ErrorCode { .internal }
}

extension ErrorCode {
    /// Lets `catch KeywrightError.notFound` catch the errors with that code.
    public static func ~= (code: ErrorCode, error: any Error) -> Bool {
        (error as? KeywrightError)?.code == code
    }
}
