package dev.keywright

/**
 * What of an HTTP request counts.
 *
 * @property method `GET`, `POST`, …
 * @property target the path and the query as they were received, still percent-encoded: `/v1/things?page=2`
 * @property headers names and values in the order in which they came; one that was sent twice stands twice. A letter
 *   for each byte (Latin-1), as servers of the JVM give them
 * @property peer the address at the other end of the connection; null where it has none
 */
public class RequestParts @JvmOverloads constructor(
    public val method: String,
    public val target: String,
    public val headers: List<Pair<String, String>>,
    public val peer: String? = null,
) {
    internal fun native(): NativeRequest =
        NativeRequest(method, target, headers.map { (name, value) -> NativeHeader(name, octets(value)) }, peer)

    /** Without values: one of them is a secret. */
    override fun toString(): String = "RequestParts($method, headers=${headers.map { it.first }}, peer=$peer)"

    private fun octets(value: String): ByteArray {
        val latin = value.all { it.code <= 0xFF }
        return value.toByteArray(if (latin) Charsets.ISO_8859_1 else Charsets.UTF_8)
    }
}

/**
 * How keys are presented, and in which form a refusal is told. Made once, good for every request.
 *
 * @param header a header that holds the key alone, for example `x-api-key`, besides `Authorization: Bearer`
 * @param trustedProxies the proxies whose `X-Forwarded-For` counts: CIDR blocks or addresses, and `unix` for whoever
 *   connects without an address. Nobody's counts if empty
 * @param errorForm the form of a refusal's body
 * @throws KeywrightException.InvalidArgument for a name that no header can have, and for what is no network
 */
public class HttpPolicy @JvmOverloads constructor(
    header: String? = null,
    trustedProxies: Collection<String> = emptyList(),
    errorForm: ErrorForm = ErrorForm.OPEN_AI,
) {
    internal val native: NativePolicy = told { NativePolicy.make(header, trustedProxies.toList(), errorForm) }
}

/**
 * Whether an HTTP request may pass, and the whole answer to send if not.
 *
 * @property allowed whether it may pass
 * @property code what came of it; for you, not for whoever asked
 * @property status the status to answer with
 * @property headers the headers to answer with, also where it may pass (`RateLimit`)
 * @property body the body of a refusal; empty where it may pass
 * @property key the key, if it may pass
 * @property keyId the key's id, wherever the secret was right
 */
public class Authorization internal constructor(answer: NativeAuthorization) {
    public val allowed: Boolean = answer.allowed
    public val code: AuthorizeCode = answer.code
    public val status: Int = answer.status.toInt()
    public val headers: List<Pair<String, String>> = answer.headers.map { it.name to it.value }
    public val body: String = answer.body
    public val key: ApiKey? = answer.key
    public val keyId: String? = answer.keyId

    override fun toString(): String = "Authorization($status, ${code.stableName})"
}
