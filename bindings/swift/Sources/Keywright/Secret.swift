// The secret of a key, and secrets on their way in.

import Foundation

/// A secret: shown by ``reveal()`` alone. `description`, `debugDescription`, mirrors, `dump` and interpolation show what
/// may be shown of it.
///
/// It lies in memory that ``close()`` wipes, and the end of its life does, too. A `String` that was made of it, by
/// ``reveal()``, or that it was made of, can't be wiped.
public final class Secret: Sendable {
    let native: NativeSecret

    init(_ native: NativeSecret) {
        self.native = native
    }

    /// Takes a text over as a secret.
    public convenience init(_ text: String) {
        self.init(presented(text) { NativeSecret.fromBytes(bytes: $0) })
    }

    /// Takes bytes over as a secret. They stay the caller's, who may wipe them.
    public convenience init(_ bytes: Data) {
        self.init(NativeSecret.fromBytes(bytes: bytes))
    }

    /// What may be shown of it, for example `acme_live_kw1FSNt…`.
    public var redactedValue: String { native.redactedValue() }

    /// The secret itself. Whatever is done with the answer is no longer protected.
    ///
    /// - Throws: ``KeywrightError/closed`` after ``close()``.
    public func reveal() throws -> String {
        try told(now: native.reveal)
    }

    /// Wipes it now; doing it twice is fine.
    public func close() {
        native.wipe()
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Redacted.
    public var description: String { native.shown() }

    /// Redacted.
    public var debugDescription: String { native.shown() }

    /// Empty: there is nothing in it to look at.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}

/// Gives a text's own bytes, without a copy: one could not be wiped.
func presented<Value>(_ text: String, _ use: (Data) throws -> Value) rethrows -> Value {
    var text = text
    return try text.withUTF8 { bytes in
        guard let start = bytes.baseAddress else { return try use(Data()) }
        // Only looked at, though its type says that it could be written to.
        let memory = UnsafeMutableRawPointer(mutating: start)
        return try use(Data(bytesNoCopy: memory, count: bytes.count, deallocator: .none))
    }
}
