package dev.keywright

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Nothing but `reveal` shows a secret. */
class SecretTest {
    @Test
    fun `what prints objects shows what may be shown`() = onStore { keys ->
        val created = keys.create("a")
        val text = created.secret.reveal()
        val hidden = text.substringAfterLast('_')
        val shown = listOf(
            "$created", "${created.secret}", "${keys.verify(text)}", "$keys", created.key.toJson(), "${created.key}",
            "${RequestParts("GET", "/", listOf("authorization" to "Bearer $text"))}",
            "${ImportRecord("a", secret = created.secret, prefix = hidden, hash = hidden)}", "${InMemorySecretStore()}",
        )
        for (one in shown) assertFalse(hidden in one, one)
        assertEquals("<Secret ${created.secret.redactedValue}  use .reveal()>", "${created.secret}")
        assertTrue(created.secret.redactedValue in "${created.key}")
        created.close()
        assertEquals("<Secret ${created.secret.redactedValue}  use .reveal()>", "${created.secret}")
    }

    @Test
    fun `serialisation by reflection finds no secret`() = onStore { keys ->
        val secret = keys.create("a").secret
        val getters = Secret::class.java.methods.filter { it.parameterCount == 0 && (it.name.startsWith("get") || it.name.startsWith("is")) }
        val values = getters.filter { it.declaringClass == Secret::class.java && !it.name.contains('$') }.map { "${it.invoke(secret)}" }
        assertTrue(values.isNotEmpty())
        for (value in values) assertFalse(secret.reveal() in value)
    }
}
