// The stable names of every word: the same in every language, for logs and for the wire.

private let words = nativeWords()

/// The names of a table by its cases: both stand in the same order.
private func table<Word: CaseIterable & Hashable>(_ names: [String]) -> [Word: String] {
    Dictionary(uniqueKeysWithValues: zip(Word.allCases, names))
}

private let keyClasses: [KeyClass: String] = table(words.keyClass)
private let keyStatuses: [KeyStatus: String] = table(words.keyStatus)
private let versionStatuses: [VersionStatus: String] = table(words.versionStatus)
private let ownerKinds: [OwnerKind: String] = table(words.ownerKind)
private let revocationReasons: [RevocationReason: String] = table(words.revocationReason)
private let verifyCodes: [VerifyCode: String] = table(words.verifyCode)
private let errorCodes: [ErrorCode: String] = table(words.errorCode)
private let logLevels: [LogLevel: String] = table(words.logLevel)
private let errorForms: [ErrorForm: String] = table(words.errorForm)
private let authorizeCodes: [AuthorizeCode: String] = table(words.authorizeCode)

extension KeyClass {
    /// The stable name, in `snake_case`: for logs, for the wire, and the same in every language.
    public var stableName: String { keyClasses[self, default: ""] }
}

extension KeyStatus {
    /// The stable name, in `snake_case`.
    public var stableName: String { keyStatuses[self, default: ""] }
}

extension VersionStatus {
    /// The stable name, in `snake_case`.
    public var stableName: String { versionStatuses[self, default: ""] }
}

extension OwnerKind {
    /// The stable name, in `snake_case`.
    public var stableName: String { ownerKinds[self, default: ""] }
}

extension RevocationReason {
    /// The stable name, in `snake_case`.
    public var stableName: String { revocationReasons[self, default: ""] }
}

extension VerifyCode {
    /// The stable name, in `snake_case`.
    public var stableName: String { verifyCodes[self, default: ""] }
}

extension ErrorCode {
    /// The stable name, in `snake_case`.
    public var stableName: String { errorCodes[self, default: ""] }
}

extension LogLevel {
    /// The stable name, in `snake_case`.
    public var stableName: String { logLevels[self, default: ""] }
}

extension ErrorForm {
    /// The stable name, in `snake_case`.
    public var stableName: String { errorForms[self, default: ""] }
}

extension AuthorizeCode {
    /// The stable name, in `snake_case`.
    public var stableName: String { authorizeCodes[self, default: ""] }
}
