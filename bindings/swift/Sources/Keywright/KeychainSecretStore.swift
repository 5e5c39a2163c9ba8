// Apple's keychain as a place for secrets.

#if canImport(Security)
import Foundation
import Security

/// Keeps secrets in Apple's keychain, on this device alone: they go into no backup and onto no other device.
///
/// On a Mac that keychain is for signed applications: where a program has no entitlements, each call throws.
public final class KeychainSecretStore: SecretStore {
    private let service: String
    private let accessGroup: String?

    /// A part of the keychain.
    ///
    /// - Parameters:
    ///   - service: what the keychain files them under: another for each application
    ///   - accessGroup: the group of applications that share them; the application's own if absent
    public init(service: String = "dev.keywright", accessGroup: String? = nil) {
        self.service = service
        self.accessGroup = accessGroup
    }

    /// The secret of that name; nil if there is none.
    public func load(name: String) throws -> Secret? {
        var query = item(name)
        query[kSecReturnData] = true
        query[kSecMatchLimit] = kSecMatchLimitOne
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess, let bytes = found as? Data else { throw refused(status) }
        return Secret(bytes)
    }

    /// Keeps a secret under that name.
    public func save(name: String, secret: Secret) throws {
        let text = try secret.reveal()
        let new: [CFString: Any] = [
            kSecValueData: Data(text.utf8),
            // To be read after the device was unlocked once since it was started, and never anywhere else.
            kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
        ]
        let status = SecItemUpdate(item(name) as CFDictionary, new as CFDictionary)
        if status == errSecSuccess { return }
        guard status == errSecItemNotFound else { throw refused(status) }
        let whole = item(name).merging(new) { $1 }
        let added = SecItemAdd(whole as CFDictionary, nil)
        guard added == errSecSuccess else { throw refused(added) }
    }

    /// Forgets the secret of that name.
    public func delete(name: String) throws {
        let status = SecItemDelete(item(name) as CFDictionary)
        guard status == errSecSuccess || status == errSecItemNotFound else { throw refused(status) }
    }

    private func item(_ name: String) -> [CFString: Any] {
        var item: [CFString: Any] = [
            kSecClass: kSecClassGenericPassword,
            kSecAttrService: service,
            kSecAttrAccount: name,
            kSecAttrSynchronizable: false,
            // On the Mac, too: the keychain that knows access groups and devices.
            kSecUseDataProtectionKeychain: true,
        ]
        if let accessGroup { item[kSecAttrAccessGroup] = accessGroup }
        return item
    }

    private func refused(_ status: OSStatus) -> KeywrightError {
        KeywrightError(
            code: .unavailable,
            reason: "the keychain refused (\(status))",
            hint: "look the number up with `security error \(status)`"
        )
    }
}
#endif
