package dev.keywright

import java.nio.file.Path
import java.time.Duration
import kotlin.io.path.readText
import kotlin.test.Test
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** The README's programs, run as they stand: what is here is compared with what is there. */
class ReadmeTest {
    @Test
    fun `a key's life in ten lines`() = inFolder { folder ->
        // The README's `open` without its folder.
        val open: suspend (String) -> KeyManager = { openForTests(folder.resolve(it).toString()) }
        val keys = open("keywright.db")
        val (key, secret) = keys.create("billing service", owner = "cust_42", scopes = listOf("invoices.read"))
        val shown = secret.reveal() // show it now: it can't be had again

        println(keys.verify(shown, scopes = listOf("invoices.read")).code) // VALID
        keys.revoke(key.id)
        println(keys.verify(shown, scopes = listOf("invoices.read")).code) // REVOKED
        keys.close()
    }

    @Test
    fun `rotating, changing, switching off`() = runBlocking {
        val keys = KeyManager.open("memory:", brand = "acme")
        val (key, old) = keys.create("nightly export", expiresIn = Duration.ofDays(90), rateLimit = "100/60s")

        // A new secret; the old one stays good for an hour.
        val (_, fresh) = keys.rotate(key.id, overlap = Duration.ofHours(1))
        check(keys.verify(old).valid && keys.verify(fresh).valid)
        keys.finishRotation(key.id) // the old one is dead now

        keys.update(key.id, scopes = Change.To(listOf("reports.read"))) // Change.To(null) would be everything
        keys.disable(key.id)
        check(keys.verify(fresh).code == VerifyCode.DISABLED)
        keys.enable(key.id)

        keys.list(owner = key.owner.id).asFlow().collect { println("${it.name}: ${it.status.stableName}") }
        keys.revoke(key.id, RevocationReason.KEY_COMPROMISE)
        keys.close()
    }

    @Test
    fun `a request`() = runBlocking {
        val keys = KeyManager.open("memory:")
        val request = RequestParts("GET", "/invoices", listOf("authorization" to "Bearer nonsense"), peer = "203.0.113.7")
        val answer = keys.authorize(request, scopes = listOf("invoices.read"))
        if (!answer.allowed) println("${answer.status} ${answer.body}") // send answer.headers, too
        keys.close()
    }

    @Test
    fun `an error`() = runBlocking {
        val keys = KeyManager.open("memory:")
        try {
            keys.get("key_000000000000000000000000")
        } catch (missing: KeywrightException.NotFound) {
            println(missing.message)
        }
        keys.close()
    }

    @Test
    fun `every line of the README's Kotlin is here`() {
        val readme = Path.of("README.md").readText()
        val here = Path.of("src/test/kotlin/dev/keywright/ReadmeTest.kt").readText().lines().map { it.trim() }.toSet()
        val blocks = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(readme).map { it.groupValues[1] }.toList()
        assertTrue(blocks.size >= 4)
        for (line in blocks.flatMap { it.lines() }.map { it.trim() }.filter { it.isNotEmpty() }) {
            val known = line in here || line.startsWith("val keys = KeyManager.open(\"keywright.db\")")
            assertTrue(known, "the README says what is not run: $line")
        }
    }
}
