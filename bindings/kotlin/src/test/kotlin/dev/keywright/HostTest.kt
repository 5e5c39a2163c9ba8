package dev.keywright

import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.io.path.exists
import kotlin.io.path.getPosixFilePermissions
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

private const val CANARY = "hunter2-in-an-exception"

/** What only the application has, and what becomes of its faults. */
class HostTest {
    private class Faulty(private val loads: () -> Secret?) : SecretStore {
        val saved = CopyOnWriteArrayList<String>()
        val threads = CopyOnWriteArrayList<Thread>()

        override fun load(name: String): Secret? {
            threads += Thread.currentThread()
            return loads()
        }

        override fun save(name: String, secret: Secret) {
            saved += name
        }

        override fun delete(name: String): Unit = error(CANARY)
    }

    private suspend fun refused(store: String, secrets: SecretStore): KeywrightException.Pepper =
        assertFailsWith<KeywrightException.Pepper> { openForTests(store, secretStore = secrets) }
            .also { assertFalse(CANARY in it.stackTraceToString(), "the application's text is passed on") }

    @Test
    fun `a secret store keeps the pepper of a store of keys`() = inFolder { folder ->
        val store = folder.resolve("keys.db").toString()
        for (secrets in listOf(InMemorySecretStore(), FileSecretStore(folder.resolve("secrets")))) {
            val kept = if (secrets is FileSecretStore) store + "2" else store
            val secret = openForTests(kept, secretStore = secrets).use { it.create("a").secret.reveal() }
            assertFalse(folder.resolve("keys.db.pepper").exists())
            openForTests(kept, secretStore = secrets).use { assertTrue(it.verify(secret).valid) }
            assertEquals(64, secrets.load(KeyManager.PEPPER_NAME)!!.reveal().substringAfter(':').trim().length)
        }
    }

    @Test
    fun `a file of a secret is its owner's alone`() = inFolder { folder ->
        val secrets = FileSecretStore(folder.resolve("secrets"))
        assertNull(secrets.load("a"))
        secrets.save("a", Secret("one"))
        secrets.save("a", Secret("two"))
        assertEquals("two", secrets.load("a")!!.reveal())
        val rights = folder.resolve("secrets/a").getPosixFilePermissions().map { it.name }
        assertEquals(setOf("OWNER_READ", "OWNER_WRITE"), rights.toSet())
        secrets.delete("a")
        secrets.delete("a")
        assertNull(secrets.load("a"))
        for (name in listOf("", "..", "a/b", ".hidden", "a".repeat(129), "a\u0000b")) {
            assertFailsWith<IllegalArgumentException> { secrets.load(name) }
        }
    }

    @Test
    fun `a secret store that throws, gives rubbish or forgets is told and changes nothing`() = inFolder { folder ->
        val store = folder.resolve("keys.db")
        val faults = listOf<() -> Secret?>(
            { error(CANARY) },
            { throw AssertionError(CANARY) },
            { Secret(CANARY) },
            { Secret(byteArrayOf(-1, -2)) },
            { null },
        )
        for (fault in faults) {
            refused(store.toString(), Faulty(fault))
            assertFalse(store.exists(), "nothing is made")
        }
    }

    @Test
    fun `a store goes with its own pepper alone`() = inFolder { folder ->
        val store = folder.resolve("keys.db").toString()
        val secrets = InMemorySecretStore()
        val secret = openForTests(store, secretStore = secrets).use { it.create("a").secret.reveal() }
        refused(store, InMemorySecretStore())
        refused(store, Faulty { Secret("ab".repeat(32)) })
        openForTests(store, secretStore = secrets).use { assertTrue(it.verify(secret).valid) }
    }

    @Test
    fun `a secret store that takes its time holds up no thread of the caller's`() = runBlocking {
        val secrets = InMemorySecretStore()
        val slow = Faulty {
            Thread.sleep(1000)
            secrets.load("pepper")
        }
        val began = System.nanoTime()
        refused("memory:", slow)
        assertTrue(System.nanoTime() - began >= 1_000_000_000)
        assertNotEquals(Thread.currentThread(), slow.threads.first())
    }

    @Test
    fun `a clock of the application's tells the time, and the machine's where it fails`() = runBlocking {
        openForTests(clock = { Instant.ofEpochSecond(START) }).use { keys ->
            assertEquals(Instant.ofEpochSecond(START), keys.create("a").key.createdAt)
        }
        openForTests(clock = { throw AssertionError(CANARY) }).use { keys ->
            val age = Instant.now().epochSecond - keys.create("a").key.createdAt.epochSecond
            assertTrue(age in 0..5)
        }
    }

    @Test
    fun `a log sink hears of refusals, and what it throws is dropped`() = runBlocking {
        val told = CopyOnWriteArrayList<LogRecord>()
        openForTests(logSink = { told += it }).use { keys ->
            keys.verify("nothing")
            assertEquals(listOf("malformed"), told.map { it.code })
        }
        openForTests(logSink = { error(CANARY) }).use { keys ->
            assertEquals(VerifyCode.MALFORMED, keys.verify("nothing").code)
        }
    }

    @Test
    fun `a log sink may call in again`() = runBlocking {
        val inner = CopyOnWriteArrayList<VerifyCode>()
        var keys: KeyManager? = null
        val asked = AtomicBoolean()
        val sink = LogSink {
            if (asked.compareAndSet(false, true)) runBlocking { inner += keys!!.verify("an inner secret").code }
        }
        openForTests(logSink = sink).use {
            keys = it
            val secret = it.create("a").secret.reveal()
            assertEquals(VerifyCode.MALFORMED, it.verify(secret.dropLast(1)).code)
            assertTrue(it.verify(secret).valid)
        }
        assertEquals(VerifyCode.MALFORMED, inner.first())
    }

    @Test
    fun `a pepper comes from one place only`() = runBlocking<Unit> {
        assertFailsWith<KeywrightException.InvalidArgument> {
            openForTests(pepper = Secret("ab".repeat(32)), secretStore = InMemorySecretStore())
        }
    }

    @Test
    fun `an opening that is let go holds nothing`() = runBlocking {
        val latch = CountDownLatch(1)
        val hanging = Faulty {
            latch.await()
            null
        }
        assertCancelsAtOnce { openForTests(secretStore = hanging) }
        assertEquals(5, threads("keywright-open"))
        latch.countDown()
        eventually { threads("keywright-open") == 0 }
    }
}
