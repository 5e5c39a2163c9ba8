// One call on a store, for the tests in which several languages share one: prints what it gives on one line.

package dev.keywright.programs

import dev.keywright.KeyManager
import dev.keywright.KeywrightException
import dev.keywright.stableName
import kotlin.system.exitProcess
import kotlinx.coroutines.runBlocking

/** `STORE create NAME | verify SECRET | rotate ID | revoke ID`. */
internal fun main(arguments: Array<String>): Unit = runBlocking {
    val (store, verb, value) = arguments
    try {
        KeyManager.open(store, mustExist = verb != "create").use { keys ->
            when (verb) {
                "create" -> keys.create(value).let { (key, secret) -> println("${key.id} ${secret.reveal()}") }
                "verify" -> println(keys.verify(value).code.stableName)
                "rotate" -> println(keys.rotate(value).secret.reveal())
                "revoke" -> println(keys.revoke(value).status.stableName)
                else -> exitProcess(2)
            }
        }
    } catch (error: KeywrightException) {
        println("error ${error.code.stableName}")
        exitProcess(1)
    }
}
