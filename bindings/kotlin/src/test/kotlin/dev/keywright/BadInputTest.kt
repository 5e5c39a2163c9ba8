package dev.keywright

import java.time.Duration
import java.time.Instant
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

/** Bad input of every kind to every public function: the documented error, and nothing changed. */
class BadInputTest {
    private val huge = "x".repeat(1 shl 20)
    private val texts = listOf("", " ", huge, "a\u0000b", "\uD800", "\uFFFE", "'; DROP TABLE keys; --", "../../etc/passwd")

    @Test
    fun `a name, an id or an owner that is none`() = onStore { keys ->
        val made = keys.create("made")
        val before = state(keys)
        val calls = listOf<suspend (String) -> Any?>(
            { keys.get(it) }, { keys.update(it, name = "b") }, { keys.rotate(it) }, { keys.finishRotation(it) },
            { keys.cancelRotation(it) }, { keys.disable(it) }, { keys.enable(it) }, { keys.revoke(it) },
            { keys.usage(it) }, { keys.adminKeys.get(it) }, { keys.adminKeys.revoke(it) }, { keys.list(after = it) },
            { keys.projects.get(it) }, { keys.projects.archive(it) }, { keys.serviceAccounts.delete(it) },
            { keys.users.delete(it) }, { keys.create("a", project = it) },
            { keys.create("a", scopes = listOf(it)) }, { keys.create("a", allowedIps = listOf(it)) },
            { keys.create("a", rateLimit = it) }, { keys.create("a", limits = listOf(Limit(it, it, 1, null, null, null, null))) },
            { keys.update(made.key.id, scopes = Change.To(listOf(it))) }, { keys.verify("x", ip = it) },
            { keys.verify("x", scopes = listOf(it)) }, { HttpPolicy(header = it) }, { HttpPolicy(trustedProxies = listOf(it)) },
            { KeyClass.named(it) }, { openForTests(brand = it) },
        )
        for ((place, call) in calls.withIndex()) {
            for (text in texts) {
                val code = codeOf { call(text) }
                assertTrue(code == ErrorCode.INVALID_ARGUMENT || code == ErrorCode.NOT_FOUND, "call $place: $code")
            }
        }
        for (name in texts - " " - "'; DROP TABLE keys; --" - "../../etc/passwd" - "\uFFFE") {
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { keys.create(name) }, "a name")
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { keys.users.create(name) }, "a user")
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { keys.actingAs(name) }, "an actor")
        }
        assertEquals(before, state(keys))
    }

    @Test
    fun `a secret that is none is a result and no error`() = onStore { keys ->
        for (text in texts) {
            assertEquals(VerifyCode.MALFORMED, keys.verify(text).code)
            assertEquals(VerifyCode.MALFORMED, keys.verify(Secret(text)).code)
            assertEquals(null, keys.identify(text))
            assertEquals(VerifyCode.MALFORMED, keys.adminKeys.verify(text).code)
        }
        assertEquals(VerifyCode.MALFORMED, keys.verify(byteArrayOf()).code)
        assertEquals(VerifyCode.MALFORMED, keys.verify(ByteArray(1 shl 20)).code)
    }

    @Test
    fun `half a surrogate pair is no question mark`() = onStore { keys ->
        keys.importKeys(listOf(ImportRecord("old", secret = Secret("an old secret?"))))
        assertTrue(keys.verify("an old secret?").valid)
        assertEquals(false, keys.verify("an old secret\uD800").valid)
    }

    @Test
    fun `numbers and times out of range`() = onStore { keys ->
        val id = keys.create("made").key.id
        val before = state(keys)
        val calls = listOf<suspend () -> Any?>(
            { keys.create("a", credits = -1) }, { keys.create("a", credits = Long.MAX_VALUE) },
            { keys.create("a", expiresIn = Duration.ofSeconds(-1)) }, { keys.create("a", expiresIn = Duration.ZERO) },
            { keys.create("a", expiresIn = Duration.ofSeconds(Long.MAX_VALUE)) },
            { keys.create("a", expiresAt = Instant.EPOCH) }, { keys.create("a", expiresAt = Instant.MIN) },
            { keys.create("a", expiresAt = Instant.MAX) },
            { keys.create("a", expiresIn = Duration.ofDays(1), expiresAt = Instant.ofEpochSecond(START + 9)) },
            { keys.create("a", limits = listOf(Limit("a", "requests", -1, 60, null, null, null))) },
            { keys.create("a", limits = listOf(Limit("a", "requests", 1, Long.MAX_VALUE, null, null, null))) },
            { keys.update(id, expiresAt = Change.To(Instant.EPOCH)) },
            { keys.rotate(id, Duration.ofSeconds(-1)) }, { keys.rotate(id, Duration.ofDays(367)) },
            { keys.usage(id, 0) }, { keys.usage(id, -1) }, { keys.usage(id, Int.MAX_VALUE) },
            { keys.list(limit = 0) }, { keys.list(limit = -1) }, { keys.list(limit = 1001) },
            { keys.audit(limit = 0) }, { keys.audit(after = -1) }, { keys.audit(since = Instant.MIN) },
            { keys.verify("x", cost = -1) }, { keys.verify("x", cost = Long.MAX_VALUE) },
            { keys.projects.create("a", defaultLifetime = Duration.ofSeconds(-1)) },
            { keys.adminKeys.create("a", expiresIn = Duration.ofSeconds(-1)) },
        )
        for ((place, call) in calls.withIndex()) {
            assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { call() }, "call $place")
        }
        assertEquals(before, state(keys))
    }

    @Test
    fun `stores that are none`() = runBlocking {
        val refusals = mapOf(
            "" to ErrorCode.INVALID_ARGUMENT,
            "a\u0000b" to ErrorCode.INVALID_ARGUMENT,
            "\uD800" to ErrorCode.INVALID_ARGUMENT,
            "https://example.com" to ErrorCode.UNSUPPORTED,
            "/no/such/folder/keys.db" to ErrorCode.UNAVAILABLE,
        )
        for ((store, code) in refusals) assertEquals(code, codeOf { openForTests(store) }, store)
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { openForTests(acceptedClasses = emptyList()) })
        assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf { openForTests(acceptedClasses = listOf(KeyClass.ADMIN)) })
        assertEquals(ErrorCode.PEPPER, codeOf { openForTests(pepper = Secret("rubbish")) })
    }

    @Test
    fun `what was closed says so`() = runBlocking<Unit> {
        val keys = openForTests()
        val (_, secret) = keys.create("a")
        secret.close()
        secret.close()
        assertFailsWith<KeywrightException.Closed> { secret.reveal() }
        assertFailsWith<KeywrightException.Closed> { keys.verify(secret) }
        keys.close()
        keys.close()
        assertFailsWith<KeywrightException.Closed> { keys.create("b") }
        assertFailsWith<KeywrightException.Closed> { keys.verify("b") }
        assertEquals(503, keys.authorize(RequestParts("GET", "/", emptyList())).status)
    }

    /** All but the audit trail, which tells of the refusals. */
    private suspend fun state(keys: KeyManager): List<String> =
        keys.exportKeys().toList().filterNot { "\"object\":\"audit_event\"" in it }
}
