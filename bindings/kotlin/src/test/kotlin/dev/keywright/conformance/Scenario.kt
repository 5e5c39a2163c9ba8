// The walk through the steps of one scenario.

package dev.keywright.conformance

import dev.keywright.KeyClass
import dev.keywright.KeyManager
import dev.keywright.KeywrightException
import dev.keywright.ManualClock
import dev.keywright.Secret
import dev.keywright.openForTests
import dev.keywright.named
import dev.keywright.stableName
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.deleteRecursively
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** The library did something else than the scenario says. */
internal class Mismatch(message: String) : Exception(message)

/** A step that went wrong. */
internal class Stopped(val step: Int, call: String, override val cause: Exception) :
    Exception("step ${step + 1}, $call: ${cause.message}", cause)

private val fields = setOf("id", "title", "stores", "open", "steps")
private val stepFields = setOf("call", "args", "save", "expect", "error", "error_contains", "error_key_id")

/** Walks through a scenario on a fresh store of that kind. */
internal suspend fun run(scenario: JsonObject, kind: String) {
    checkForm(scenario, fields)
    val world = World(kind)
    val saved = mutableMapOf<String, JsonElement>()
    try {
        world.open(scenario["open"]?.jsonObject.orEmpty())
        scenario.getValue("steps").jsonArray.forEachIndexed { index, step ->
            try {
                walk(world, step.jsonObject, saved)
            } catch (error: Exception) {
                throw Stopped(index, step.jsonObject["call"].toString(), error)
            }
        }
    } finally {
        world.end()
    }
}

private suspend fun walk(world: World, step: JsonObject, saved: MutableMap<String, JsonElement>) {
    checkForm(step, stepFields)
    val args = step["args"]?.jsonObject.orEmpty().mapValues { resolve(it.value, saved) }
    val error = step["error"]?.text()
    val aboutError = "error_contains" in step || "error_key_id" in step
    if (error == null && aboutError) throw Unreadable("asks about an error and expects none")
    if (error != null && ("expect" in step || "save" in step)) throw Unreadable("expects an error and a result")
    val result = try {
        world.call(step.getValue("call").text() ?: "", args)
    } catch (failure: KeywrightException) {
        return judge(step, failure, saved)
    }
    if (error != null) throw Mismatch("should have failed with $error")
    step["expect"]?.jsonObject.orEmpty().forEach { (path, wanted) ->
        differs(at(result, path), resolve(wanted, saved))?.let { throw Mismatch("`$path` $it") }
    }
    step["save"]?.text()?.let { saved[it] = result }
}

private fun judge(step: JsonObject, failure: KeywrightException, saved: Saved) {
    val wanted = step["error"]?.text() ?: throw Mismatch("failed with ${failure.code}: ${failure.message}")
    val code = failure.code.stableName
    if (code != wanted) throw Mismatch("failed with $code instead of $wanted: ${failure.message}")
    step["error_contains"]?.text()?.let { part ->
        if (part !in failure.message.orEmpty()) throw Mismatch("the error says `${failure.message}`, not `$part`")
    }
    step["error_key_id"]?.let { resolve(it, saved).text() }?.let { id ->
        if (id != failure.keyId) throw Mismatch("the error is about ${failure.keyId}, not $id")
    }
}

private fun checkForm(given: JsonObject, names: Set<String>) {
    (given.keys - names).firstOrNull()?.let { throw Unreadable("unknown field $it") }
}

/** One store of the scenario's own, and a clock that moves only when told to. */
private class World(kind: String) {
    private val clock = ManualClock()
    private val folder: Path? = if (kind == "sqlite") Files.createTempDirectory("keywright-") else null
    private val store = folder?.resolve("keys.db")?.toString() ?: "memory:"
    private var keys: KeyManager? = null

    suspend fun open(given: Map<String, JsonElement>, at: String = store) {
        val read = Arguments(given)
        val (brand, actor) = read.text("brand") to read.text("actor")
        val classes = read.words("accepted_classes") { KeyClass.named(it) }
        val (mustExist, pepper) = read.flag("must_exist") to read.text("pepper")?.let { Secret(it) }
        read.end()
        keys = openForTests(at, clock, pepper, null, brand, classes, mustExist, actor)
    }

    suspend fun call(name: String, given: Map<String, JsonElement>): JsonElement {
        val read = Arguments(given)
        val manager = keys ?: throw Unreadable("no store is open")
        when (name) {
            "advance" -> {
                clock.millis += 1000 * (read.number("seconds") ?: 0) + (read.number("ms") ?: 0)
                read.end()
            }
            "set_clock" -> {
                clock.millis = 1000 * (read.number("seconds") ?: throw Unreadable("seconds is missing"))
                read.end()
            }
            "acting_as" -> {
                val (actor, ip) = read.needed("actor") to read.text("ip")
                read.end()
                keys = manager.actingAs(actor, ip)
            }
            "reopen" -> {
                val at = read.text("store") ?: store
                manager.shutDown()
                open(given - "store", at)
            }
            else -> return call(manager, name, given)
        }
        return JsonNull
    }

    suspend fun end() {
        keys?.shutDown()
        @OptIn(ExperimentalPathApi::class)
        folder?.deleteRecursively()
    }
}
