// What verify costs from Kotlin, beside its floor in the same run: `cargo xtask bench` runs it on the store that
// `cargo bench -p keywright` fills. Prints a Markdown table for docs/performance.md.

package dev.keywright.programs

import dev.keywright.KeyManager
import java.lang.management.ManagementFactory
import java.nio.file.Path
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlin.io.path.readLines
import kotlin.random.Random
import kotlinx.coroutines.runBlocking

private const val TIMED = 20_000

private val beans = ManagementFactory.getOperatingSystemMXBean() as com.sun.management.OperatingSystemMXBean

private inline fun measure(what: String, picks: List<String>, run: (String) -> Unit) {
    picks.take(picks.size / 2).forEach(run)
    val before = beans.processCpuTime
    picks.forEach(run)
    val cpu = (beans.processCpuTime - before) / picks.size
    val walls = picks.take(TIMED).map { pick ->
        val begin = System.nanoTime()
        run(pick)
        System.nanoTime() - begin
    }.sorted()
    val (middle, late) = walls[walls.size / 2] to walls[walls.size * 99 / 100]
    println("| %s | %.2f µs | %.2f µs | %.2f µs |".format(what, cpu / 1e3, middle / 1e3, late / 1e3))
}

/** `STORE`: a store of the benchmarks, with its secrets beside it. */
internal fun main(arguments: Array<String>): Unit = runBlocking {
    val store = Path.of(arguments.single())
    val secrets = Path.of(arguments.single().removeSuffix(".db") + ".secrets").readLines().filter { it.isNotEmpty() }
    val random = Random(7)
    val picks = List(60_000) { secrets[random.nextInt(secrets.size)] }
    println("| Kotlin, ${secrets.size} keys | CPU | median | p99 |")
    println("|---|---|---|---|")
    val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(ByteArray(32) { 1 }, "HmacSHA256")) }
    val map = secrets.associateWith { it.length }
    measure("floor: HMAC-SHA-256 and a map", picks) {
        mac.doFinal(it.toByteArray())
        check(map.containsKey(it))
    }
    KeyManager.open(store.toString(), mustExist = true).use { keys ->
        measure("verify", picks) { secret -> check(keys.verify(secret).valid) }
        val unknown = picks.map { it.dropLast(6) + "000000" }
        measure("verify, malformed", unknown) { secret -> check(!keys.verify(secret).valid) }
    }
}
