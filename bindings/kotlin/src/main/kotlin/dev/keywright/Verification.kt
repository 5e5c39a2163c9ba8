package dev.keywright

import java.time.Duration

/**
 * The answer of `verify`: whether a key is good for a use, and why not.
 *
 * @property code why the key is good or not; for you, not for whoever asked
 * @property keyId the key's id, wherever the secret was right
 * @property retryAfter how long to wait, where waiting helps
 * @property limit the name of the limit that refused
 */
public class Verification internal constructor(
    public val code: VerifyCode,
    public val keyId: String?,
    public val retryAfter: Duration?,
    public val limit: String?,
    private val answer: NativeAnswer?,
) {
    internal constructor(told: NativeVerification) :
        this(told.code, told.keyId, told.retryAfterMs?.let(Duration::ofMillis), told.limit, told.answer)

    /**
     * The key, wherever the secret was right; also if it may not be used. Of its versions it has the presented one alone.
     * Made when it is asked for.
     */
    public val key: ApiKey? by lazy { answer?.let { told { it.key() } } }

    /** Whether the key may be used. */
    @get:JvmName("isValid")
    public val valid: Boolean get() = code == VerifyCode.VALID

    /** The HTTP status that stands for the code. */
    public val httpStatus: Int get() = nativeHttpStatus(code).toInt()

    /** What a public wire says in `error.code`: less than [code]. Null if valid. */
    public val wireCode: String? get() = nativeWireCode(code)

    override fun toString(): String = "Verification(${code.stableName}${keyId?.let { ", $it" } ?: ""})"
}
