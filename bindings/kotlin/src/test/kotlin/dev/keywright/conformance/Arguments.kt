// The arguments of one call, by name: each is asked for once, in its type, and none may be left.

package dev.keywright.conformance

import dev.keywright.Limit
import dev.keywright.Secret
import java.time.Duration
import java.time.Instant
import java.util.HexFormat
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/** A presented secret: text or bytes. */
internal sealed interface Given {
    class Text(val text: String) : Given

    class Bytes(val bytes: ByteArray) : Given

    fun secret(): Secret = when (this) {
        is Text -> Secret(text)
        is Bytes -> Secret(bytes)
    }
}

internal class Arguments(private val values: Map<String, JsonElement>) {
    private val left = values.keys.toMutableSet()

    /** Whether it is there, be it null. */
    fun has(name: String): Boolean = name in values

    fun text(name: String): String? = take(name)?.let { it.text() ?: throw wrong(name) }

    fun needed(name: String): String = text(name) ?: throw Unreadable("$name is missing")

    /** What doesn't fit into a `Long` is the nearest that does: no Kotlin program can ask for more. */
    fun number(name: String): Long? = take(name)?.let { value ->
        val number = (value as? JsonPrimitive)?.takeUnless { it.isString }?.content?.toBigIntegerOrNull()
        number?.coerceIn(Long.MIN_VALUE.toBigInteger(), Long.MAX_VALUE.toBigInteger())?.toLong() ?: throw wrong(name)
    }

    fun small(name: String): Int? = number(name)?.let { Math.toIntExact(it) }

    fun flag(name: String): Boolean = take(name)?.let { (it as? JsonPrimitive)?.booleanOrNull ?: throw wrong(name) } ?: false

    fun span(name: String): Duration? = number(name)?.let(Duration::ofSeconds)

    fun moment(name: String): Instant? = number(name)?.let(Instant::ofEpochSecond)

    fun texts(name: String): List<String>? = list(name)?.map { it.text() ?: throw wrong(name) }

    fun pairs(name: String): Map<String, String>? =
        (take(name) as? JsonObject)?.mapValues { it.value.text() ?: throw wrong(name) }

    fun given(name: String): Given? = when (val value = take(name)) {
        null -> null
        is JsonObject -> Given.Bytes(HexFormat.of().parseHex(value["\$bytes"]?.text() ?: throw wrong(name)))
        else -> Given.Text(value.text() ?: throw wrong(name))
    }

    /** A word of a table, by its stable name. */
    fun <E> word(name: String, named: (String) -> E): E? = text(name)?.let(named)

    fun <E> words(name: String, named: (String) -> E): List<E>? = texts(name)?.map(named)

    fun limits(name: String): List<Limit>? = list(name)?.map { item ->
        val limit = Arguments(item as? JsonObject ?: throw wrong(name))
        Limit(
            limit.needed("name"),
            limit.needed("unit"),
            limit.number("capacity") ?: throw wrong(name),
            limit.number("window_seconds"),
            limit.number("refill_amount"),
            limit.number("refill_seconds"),
            limit.number("remaining"),
        ).also { limit.end() }
    }

    fun list(name: String): JsonArray? = take(name)?.let { it as? JsonArray ?: throw wrong(name) }

    /** Whatever was not asked for is unknown. */
    fun end() {
        if (left.isNotEmpty()) throw Unreadable("unknown argument ${left.first()}")
    }

    private fun take(name: String): JsonElement? {
        left.remove(name)
        return values[name]?.takeUnless { it == JsonNull }
    }

    private fun wrong(name: String) = Unreadable("$name has the wrong type")
}
