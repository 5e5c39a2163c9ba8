package dev.keywright

import java.nio.file.FileAlreadyExistsException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import java.nio.file.attribute.PosixFilePermissions
import java.time.Instant
import java.util.concurrent.ConcurrentHashMap

/**
 * Keeps secrets where only the application can: in a keychain, a keystore, a cloud's secret manager. The pepper of a
 * store of keys is kept there if it is opened with one.
 *
 * Called on threads of the library's own: never on the caller's, so that it may take its time. What it throws is told
 * as [KeywrightException.Pepper]; the exception's own text is not passed on, for it could hold a secret.
 */
public interface SecretStore {
    /** The secret of that name; null if there is none. */
    public fun load(name: String): Secret?

    /**
     * Keeps a secret under that name, in place of what is there. When this returns, [load] gives it. The object is wiped
     * then: keep what it reveals.
     */
    public fun save(name: String, secret: Secret)

    /** Forgets the secret of that name; there being none is fine. */
    public fun delete(name: String)
}

/** Tells the time. Where it throws, the machine's own clock counts. */
public fun interface Clock {
    /** The present moment. */
    public fun now(): Instant
}

/**
 * Hears what the library has to tell: refused verifications and warnings. Called on whatever thread something happens
 * on; it must not block. What it is told never holds a secret; what it throws is dropped.
 */
public fun interface LogSink {
    /** Takes one record. */
    public fun log(record: LogRecord)
}

/** Keeps secrets for as long as the process runs. */
public class InMemorySecretStore : SecretStore {
    private val kept = ConcurrentHashMap<String, ByteArray>()

    override fun load(name: String): Secret? = kept[name]?.let { Secret(it) }

    override fun save(name: String, secret: Secret) {
        kept.put(name, secret.reveal().toByteArray())?.fill(0)
    }

    override fun delete(name: String) {
        kept.remove(name)?.fill(0)
    }

    override fun toString(): String = "InMemorySecretStore(${kept.size})"
}

/**
 * Keeps each secret in a file of its own, which only its owner may read. A file is written whole or not at all.
 *
 * @param folder made, for its owner alone, if it isn't there
 */
public class FileSecretStore(private val folder: Path) : SecretStore {
    override fun load(name: String): Secret? =
        try {
            Files.readAllBytes(place(name)).let { bytes -> Secret(bytes).also { bytes.fill(0) } }
        } catch (_: NoSuchFileException) {
            null
        }

    override fun save(name: String, secret: Secret) {
        val place = place(name)
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY))
        } catch (_: FileAlreadyExistsException) {
            // As it should be.
        }
        val draft = Files.createTempFile(folder, ".", "", PosixFilePermissions.asFileAttribute(OWNER_FILE))
        try {
            java.nio.channels.FileChannel.open(draft, java.nio.file.StandardOpenOption.WRITE).use { file ->
                Presented.of(secret.reveal()) { bytes -> while (bytes.hasRemaining()) file.write(bytes) }
                file.force(true)
            }
            Files.move(draft, place, REPLACE_EXISTING, ATOMIC_MOVE)
        } finally {
            Files.deleteIfExists(draft)
        }
    }

    override fun delete(name: String) {
        Files.deleteIfExists(place(name))
    }

    private fun place(name: String): Path {
        require(NAME.matches(name)) { "a name of a secret has 1 to 128 of A-Z, a-z, 0-9, _, . and -, and begins with no dot" }
        return folder.resolve(name)
    }

    override fun toString(): String = "FileSecretStore($folder)"

    private companion object {
        val NAME = Regex("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")
        val OWNER_FILE = PosixFilePermissions.fromString("rw-------")!!
        val OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------")!!
    }
}

/** Whatever the application's code throws is told without its text, and never goes through the library. */
private inline fun <T> guarded(run: () -> T): T =
    try {
        run()
    } catch (_: Throwable) {
        throw NativeFailure.Told(ErrorCode.UNAVAILABLE, "the application's own code failed", null, null)
    }

internal class HostSecretStore(private val secrets: SecretStore) : NativeSecretStore {
    override fun load(name: String): NativeSecret? = guarded { secrets.load(name)?.native }

    override fun save(name: String, secret: NativeSecret): Unit =
        guarded { Secret(secret).use { secrets.save(name, it) } }

    override fun remove(name: String): Unit = guarded { secrets.delete(name) }
}

internal class HostClock(private val clock: Clock) : NativeClock {
    override fun nowMs(): Long = guarded { clock.now().toEpochMilli() }
}

internal class HostLogSink(private val sink: LogSink) : NativeLogSink {
    override fun tell(record: LogRecord): Unit = guarded { sink.log(record) }
}
