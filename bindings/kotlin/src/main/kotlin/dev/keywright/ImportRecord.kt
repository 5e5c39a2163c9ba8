package dev.keywright

import java.time.Instant

/**
 * A key that another system issued: by the hash that it kept ([hashFormat] and [hash]), or by the [secret] itself.
 *
 * @property name what people call it
 * @property secret the secret itself
 * @property hashFormat `sha256`, `sha512`, `hmac-sha256`, `bcrypt`, `argon2` or `django`
 * @property hash the hash: hexadecimal, base64 or base64url for the plain ones, else in its own text form
 * @property hashKey the key of an HMAC
 * @property hashKeyHex the same in hexadecimal
 * @property prefix what the secret begins with: 4 to 64 printable ASCII characters that begin no other imported secret.
 *   Required for salted hashes
 * @property redactedValue what may be shown of the secret; the prefix if absent
 * @property project its project, by id or name
 * @property owner its owner
 * @property keyClass `live` (if absent) or `test`
 * @property scopes what it may do: everything if absent
 * @property expiresAt when it stops being good
 * @property allowedIps the networks that it may be used from
 * @property metadata what the application keeps with it
 * @property limits the bounds on its use
 */
public class ImportRecord @JvmOverloads constructor(
    public val name: String,
    public val secret: Secret? = null,
    public val hashFormat: String? = null,
    public val hash: String? = null,
    public val hashKey: Secret? = null,
    public val hashKeyHex: Secret? = null,
    public val prefix: String? = null,
    public val redactedValue: String? = null,
    public val project: String? = null,
    public val owner: String? = null,
    public val keyClass: KeyClass? = null,
    public val scopes: Collection<String>? = null,
    public val expiresAt: Instant? = null,
    public val allowedIps: Collection<String>? = null,
    public val metadata: Map<String, String> = emptyMap(),
    public val limits: Collection<Limit> = emptyList(),
) {
    internal fun native(): NativeImportRecord = NativeImportRecord(
        name = name,
        secret = secret?.native,
        hashFormat = hashFormat,
        hash = hash,
        hashKey = hashKey?.native,
        hashKeyHex = hashKeyHex?.native,
        prefix = prefix,
        redactedValue = redactedValue,
        project = project,
        owner = owner,
        keyClass = keyClass,
        scopes = scopes?.toList(),
        expiresAt = expiresAt?.epochSecond,
        allowedIps = allowedIps?.toList(),
        metadata = metadata,
        limits = limits.toList(),
    )

    /** Without the hash and the prefix: both help to guess a secret that somebody chose. */
    override fun toString(): String = "ImportRecord(name=$name, …)"
}
