package dev.keywright.conformance

import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.fail
import dev.keywright.shared
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

private val stores = listOf("memory", "sqlite")

/** Holds the scenario that every runner has to report as failing: its last step, and no other. */
private const val MUST_FAIL = "must_fail.json"

/** Runs the scenarios of tests/conformance (see its README): each on a fresh store in memory and on a new SQLite file. */
class ConformanceTest {
    private val scenarios: List<Pair<String, JsonObject>> =
        shared.resolve("conformance").listDirectoryEntries("*.json").map { it.name }.sorted().flatMap { file ->
            json("conformance/$file").jsonArray.map { file to it.jsonObject }
        }

    @Test
    fun `nothing but the scenario says how a store is opened`() {
        for (name in listOf("KEYWRIGHT_STORE", "KEYWRIGHT_PEPPER", "KEYWRIGHT_PEPPER_FILE", "KEYWRIGHT_BRAND")) {
            assertNull(System.getenv(name), "unset $name: scenarios don't reckon with it")
        }
    }

    @Test
    fun `every scenario holds on every store`() = runBlocking {
        val failures = mutableListOf<String>()
        var passed = 0
        for ((file, scenario) in scenarios) {
            val kinds = scenario["stores"]?.jsonArray?.map { it.text()!! } ?: stores
            for (kind in kinds) {
                check(kind in stores) { "${scenario["id"]}: unknown store" }
                val error = outcome(scenario, kind)
                val good = if (file == MUST_FAIL) failsAtTheEnd(error, scenario) else error == null
                if (good) passed += 1 else failures += "${scenario["id"]} on $kind: ${error?.message ?: "it passed"}"
            }
        }
        println("\nconformance: ${scenarios.size} scenarios × ${stores.size} stores, $passed passed, ${failures.size} failed")
        assertEquals(emptyList(), failures)
    }

    @Test
    fun `the runner reports what it can't read`() = runBlocking {
        val unreadable = """[
            { "call": "conjure", "args": {} },
            { "call": "projects.conjure", "args": {} },
            { "call": "create", "args": { "name": "a", "colour": "red" } },
            { "call": "create", "args": { "name": 1 } },
            { "call": "create", "args": {} },
            { "call": "create", "args": { "name": "${'$'}nobody.id" } },
            { "call": "create", "args": { "name": { "${'$'}guess": 1 } } },
            { "call": "create", "args": { "name": { "${'$'}vector": "valid.99.token" } } },
            { "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "${'$'}like": "a" } } },
            { "call": "create", "args": { "name": "a" }, "expects": {} },
            { "call": "create", "args": { "name": "a" }, "error_contains": "a" }
        ]"""
        each(unreadable) { step, error -> assertIs<Unreadable>(error.cause, "$step: ${error.message}") }
    }

    @Test
    fun `the runner reports what differs`() = runBlocking {
        val mismatches = """[
            { "call": "create", "args": { "name": "a" }, "expect": { "key.name": "b" } },
            { "call": "create", "args": { "name": "a" }, "expect": { "key.nothing": "b" } },
            { "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "${'$'}not": "a" } } },
            { "call": "create", "args": { "name": "a" }, "expect": { "key.name": { "${'$'}exists": false } } },
            { "call": "create", "args": { "name": "a" }, "expect": { "key.expires_at": { "${'$'}exists": true } } },
            { "call": "create", "args": { "name": "ab" }, "expect": { "key.name": { "${'$'}matches": "a" } } },
            { "call": "create", "args": { "name": "ab" }, "expect": { "key.name": { "${'$'}contains": "c" } } },
            { "call": "create", "args": { "name": "a" }, "expect": { "key.versions.length": 2 } },
            { "call": "create", "args": { "name": "a" }, "error": "invalid_argument" },
            { "call": "create", "args": { "name": "" } },
            { "call": "create", "args": { "name": "" }, "error": "not_found" },
            { "call": "create", "args": { "name": "" }, "error": "invalid_argument", "error_contains": "pink" },
            { "call": "create", "args": { "name": "" }, "error": "invalid_argument", "error_key_id": "key_0" }
        ]"""
        each(mismatches) { step, error -> assertIs<Mismatch>(error.cause, "$step: ${error.message}") }
    }

    private suspend fun each(steps: String, judge: (step: String, error: Stopped) -> Unit) {
        for (step in Json.parseToJsonElement(steps).jsonArray) {
            val scenario = """{ "id": "runner", "title": "The runner", "steps": [$step] }"""
            val error = outcome(Json.parseToJsonElement(scenario).jsonObject, "memory")
            judge(step.toString(), error as? Stopped ?: fail("$step passed"))
        }
    }

    private suspend fun outcome(scenario: JsonObject, kind: String): Exception? =
        try {
            run(scenario, kind)
            null
        } catch (error: Exception) {
            error
        }

    private fun failsAtTheEnd(error: Exception?, scenario: JsonObject): Boolean =
        error is Stopped && error.cause is Mismatch && error.step == scenario.getValue("steps").jsonArray.size - 1
}
