// Places for secrets that every system has: the process's memory, and files that only their owner may read.

import Foundation

/// Keeps secrets for as long as the process runs.
public final class InMemorySecretStore: SecretStore {
    // The lock guards it.
    private nonisolated(unsafe) var kept: [String: Secret] = [:]
    private let lock = NSLock()

    /// An empty one.
    public init() {}

    /// The secret of that name; nil if there is none.
    public func load(name: String) throws -> Secret? {
        lock.withLock { kept[name] }
    }

    /// Keeps a copy of a secret under that name.
    public func save(name: String, secret: Secret) throws {
        let copy = try Secret(secret.reveal())
        lock.withLock { kept.updateValue(copy, forKey: name) }?.close()
    }

    /// Forgets the secret of that name.
    public func delete(name: String) throws {
        lock.withLock { kept.removeValue(forKey: name) }?.close()
    }
}

/// Keeps each secret in a file of its own, which only its owner may read. A file is written whole or not at all.
public final class FileSecretStore: SecretStore {
    private let folder: URL

    /// A store in a folder, which is made, for its owner alone, if it isn't there.
    public init(folder: URL) {
        self.folder = folder
    }

    /// The secret of that name; nil if there is none.
    public func load(name: String) throws -> Secret? {
        let file: FileHandle
        do {
            file = try FileHandle(forReadingFrom: place(name))
        } catch CocoaError.fileNoSuchFile, CocoaError.fileReadNoSuchFile {
            return nil
        }
        defer { try? file.close() }
        var bytes = try file.readToEnd() ?? Data()
        defer { bytes.resetBytes(in: bytes.indices) }
        return Secret(bytes)
    }

    /// Keeps a secret under that name: in a file beside it first, which then takes its place.
    public func save(name: String, secret: Secret) throws {
        let place = try place(name)
        let ours = [FileAttributeKey.posixPermissions: NSNumber(value: 0o700)]
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: ours)
        let draft = folder.appendingPathComponent(".\(UUID().uuidString)")
        do {
            try write(secret, to: draft)
            guard rename(draft.path, place.path) == 0 else { throw failed() }
        } catch {
            try? FileManager.default.removeItem(at: draft)
            throw error
        }
        try settle()
    }

    /// Forgets the secret of that name.
    public func delete(name: String) throws {
        do {
            try FileManager.default.removeItem(at: place(name))
        } catch CocoaError.fileNoSuchFile {
            // As it should be.
        }
    }

    /// Nobody else can open the file, not even before there is something in it.
    private func write(_ secret: Secret, to draft: URL) throws {
        let descriptor = open(draft.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed() }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try presented(secret.reveal()) { try file.write(contentsOf: $0) }
        try file.synchronize()
        try file.close()
    }

    /// The new name is on the disk when this returns.
    private func settle() throws {
        let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed() }
    }

    private func failed() -> any Error {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }

    private func place(_ name: String) throws -> URL {
        let letters = name.utf8.allSatisfy { letter in
            switch letter {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard letters, (1...128).contains(name.utf8.count), !name.hasPrefix(".") else {
            throw KeywrightError(
                code: .invalidArgument,
                reason: "this can't be a secret's name",
                hint: "give 1 to 128 of A-Z, a-z, 0-9, _, . and -, and no dot at the beginning"
            )
        }
        return folder.appendingPathComponent(name)
    }
}

extension InMemorySecretStore: CustomStringConvertible, CustomReflectable {
    /// How many it keeps.
    public var description: String { "InMemorySecretStore(\(lock.withLock { kept.count }))" }

    /// Without what it keeps.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}

extension FileSecretStore: CustomStringConvertible {
    /// Where it keeps them.
    public var description: String { "FileSecretStore(\(folder.path))" }
}
