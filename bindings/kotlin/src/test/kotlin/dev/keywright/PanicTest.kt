package dev.keywright

import java.time.Duration
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

/** A panic in any export is an error of this language's; the process lives, and the manager refuses to go on. */
class PanicTest {
    private val calls: Map<String, suspend (KeyManager) -> Any?> = mapOf(
        "create" to { it.create("a") },
        "get" to { it.get(ID) },
        "list" to { it.list() },
        "update" to { it.update(ID, name = "b") },
        "rotate" to { it.rotate(ID, Duration.ZERO) },
        "finishRotation" to { it.finishRotation(ID) },
        "cancelRotation" to { it.cancelRotation(ID) },
        "disable" to { it.disable(ID) },
        "enable" to { it.enable(ID) },
        "revoke" to { it.revoke(ID) },
        "revokeAll" to { it.revokeAll("cust_42") },
        "usage" to { it.usage(ID) },
        "verify" to { it.verify("a secret") },
        "verify, required" to { it.verify("a secret", listOf("read")) },
        "verify, bytes" to { it.verify(byteArrayOf(1)) },
        "verify, object" to { it.verify(Secret("a secret")) },
        "authorize" to { it.authorize(RequestParts("GET", "/", emptyList())) },
        "identify" to { it.identify("a secret") },
        "importKeys" to { it.importKeys(emptyList()) },
        "exportKeys" to { it.exportKeys().toList() },
        "audit" to { it.audit() },
        "verifyAudit" to { it.verifyAudit() },
        "flush" to { it.flush() },
        "shutDown" to { it.shutDown() },
        "actingAs" to { it.actingAs("someone") },
        "projects.create" to { it.projects.create("a") },
        "projects.get" to { it.projects.get("a") },
        "projects.list" to { it.projects.list() },
        "projects.archive" to { it.projects.archive("a") },
        "serviceAccounts.create" to { it.serviceAccounts.create("a") },
        "serviceAccounts.list" to { it.serviceAccounts.list() },
        "serviceAccounts.delete" to { it.serviceAccounts.delete(ID) },
        "users.create" to { it.users.create("a") },
        "users.list" to { it.users.list() },
        "users.delete" to { it.users.delete(ID) },
        "adminKeys.create" to { it.adminKeys.create("a") },
        "adminKeys.get" to { it.adminKeys.get(ID) },
        "adminKeys.list" to { it.adminKeys.list() },
        "adminKeys.revoke" to { it.adminKeys.revoke(ID) },
        "adminKeys.verify" to { it.adminKeys.verify("a secret") },
    )

    @Test
    fun `a panic in any call is an error, and ends the manager`() = runBlocking {
        for ((name, call) in calls) {
            openForTests().use { keys ->
                nativePanicNext()
                val failure = assertFailsWith<KeywrightException.Internal>(name) { call(keys) }
                assertFalse("the test's panic" in failure.stackTraceToString(), name)
                assertEquals(ErrorCode.CLOSED, codeOf { keys.get(ID) }, "$name: the manager goes on")
            }
        }
    }

    @Test
    fun `a panic while a store is opened is an error`() = runBlocking<Unit> {
        nativePanicNext()
        assertFailsWith<KeywrightException.Internal> { openForTests() }
        nativePanicNext()
        assertFailsWith<KeywrightException.Internal> { KeyManager.open("memory:") }
        nativePanicNext()
        assertFailsWith<KeywrightException.Internal> { HttpPolicy() }
        val secret = Secret("text")
        nativePanicNext()
        assertFailsWith<KeywrightException.Internal> { secret.reveal() }
        nativePanicNext()
        assertFailsWith<KeywrightException.Internal> { KeyClass.named("live") }
    }

    @Test
    fun `every method that can fail is among them`() {
        val methods = KeyManager::class.java.methods.filter { it.declaringClass == KeyManager::class.java && !it.isSynthetic }
        val harmless = setOf("close", "toString", "getBrand", "getPath", "getProjects", "getServiceAccounts", "getUsers", "getAdminKeys")
        for (method in methods.map { it.name.substringBefore('$').substringBefore('-') }.toSet() - harmless) {
            assertNotNull(calls.keys.find { it.substringBefore(',') == method }, "$method is not tested")
        }
    }

    private companion object {
        const val ID = "key_000000000000000000000000"
    }
}
