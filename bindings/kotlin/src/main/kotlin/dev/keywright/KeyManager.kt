package dev.keywright

import java.time.Duration
import java.time.Instant
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.runBlocking

/**
 * Issues keys, shows each secret once, verifies, rotates and revokes them. Made by [KeyManager.open].
 *
 * ```
 * val keys = KeyManager.open("keywright.db")
 * val (key, secret) = keys.create("billing")
 * println(secret.reveal()) // show it now: it can't be had again
 * println(keys.verify(secret).code) // VALID
 * ```
 *
 * Good for any number of coroutines and threads. A coroutine that is cancelled lets its call go at once; what was
 * submitted already may still take place. Java uses [BlockingKeyManager].
 */
public class KeyManager internal constructor(private val native: NativeManager) : AutoCloseable {
    /** Projects: every key is in one. */
    public val projects: Projects = Projects(native)

    /** Service accounts: programs that own keys. */
    public val serviceAccounts: ServiceAccounts = ServiceAccounts(native)

    /** Users: people that own keys. */
    public val users: Users = Users(native)

    /** Admin keys: for whoever manages keys from outside. */
    public val adminKeys: AdminKeys = AdminKeys(native)

    /** The mark that this store's secrets begin with. */
    public val brand: String = native.brand()

    /** The SQLite file, if the store is one. */
    public val path: String? = native.path()

    /** The same store, with someone else acting in the audit trail, and the address that their request came from. */
    @JvmOverloads
    public fun actingAs(actor: String, ip: String? = null): KeyManager = KeyManager(told { native.actingAs(actor, ip) })

    /** Stores what is held back (last uses) now. */
    public suspend fun flush(): Unit = waited { native.flush(null) }

    /**
     * Stores what is held back and lets go of the store, for all managers on it. Later calls fail with
     * [KeywrightException.Closed]; closing twice is fine.
     *
     * Waits for the disk, some milliseconds: where the thread must not wait, use [shutDown].
     */
    override fun close() {
        runBlocking { shutDown() }
    }

    /** What [close] does, without keeping the thread. */
    public suspend fun shutDown(): Unit = waited { native.shut() }

    /**
     * Issues a key and shows its secret, this once.
     *
     * @param name what people call it
     * @param project its project, by id or name; `default` if absent
     * @param owner `user_…`, `svc_…` or any string of the application's own; the project's default service account if
     *   absent
     * @param scopes what it may do: everything if absent, nothing if empty
     * @param expiresIn how long it lives, in whole seconds; not together with [expiresAt]
     * @param expiresAt when it stops being good
     * @param allowedIps CIDR blocks or addresses that it may be used from: anywhere if absent
     * @param metadata what the application keeps with it: up to 32 pairs
     * @param keyClass what it is for: `live` (if absent), `test` or `temp`
     * @param rateLimit a limit in short: `100/60s` is at most 100 requests in any 60 seconds
     * @param credits a limit in short: so many usage credits, once and for all
     * @param limits limits in full
     * @param idempotencyKey makes a retry safe for 24 hours: it gives the same key, with a fresh secret if it was never
     *   used (the undelivered one is dead then), else [KeywrightException.AlreadyIssued]
     */
    public suspend fun create(
        name: String,
        project: String? = null,
        owner: String? = null,
        scopes: Collection<String>? = null,
        expiresIn: Duration? = null,
        expiresAt: Instant? = null,
        allowedIps: Collection<String>? = null,
        metadata: Map<String, String> = emptyMap(),
        keyClass: KeyClass? = null,
        rateLimit: String? = null,
        credits: Long? = null,
        limits: Collection<Limit> = emptyList(),
        idempotencyKey: String? = null,
    ): Created {
        val input = NativeCreateInput(
            project = project,
            owner = owner,
            scopes = scopes?.toList(),
            expiresIn = expiresIn?.seconds,
            expiresAt = expiresAt?.epochSecond,
            allowedIps = allowedIps?.toList(),
            metadata = metadata,
            keyClass = keyClass,
            rateLimit = rateLimit,
            credits = credits,
            limits = limits.toList(),
            idempotencyKey = idempotencyKey,
        )
        return Created(waited { native.create(name, input, null) })
    }

