// Values in scenarios: references to what was saved, a few operators, paths into results, and the comparison with what
// is expected.

package dev.keywright.conformance

import dev.keywright.shared
import kotlin.io.path.readText
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.intOrNull

/** The runner can't carry out what the scenario says. */
internal class Unreadable(message: String) : Exception(message)

internal fun json(path: String): JsonElement = Json.parseToJsonElement(shared.resolve(path).readText())

private val vectors = json("vectors/key_format.json")
private val comparing = setOf("\$exists", "\$not", "\$matches", "\$contains")
private val reference = Regex("""\$([a-z][a-z0-9_.]*)""")

/** What earlier steps saved. */
internal typealias Saved = Map<String, JsonElement>

/** The text of a value that is one. */
internal fun JsonElement.text(): String? = (this as? JsonPrimitive)?.takeIf { it.isString }?.content

/** The value with its references and operators carried out. `$bytes` and what compares is left. */
internal fun resolve(value: JsonElement, saved: Saved): JsonElement = when (value) {
    is JsonPrimitive -> value.text()?.let { reference.matchEntire(it) }?.let { found ->
        lookUp(JsonObject(saved), found.groupValues[1]) ?: throw Unreadable("nothing was saved as ${value.content}")
    } ?: value
    is JsonArray -> JsonArray(value.map { resolve(it, saved) })
    is JsonObject -> operator(value)?.let { (name, operand) -> operate(name, operand, saved) }
        ?: JsonObject(value.mapValues { resolve(it.value, saved) })
}

/** An object of one field whose name begins with `$`. */
private fun operator(value: JsonElement): Pair<String, JsonElement>? =
    (value as? JsonObject)?.entries?.singleOrNull()?.takeIf { it.key.startsWith("$") }?.toPair()

private fun operate(name: String, operand: JsonElement, saved: Saved): JsonElement = when (name) {
    "\$concat" -> {
        val parts = (resolve(operand, saved) as? JsonArray)?.map { it.text() ?: throw Unreadable("\$concat joins texts") }
        JsonPrimitive(parts?.joinToString("") ?: throw Unreadable("\$concat joins texts"))
    }
    "\$repeat" -> {
        val (text, count) = operand as? JsonArray ?: throw Unreadable("\$repeat takes a text and a count")
        val times = (count as? JsonPrimitive)?.intOrNull
        if (text.text() == null || times == null) throw Unreadable("\$repeat takes a text and a count")
        JsonPrimitive(text.text()!!.repeat(times))
    }
    "\$vector" -> lookUp(vectors, operand.text() ?: "") ?: throw Unreadable("there is no vector $operand")
    "\$not" -> JsonObject(mapOf(name to resolve(operand, saved)))
    "\$bytes", "\$exists", "\$matches", "\$contains" -> JsonObject(mapOf(name to operand))
    else -> throw Unreadable("unknown operator $name")
}

private fun lookUp(value: JsonElement, path: String): JsonElement? =
    path.split('.').fold(value as JsonElement?) { inner, part ->
        when (inner) {
            is JsonObject -> inner[part]
            is JsonArray -> part.toIntOrNull()?.let { inner.getOrNull(it) }
            else -> null
        }
    }

/** What is at a path of a result: null where there is nothing. */
internal fun at(result: JsonElement, path: String): JsonElement {
    if (path.isEmpty()) return result
    val list = path.removeSuffix(".length")
    if (list == path) return lookUp(result, path) ?: JsonNull
    return (lookUp(result, list) as? JsonArray)?.let { JsonPrimitive(it.size) } ?: JsonNull
}

/** How `there` differs from what is `wanted`; null if it doesn't. */
internal fun differs(there: JsonElement, wanted: JsonElement): String? {
    val (name, operand) = operator(wanted)
        ?: return if (there == wanted) null else "is $there, not $wanted"
    if (name !in comparing) throw Unreadable("unknown comparison $name")
    val holds = when (name) {
        "\$exists" -> JsonPrimitive(there != JsonNull) == operand
        "\$not" -> there != operand
        "\$matches" -> there.text()?.let { Regex(operand.text()!!).matches(it) } ?: false
        else -> there.text()?.contains(operand.text()!!) ?: false
    }
    return if (holds) null else "is $there, and $wanted does not hold"
}
