// Spoken to line by line, in JSON, by the tests in which several languages share one store (tests/e2e).

package dev.keywright.programs

import dev.keywright.KeyManager
import dev.keywright.stableName
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put

/** `STORE`; each line asks for one thing: `{"verify": SECRET}`. */
internal fun main(arguments: Array<String>): Unit = runBlocking {
    KeyManager.open(arguments.single()).use { keys ->
        for (line in generateSequence(::readLine)) {
            val (verb, value) = Json.parseToJsonElement(line).jsonObject.entries.single()
            val given = value.jsonPrimitive.content
            val answer = when (verb) {
                "create" -> keys.create(given).use { (key, secret) ->
                    buildJsonObject {
                        put("id", key.id)
                        put("secret", secret.reveal())
                    }
                }
                "verify" -> JsonPrimitive(keys.verify(given).code.stableName)
                "rotate" -> JsonPrimitive(keys.rotate(given).use { it.secret.reveal() })
                "revoke" -> JsonPrimitive(keys.revoke(given).status.stableName)
                else -> error("an unknown verb")
            }
            println(answer)
        }
    }
}
