// What making and rotating a key give.

/// A key and its new secret, which is nowhere else and can't be had again.
public struct Created: Sendable {
    /// The key.
    public let key: ApiKey
    /// Its secret: show it now.
    public let secret: Secret

    init(_ created: NativeCreated) {
        key = created.key
        secret = Secret(created.secret)
    }
}
