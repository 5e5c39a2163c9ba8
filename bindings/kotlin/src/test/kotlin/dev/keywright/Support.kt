// What the tests share: a store with a clock to set, seeded randomness, and a folder that goes away.

package dev.keywright

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.deleteRecursively
import kotlinx.coroutines.runBlocking

/** Where the clock stands when a test begins: 2027-01-15T08:00:00Z. */
internal const val START: Long = 1_800_000_000

/** A clock that only moves when it is told to. */
internal class ManualClock(@Volatile var millis: Long = START * 1000) : Clock {
    override fun now(): Instant = Instant.ofEpochMilli(millis)
}

/** Opens a store with seeded randomness. */
internal suspend fun openForTests(
    store: String = "memory:",
    clock: Clock = ManualClock(),
    pepper: Secret? = null,
    secretStore: SecretStore? = null,
    brand: String? = null,
    acceptedClasses: Collection<KeyClass>? = null,
    mustExist: Boolean = false,
    actor: String? = null,
    logSink: LogSink? = null,
): KeyManager = KeyManager(
    told {
        val input = KeyManager.input(
            pepper, null, secretStore, KeyManager.PEPPER_NAME, brand, acceptedClasses, mustExist, actor, clock, logSink,
        )
        nativeOpenForTests(store, input, 1u, null)
    },
)

/** Runs a test on a store in memory. */
internal fun onStore(run: suspend (KeyManager) -> Unit): Unit = runBlocking { openForTests().use { run(it) } }

/** Runs a test with a folder of its own. */
internal fun inFolder(run: suspend (Path) -> Unit): Unit = runBlocking {
    val folder = Files.createTempDirectory("keywright-")
    try {
        run(folder)
    } finally {
        @OptIn(kotlin.io.path.ExperimentalPathApi::class)
        folder.deleteRecursively()
    }
}

/** What every language shares. */
internal val shared: Path = Path.of(System.getProperty("keywright.shared"))

/** The code that a call fails with. */
internal suspend fun codeOf(call: suspend () -> Any?): ErrorCode? =
    try {
        call()
        null
    } catch (error: KeywrightException) {
        error.code
    }
