// Keys that another system issued.

import Foundation

/// A key that another system issued: by the hash that it kept (``hashFormat`` and ``hash``), or by the ``secret`` itself.
public struct ImportRecord: Sendable {
    /// What people call it.
    public var name: String
    /// The secret itself.
    public var secret: Secret?
    /// `sha256`, `sha512`, `hmac-sha256`, `bcrypt`, `argon2` or `django`.
    public var hashFormat: String?
    /// The hash: hexadecimal, base64 or base64url for the plain ones, else in its own text form.
    public var hash: String?
    /// The key of an HMAC.
    public var hashKey: Secret?
    /// The same in hexadecimal.
    public var hashKeyHex: Secret?
    /// What the secret begins with: 4 to 64 printable ASCII characters that begin no other imported secret. Required for
    /// salted hashes.
    public var prefix: String?
    /// What may be shown of the secret; the prefix if absent.
    public var redactedValue: String?
    /// Its project, by id or name.
    public var project: String?
    /// Its owner.
    public var owner: String?
    /// `live` (if absent) or `test`.
    public var keyClass: KeyClass?
    /// What it may do: everything if absent.
    public var scopes: [String]?
    /// When it stops being good.
    public var expiresAt: Date?
    /// The networks that it may be used from.
    public var allowedIps: [String]?
    /// What the application keeps with it.
    public var metadata: [String: String]
    /// The bounds on its use.
    public var limits: [Limit]

    /// A record, of which all but the name may be absent.
    public init(
        name: String,
        secret: Secret? = nil,
        hashFormat: String? = nil,
        hash: String? = nil,
        hashKey: Secret? = nil,
        hashKeyHex: Secret? = nil,
        prefix: String? = nil,
        redactedValue: String? = nil,
        project: String? = nil,
        owner: String? = nil,
        keyClass: KeyClass? = nil,
        scopes: [String]? = nil,
        expiresAt: Date? = nil,
        allowedIps: [String]? = nil,
        metadata: [String: String] = [:],
        limits: [Limit] = []
    ) {
        self.name = name
        self.secret = secret
        self.hashFormat = hashFormat
        self.hash = hash
        self.hashKey = hashKey
        self.hashKeyHex = hashKeyHex
        self.prefix = prefix
        self.redactedValue = redactedValue
        self.project = project
        self.owner = owner
        self.keyClass = keyClass
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.allowedIps = allowedIps
        self.metadata = metadata
        self.limits = limits
    }

    var native: NativeImportRecord {
        NativeImportRecord(
            name: name,
            secret: secret?.native,
            hashFormat: hashFormat,
            hash: hash,
            hashKey: hashKey?.native,
            hashKeyHex: hashKeyHex?.native,
            prefix: prefix,
            redactedValue: redactedValue,
            project: project,
            owner: owner,
            keyClass: keyClass,
            scopes: scopes,
            expiresAt: expiresAt?.unixSeconds,
            allowedIps: allowedIps,
            metadata: metadata,
            limits: limits
        )
    }
}

extension ImportRecord: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the hash and the prefix: both help to guess a secret that somebody chose.
    public var description: String { "ImportRecord(name: \(name), …)" }

    /// Without the hash and the prefix.
    public var debugDescription: String { description }

    /// Without the hash and the prefix.
    public var customMirror: Mirror { Mirror(self, children: ["name": name], displayStyle: .struct) }
}