    /** The key of that id. */
    public suspend fun get(id: String): ApiKey = waited { native.get(id, null) }

    /**
     * Keys, newest first; [Page.asFlow] goes through all pages.
     *
     * @param project only in this project, by id or name
     * @param owner only of this owner
     * @param status only with this status
     * @param search only where name, id, owner or redacted value contains this
     * @param includeRevoked also revoked keys
     * @param after only what stands behind the key of this id
     * @param limit at most so many on a page, 1 to 1000; 20 if absent
     */
    public suspend fun list(
        project: String? = null,
        owner: String? = null,
        status: KeyStatus? = null,
        search: String? = null,
        includeRevoked: Boolean = false,
        after: String? = null,
        limit: Int? = null,
    ): Page<ApiKey> {
        val input = NativeListInput(project, owner, status, search, includeRevoked, after, limit?.toLong())
        val page = waited { native.list(input, null) }
        return Page(page.data, page.hasMore) { last ->
            list(project, owner, status, search, includeRevoked, last.id, limit)
        }
    }

    /**
     * Changes some fields of a key. The rest stays as it is, also under concurrent changes.
     *
     * @param metadata new metadata, in place of all of the old
     * @param scopes new scopes; `Change.To(null)` is everything
     * @param allowedIps new networks; `Change.To(null)` is anywhere
     * @param expiresAt a new expiry; `Change.To(null)` is never
     * @param limits new limits, in place of all of the old; what was used of one of the same name stays used
     */
    public suspend fun update(
        id: String,
        name: String? = null,
        metadata: Map<String, String>? = null,
        scopes: Change<Collection<String>?> = Change.Keep,
        allowedIps: Change<Collection<String>?> = Change.Keep,
        expiresAt: Change<Instant?> = Change.Keep,
        limits: Collection<Limit>? = null,
    ): ApiKey {
        val input = NativeUpdateInput(
            name = name,
            metadata = metadata,
            scopes = texts(scopes),
            allowedIps = texts(allowedIps),
            expiresAt = (expiresAt as? Change.To)?.let { NativeMomentChange(it.value?.epochSecond) },
            limits = limits?.toList(),
        )
        return waited { native.update(id, input, null) }
    }

    /**
     * Gives a key a new secret; the old one stays good for [overlap] (24 hours if absent, at most 366 days; zero for a
     * leak). Id, name, limits and history stay.
     *
     * @throws KeywrightException.InvalidState only an active key rotates
     * @throws KeywrightException.RotationInProgress
     */
    public suspend fun rotate(id: String, overlap: Duration? = null): Created =
        Created(waited { native.rotate(id, overlap?.seconds, null) })

    /** Ends the old version of a rotation now. */
    public suspend fun finishRotation(id: String): ApiKey = waited { native.finishRotation(id, null) }

    /** Ends the new version of a rotation now; the old one is current again. */
    public suspend fun cancelRotation(id: String): ApiKey = waited { native.cancelRotation(id, null) }

    /** Switches a key off. Doing it twice changes nothing. */
    public suspend fun disable(id: String): ApiKey = waited { native.disable(id, null) }

    /** Switches a key on again. Doing it twice changes nothing. */
    public suspend fun enable(id: String): ApiKey = waited { native.enable(id, null) }

    /**
     * Kills a key for good. When this returns, no verify that starts later succeeds with it, in this process or any
     * other on the store. Doing it twice changes nothing.
     */
    public suspend fun revoke(id: String, reason: RevocationReason = RevocationReason.UNSPECIFIED): ApiKey =
        waited { native.revoke(id, reason, null) }

    /** Revokes every key of an owner; says how many that were. */
    public suspend fun revokeAll(owner: String, reason: RevocationReason = RevocationReason.UNSPECIFIED): Long =
        waited { native.revokeAll(owner, reason, null) }

    /**
     * How often a key was used on each of the last [days] days (1 to 90) in UTC, today included: one entry for each
     * day, oldest first. A use is a verify that was answered `valid`; it is counted at most a second later.
     */
    public suspend fun usage(id: String, days: Int = 30): List<DailyUse> =
        waited { native.usage(id, days.toLong(), null) }

