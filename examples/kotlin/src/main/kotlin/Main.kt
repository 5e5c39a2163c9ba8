// A small service that keeps its keys in a file: what a request would call is called here in a row.

import dev.keywright.KeyManager
import dev.keywright.RequestParts
import dev.keywright.stableName
import java.time.Duration

/** Issues, checks, rotates and revokes keys of customers. */
class KeyService(private val keys: KeyManager) {
    /** A key for a customer: its id and its secret, which is shown this once. */
    suspend fun issue(customer: String): Pair<String, String> =
        keys.create("$customer's key", owner = customer, scopes = listOf("hello.read")).use { (key, secret) ->
            key.id to secret.reveal()
        }

    /** What `GET /hello` answers. */
    suspend fun hello(authorization: String): String {
        val request = RequestParts("GET", "/hello", listOf("authorization" to authorization))
        val answer = keys.authorize(request, scopes = listOf("hello.read"))
        val key = answer.key ?: return "${answer.status} ${answer.code.stableName}"
        return "200 hello, ${key.owner.id}"
    }

    /** A new secret; the old one stays good for a day. */
    suspend fun rotate(id: String): String = keys.rotate(id, overlap = Duration.ofDays(1)).use { it.secret.reveal() }

    /** Kills the key. */
    suspend fun revoke(id: String) {
        keys.revoke(id)
    }
}

suspend fun main() {
    KeyManager.open().use { keys ->
        println("store: ${keys.path}")
        val service = KeyService(keys)
        val (id, secret) = service.issue("cust_42")
        println("issued $id: $secret")
        println("with it:           ${service.hello("Bearer $secret")}")
        val fresh = service.rotate(id)
        println("rotated, old one:  ${service.hello("Bearer $secret")}")
        println("rotated, new one:  ${service.hello("Bearer $fresh")}")
        service.revoke(id)
        println("revoked:           ${service.hello("Bearer $fresh")}")
    }
}
