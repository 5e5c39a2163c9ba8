package dev.keywright

import java.time.Duration

/**
 * The answer of `verify`: whether a key is good for a use, and why not.
 *
 * @property code why the key is good or not; for you, not for whoever asked
 * @property key the key, wherever the secret was right; also if it may not be used. Of its versions it has the
 *   presented one alone
 * @property retryAfter how long to wait, where waiting helps
 * @property limit the name of the limit that refused
 */
public class Verification internal constructor(
    public val code: VerifyCode,
    public val key: ApiKey?,
    public val retryAfter: Duration?,
    public val limit: String?,
) {
    internal constructor(answer: NativeVerification) :
        this(answer.code, answer.key, answer.retryAfterMs?.let(Duration::ofMillis), answer.limit)

    /** Whether the key may be used. */
    @get:JvmName("isValid")
    public val valid: Boolean get() = code == VerifyCode.VALID

    /** The key's id. */
    public val keyId: String? get() = key?.id

    /** The HTTP status that stands for the code. */
    public val httpStatus: Int get() = nativeHttpStatus(code).toInt()

    /** What a public wire says in `error.code`: less than [code]. Null if valid. */
    public val wireCode: String? get() = nativeWireCode(code)

    override fun toString(): String = "Verification(${code.stableName}${keyId?.let { ", $it" } ?: ""})"
}