    /**
     * Whether a presented secret is good for a use. Takes it exactly: nothing is trimmed. Any kind of bad key is a
     * result, and so is [VerifyCode.UNAVAILABLE] (no answer could be had: deny).
     *
     * Where the answer is at hand it takes no trip through another thread.
     *
     * @param scopes the use requires all of these
     * @param ip the address that the use comes from
     * @param cost how many usage credits it costs; 1 if absent
     * @throws KeywrightException.InvalidArgument if what is required is malformed
     */
    public suspend fun verify(
        secret: String,
        scopes: Collection<String> = emptyList(),
        ip: String? = null,
        cost: Long? = null,
    ): Verification {
        val answer = told { Presented.of(secret) { verifyNow(it, scopes, ip, cost) } }
        return if (answer != null) Verification(answer) else Secret(secret).use { verifyLater(it, scopes, ip, cost) }
    }

    /** The same of bytes. */
    public suspend fun verify(
        secret: ByteArray,
        scopes: Collection<String> = emptyList(),
        ip: String? = null,
        cost: Long? = null,
    ): Verification {
        val answer = told { Presented.of(secret) { verifyNow(it, scopes, ip, cost) } }
        return if (answer != null) Verification(answer) else Secret(secret).use { verifyLater(it, scopes, ip, cost) }
    }

    /** The same of a [Secret]. */
    public suspend fun verify(
        secret: Secret,
        scopes: Collection<String> = emptyList(),
        ip: String? = null,
        cost: Long? = null,
    ): Verification = verifyLater(secret, scopes, ip, cost)

    /**
     * Whether an HTTP request may pass, and if not, what to answer.
     *
     * The key stands in `Authorization: Bearer`, or in the one header that [policy] names. Two credentials are a 400,
     * and so is a key in the URL. All refusals with 401 are the same bytes, but for `expired_api_key`. A store that
     * can't be asked, a closed one too, is an answer: 503.
     */
    public suspend fun authorize(
        request: RequestParts,
        scopes: Collection<String> = emptyList(),
        cost: Long? = null,
        policy: HttpPolicy? = null,
    ): Authorization {
        val required = NativeAuthorizeInput(scopes.toList(), cost, policy?.native)
        val parts = request.native()
        val answer = told { native.authorizeNow(parts, required) }
        return Authorization(answer ?: waited { native.authorize(parts, required, null) })
    }

    /** Which key is this? Gives no access: the key may be revoked, expired or for another use. */
    public suspend fun identify(secret: String): ApiKey? = Secret(secret).use { identify(it) }

    /** The same of a [Secret]. */
    public suspend fun identify(secret: Secret): ApiKey? = waited { native.identify(secret.native, null) }

    /**
     * Takes over keys that another system issued. A record that is refused does not keep the others from being taken
     * over. A hash becomes a digest of ours at the first good verify.
     */
    public suspend fun importKeys(records: Iterable<ImportRecord>): ImportReport =
        waited { native.importKeys(records.map { it.native() }, null) }

    /** Everything but secrets and digests, one JSON object to a line, without line ends. */
    public fun exportKeys(): Flow<String> = flow {
        told { native.exportKeys() }.use { export ->
            while (true) {
                val lines = waited { export.nextLines(null) }
                if (lines.isEmpty()) break
                lines.forEach { emit(it) }
            }
        }
    }

    /**
     * Events of the audit trail, oldest first; [Page.asFlow] goes through all pages.
     *
     * @param objectId only about this key, project or account
     * @param project only in this project, by id or name
     * @param eventTypes only of these types; all if empty
     * @param actor only of this actor
     * @param since only from this moment on
     * @param after only behind this place in the chain
     * @param limit at most so many on a page, 1 to 1000; 100 if absent
     */
    public suspend fun audit(
        objectId: String? = null,
        project: String? = null,
        eventTypes: Collection<String> = emptyList(),
        actor: String? = null,
        since: Instant? = null,
        after: Long? = null,
        limit: Int? = null,
    ): Page<AuditEvent> {
        val input =
            NativeAuditInput(objectId, project, eventTypes.toList(), actor, since?.epochSecond, after, limit?.toLong())
        val page = waited { native.audit(input, null) }
        return Page(page.data, page.hasMore) { last ->
            audit(objectId, project, eventTypes, actor, since, last.seq, limit)
        }
    }

