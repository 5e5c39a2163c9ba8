package dev.keywright

import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.test.Test
import kotlin.test.assertTrue
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/** Coroutines never go on on threads of the library's own, which have their own work to do. */
class DispatchTest {
    private suspend fun threads(): List<String> {
        val keys = openForTests()
        val (key, secret) = keys.create("a")
        return listOf(
            keys.get(key.id).let { Thread.currentThread().name },
            keys.verify(secret).let { Thread.currentThread().name },
            keys.revoke(key.id).let { Thread.currentThread().name },
            keys.shutDown().let { Thread.currentThread().name },
        )
    }

    private fun assertOurs(names: List<String>) {
        for (name in names) assertTrue(name.startsWith("DefaultDispatcher") || name.startsWith("main"), "it went on on $name")
    }

    @Test
    fun `without a confinement`() = runBlocking { assertOurs(withContext(Dispatchers.Unconfined) { threads() }) }

    @Test
    fun `without any dispatcher, as suspend fun main has none`() {
        val names = CompletableDeferred<List<String>>()
        val end = Continuation<List<String>>(EmptyCoroutineContext) { names.completeWith(it) }
        val body: suspend () -> List<String> = { threads() }
        body.startCoroutine(end)
        assertOurs(runBlocking { names.await() })
    }
}

private fun <T> CompletableDeferred<T>.completeWith(result: Result<T>) {
    result.fold({ complete(it) }, { completeExceptionally(it) })
}
