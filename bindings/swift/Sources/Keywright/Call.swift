// Calls into the library: a task's cancellation reaches them, and what they throw becomes the public error. Moments and
// spans become whole seconds; what has none becomes a number that the library refuses.

import Foundation

/// Runs a call that may wait. When its task is cancelled the library lets the call go.
func told<Value: Sendable>(
    _ call: @Sendable (NativeCancelToken) async throws -> Value
) async throws -> Value {
    let token = NativeCancelToken()
    return try await withTaskCancellationHandler {
        do {
            return try await call(token)
        } catch {
            throw told(error)
        }
    } onCancel: {
        token.cancel()
    }
}

/// Runs a call that doesn't wait.
func told<Value>(now call: () throws -> Value) throws -> Value {
    do {
        return try call()
    } catch {
        throw told(error)
    }
}

/// The public error for one of the library's.
private func told(_ error: any Error) -> any Error {
    guard case NativeFailure.Told(let code, let text, let hint, let keyId) = error else {
        // What the generated code says could hold anything.
        return KeywrightError(
            code: .internal, reason: "keywright failed inside", hint: "open the store anew, and report the failure"
        )
    }
    return code == .cancelled ? CancellationError() : KeywrightError(code: code, reason: text, hint: hint, keyId: keyId)
}

extension Date {
    /// Whole Unix seconds, rounded down.
    var unixSeconds: Int64 { Int64(saturating: timeIntervalSince1970.rounded(.down)) }
}

extension Duration {
    /// Whole seconds, rounded down.
    var wholeSeconds: Int64 {
        let (seconds, attoseconds) = components
        return attoseconds < 0 && seconds > Int64.min ? seconds - 1 : seconds
    }
}

extension Int64 {
    /// The nearest number that there is; none is as good as the least.
    init(saturating number: Double) {
        self = Int64(exactly: number) ?? (number > 0 ? .max : .min)
    }
}
