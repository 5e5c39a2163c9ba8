package dev.keywright

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** What the library holds of the process, and that it gives it back. */
class ResourcesTest {
    private fun files(): Int = File("/proc/self/fd").list()!!.size

    /** What is in use, in KiB: the heap apart, which the collector lets grow. */
    private fun resident(): Long {
        repeat(3) {
            System.gc()
            Thread.sleep(50)
        }
        return File("/proc/self/status").readLines().first { it.startsWith("RssAnon:") }.filter(Char::isDigit).toLong()
    }

    @Test
    fun `10,000 openings and closings leave nothing behind`() = inFolder { folder ->
        val store = folder.resolve("keys.db").toString()
        suspend fun cycle(place: String, rounds: Int) = repeat(rounds) { openForTests(place).use { it.verify("x") } }
        // The first of them fill what is filled once.
        cycle("memory:", 1000)
        cycle(store, 100)
        val (memory, threads, files) = Triple(resident(), threads(), files())
        // An SQLite file is some milliseconds of work: most are in memory.
        cycle("memory:", 9000)
        cycle(store, 1000)
        val grown = resident() - memory
        assertTrue(grown < 16 * 1024, "it grew by $grown KiB")
        eventually { threads() <= threads + 2 && files() <= files + 2 }
    }

    @Test
    fun `a closed secret leaves no copy in memory`() = runBlocking {
        openForTests().use { keys ->
            val (key, secret) = keys.create("a")
            val masked = nativeMasked(secret.native)
            assertEquals(1, nativeCopies(masked), "while it is there")
            secret.close()
            assertEquals(0, nativeCopies(masked), "when it is closed")

            val rotated = keys.rotate(key.id).secret
            val other = nativeMasked(rotated.native)
            assertTrue(keys.verify(rotated).valid)
            rotated.close()
            assertEquals(0, nativeCopies(other), "when it was verified and closed")
        }
    }

    @Test
    fun `bytes that are taken over as a secret are the caller's to wipe`() {
        val bytes = ByteArray(40) { (it * 7 % 26 + 'a'.code).toByte() }
        val secret = Secret(bytes)
        val masked = nativeMasked(secret.native)
        secret.close()
        bytes.fill(0)
        assertEquals(0, nativeCopies(masked))
    }

    @Test
    fun `the scan finds what is there`() {
        val text = (0 until 40).map { 'a' + it * 11 % 26 }.joinToString("")
        val secret = Secret(text)
        val masked = nativeMasked(secret.native)
        secret.close()
        assertTrue(nativeCopies(masked) >= 1, "the text itself is in the heap: $text")
    }
}
