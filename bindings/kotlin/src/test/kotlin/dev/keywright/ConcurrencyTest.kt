package dev.keywright

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.test.fail
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield

/** How many threads this process has: all, or those of a name. */
internal fun threads(name: String? = null): Int =
    File("/proc/self/task").listFiles()!!.count { task ->
        name == null || runCatching { File(task, "comm").readText().trim() == name }.getOrDefault(false)
    }

/** Waits for what another thread will bring about. */
internal suspend fun eventually(holds: () -> Boolean) {
    repeat(500) {
        if (holds()) return
        delay(10)
    }
    fail("it did not come about in five seconds")
}

/**
 * A call that waits is let go within 50 ms of being cancelled: the best of some attempts, for the machine may be busy
 * with something else.
 */
internal suspend fun assertCancelsAtOnce(call: suspend () -> Any?) = withContext(Dispatchers.Default) {
    val took = (1..5).minOf {
        var outcome: Result<Any?>? = null
        val job = launch { outcome = runCatching { call() } }
        delay(20)
        assertTrue(job.isActive, "it does not wait")
        val began = System.nanoTime()
        job.cancelAndJoin()
        assertIs<CancellationException>(outcome!!.exceptionOrNull())
        (System.nanoTime() - began) / 1_000_000
    }
    assertTrue(took < 50, "it took $took ms")
}

/** Many coroutines on one manager, and what becomes of those that are cancelled. */
class ConcurrencyTest {
    @Test
    fun `64 coroutines on one manager`() = inFolder { folder ->
        openForTests(folder.resolve("keys.db").toString()).use { keys ->
            val outcomes = coroutineScope {
                (1..64).map { number ->
                async(Dispatchers.Default) {
                    val (key, secret) = keys.create("key $number", owner = "cust_$number")
                    val text = secret.reveal()
                    check(keys.verify(text).valid)
                    val (_, fresh) = keys.rotate(key.id)
                    check(keys.verify(fresh).valid && keys.verify(text).valid)
                    keys.revoke(key.id)
                    keys.verify(fresh).code to keys.verify(text).code
                }
                }.awaitAll()
            }
            assertEquals(setOf(VerifyCode.REVOKED to VerifyCode.REVOKED), outcomes.toSet())
            assertEquals(64, keys.list(includeRevoked = true, limit = 1000).data.size)
            assertEquals(null, keys.verifyAudit())
        }
    }

    @Test
    fun `what is cancelled in the midst of it leaves the store whole`() = inFolder { folder ->
        openForTests(folder.resolve("keys.db").toString()).use { keys ->
            withContext(Dispatchers.Default) {
                val jobs = (1..64).map { number -> launch { repeat(20) { keys.create("key $number.$it") } } }
                yield()
                delay(20)
                jobs.forEach { it.cancel() }
                jobs.joinAll()
            }
            // A write that was submitted may have happened; it is whole then.
            keys.list(limit = 1000).data.forEach { assertEquals(KeyStatus.ACTIVE, keys.get(it.id).status) }
            assertEquals(null, keys.verifyAudit())
            assertTrue(keys.verify(keys.create("after").secret).valid)
        }
    }

    @Test
    fun `a slow hash is not waited for when the coroutine is cancelled`() = runBlocking {
        openForTests().use { keys ->
            // Work for a third of a second, on a thread of the library's own.
            val slow = ImportRecord(
                "slow",
                hashFormat = "django",
                hash = "pbkdf2_sha256\$600000\$salt\$" + "A".repeat(43) + "=",
                prefix = "slow_",
            )
            assertEquals(emptyList(), keys.importKeys(listOf(slow)).refused)
            assertCancelsAtOnce { keys.verify("slow_secret_of_another_system") }
        }
    }
}