    /** Walks the whole audit trail; the first broken link, or null. */
    public suspend fun verifyAudit(): BrokenLink? = waited { native.verifyAudit(null) }

    override fun toString(): String = "KeyManager(path=$path, brand=$brand)"

    private fun verifyNow(
        secret: java.nio.ByteBuffer,
        scopes: Collection<String>,
        ip: String?,
        cost: Long?,
    ): NativeVerification? =
        if (scopes.isEmpty() && ip == null && cost == null) {
            native.verifyNow(secret)
        } else {
            native.verifyForNow(secret, NativeRequirements(scopes.toList(), ip, cost))
        }

    private suspend fun verifyLater(secret: Secret, scopes: Collection<String>, ip: String?, cost: Long?): Verification =
        Verification(waited { native.verify(secret.native, NativeRequirements(scopes.toList(), ip, cost), null) })

    private fun texts(change: Change<Collection<String>?>): NativeTextsChange? =
        (change as? Change.To)?.let { NativeTextsChange(it.value?.toList()) }

    public companion object {
        /** The pepper's name in a secret store where none is given. */
        public const val PEPPER_NAME: String = "keywright.pepper"

        /**
         * Opens the store, and makes it (and its pepper) if it isn't there.
         *
         * @param store a path, `sqlite:PATH` or `memory:`; where it is absent `KEYWRIGHT_STORE` counts, then
         *   `./keywright.db`
         * @param pepper the pepper itself: 64 hexadecimal digits, or `NUMBER:DIGITS` for each of several
         * @param pepperFile the file with the pepper
         * @param secretStore where the application keeps the pepper; it is made there with a new store
         * @param pepperName its name there: another for each store of keys
         * @param brand the brand of a store that is made now; for one that is there already it must be the same
         * @param acceptedClasses the classes whose secrets `verify` accepts; `live`, `test` and `temp` if absent
         * @param mustExist refuse to make a store that isn't there
         * @param actor who acts, in the audit trail; `library` if absent
         * @param clock what tells the time; the machine's clock if absent
         * @param logSink hears of refused verifications and warnings
         * @throws KeywrightException.Pepper if the pepper is missing or not this store's
         * @throws KeywrightException.SchemaVersion if a newer program wrote the file
         * @throws KeywrightException.Unavailable if it can't be read or written
         */
        public suspend fun open(
            store: String? = null,
            pepper: Secret? = null,
            pepperFile: String? = null,
            secretStore: SecretStore? = null,
            pepperName: String = PEPPER_NAME,
            brand: String? = null,
            acceptedClasses: Collection<KeyClass>? = null,
            mustExist: Boolean = false,
            actor: String? = null,
            clock: Clock? = null,
            logSink: LogSink? = null,
        ): KeyManager = KeyManager(
            waited {
                val input = input(
                    pepper, pepperFile, secretStore, pepperName, brand, acceptedClasses, mustExist, actor, clock, logSink,
                )
                nativeOpen(store, input, null)
            },
        )

        internal fun input(
            pepper: Secret?,
            pepperFile: String?,
            secretStore: SecretStore?,
            pepperName: String,
            brand: String?,
            acceptedClasses: Collection<KeyClass>?,
            mustExist: Boolean,
            actor: String?,
            clock: Clock?,
            logSink: LogSink?,
        ): NativeOpenInput = NativeOpenInput(
            pepper = pepper?.native,
            pepperFile = pepperFile,
            pepperPlace = secretStore?.let { NativePepperPlace(HostSecretStore(it), pepperName) },
            brand = brand,
            acceptedClasses = acceptedClasses?.toList(),
            mustExist = mustExist,
            actor = actor,
            clock = clock?.let(::HostClock),
            logSink = logSink?.let(::HostLogSink),
        )
    }
}
