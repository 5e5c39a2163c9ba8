@file:JvmName("Blocking")

package dev.keywright

import java.time.Duration
import java.time.Instant
import java.util.stream.Stream
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

/**
 * [KeyManager] for Java, and for Kotlin without coroutines: the same methods, each of which waits for its outcome. An
 * interrupted thread lets its call go with an [InterruptedException].
 *
 * ```java
 * try (var keys = BlockingKeyManager.open("keywright.db")) {
 *     Created created = keys.create("billing", new CreateOptions().owner("cust_42"));
 *     System.out.println(created.getSecret().reveal()); // show it now: it can't be had again
 * }
 * ```
 */
public class BlockingKeyManager(private val keys: KeyManager) : AutoCloseable {
    /** Projects: every key is in one. */
    public val projects: BlockingProjects = BlockingProjects(keys.projects)

    /** Service accounts: programs that own keys. */
    public val serviceAccounts: BlockingServiceAccounts = BlockingServiceAccounts(keys.serviceAccounts)

    /** Users: people that own keys. */
    public val users: BlockingUsers = BlockingUsers(keys.users)

    /** Admin keys: for whoever manages keys from outside. */
    public val adminKeys: BlockingAdminKeys = BlockingAdminKeys(keys.adminKeys)

    /** The mark that this store's secrets begin with. */
    public val brand: String get() = keys.brand

    /** The SQLite file, if the store is one. */
    public val path: String? get() = keys.path

    /** See [KeyManager.actingAs]. */
    @JvmOverloads
    public fun actingAs(actor: String, ip: String? = null): BlockingKeyManager =
        BlockingKeyManager(keys.actingAs(actor, ip))

    /** See [KeyManager.flush]. */
    public fun flush(): Unit = runBlocking { keys.flush() }

    /** See [KeyManager.close]. */
    override fun close() {
        keys.close()
    }

    /** See [KeyManager.create]. */
    @JvmOverloads
    public fun create(name: String, options: CreateOptions = CreateOptions()): Created = runBlocking {
        with(options) {
            keys.create(
                name, project, owner, scopes, expiresIn, expiresAt, allowedIps, metadata, keyClass, rateLimit, credits,
                limits, idempotencyKey,
            )
        }
    }

    /** See [KeyManager.get]. */
    public fun get(id: String): ApiKey = runBlocking { keys.get(id) }

    /** See [KeyManager.list]. */
    @JvmOverloads
    public fun list(options: ListOptions = ListOptions()): BlockingPage<ApiKey> = runBlocking {
        with(options) { BlockingPage(keys.list(project, owner, status, search, includeRevoked, after, limit)) }
    }

    /** See [KeyManager.update]. */
    public fun update(id: String, changes: UpdateOptions): ApiKey = runBlocking {
        with(changes) { keys.update(id, name, metadata, scopes, allowedIps, expiresAt, limits) }
    }

    /** See [KeyManager.rotate]. */
    @JvmOverloads
    public fun rotate(id: String, overlap: Duration? = null): Created = runBlocking { keys.rotate(id, overlap) }

    /** See [KeyManager.finishRotation]. */
    public fun finishRotation(id: String): ApiKey = runBlocking { keys.finishRotation(id) }

    /** See [KeyManager.cancelRotation]. */
    public fun cancelRotation(id: String): ApiKey = runBlocking { keys.cancelRotation(id) }

    /** See [KeyManager.disable]. */
    public fun disable(id: String): ApiKey = runBlocking { keys.disable(id) }

    /** See [KeyManager.enable]. */
    public fun enable(id: String): ApiKey = runBlocking { keys.enable(id) }

    /** See [KeyManager.revoke]. */
    @JvmOverloads
    public fun revoke(id: String, reason: RevocationReason = RevocationReason.UNSPECIFIED): ApiKey =
        runBlocking { keys.revoke(id, reason) }

    /** See [KeyManager.revokeAll]. */
    @JvmOverloads
    public fun revokeAll(owner: String, reason: RevocationReason = RevocationReason.UNSPECIFIED): Long =
        runBlocking { keys.revokeAll(owner, reason) }

    /** See [KeyManager.usage]. */
    @JvmOverloads
    public fun usage(id: String, days: Int = 30): List<DailyUse> = runBlocking { keys.usage(id, days) }

    /** See [KeyManager.verify]. */
    @JvmOverloads
    public fun verify(secret: String, required: VerifyOptions = VerifyOptions()): Verification =
        runBlocking { with(required) { keys.verify(secret, scopes, ip, cost) } }

    /** See [KeyManager.verify]. */
    @JvmOverloads
    public fun verify(secret: ByteArray, required: VerifyOptions = VerifyOptions()): Verification =
        runBlocking { with(required) { keys.verify(secret, scopes, ip, cost) } }

    /** See [KeyManager.verify]. */
    @JvmOverloads
    public fun verify(secret: Secret, required: VerifyOptions = VerifyOptions()): Verification =
        runBlocking { with(required) { keys.verify(secret, scopes, ip, cost) } }

    /** See [KeyManager.authorize]; the address in [required] is the request's own. */
    @JvmOverloads
    public fun authorize(
        request: RequestParts,
        required: VerifyOptions = VerifyOptions(),
        policy: HttpPolicy? = null,
    ): Authorization = runBlocking { keys.authorize(request, required.scopes, required.cost, policy) }

    /** See [KeyManager.identify]. */
    public fun identify(secret: String): ApiKey? = runBlocking { keys.identify(secret) }

    /** See [KeyManager.identify]. */
    public fun identify(secret: Secret): ApiKey? = runBlocking { keys.identify(secret) }

    /** See [KeyManager.importKeys]. */
    public fun importKeys(records: Iterable<ImportRecord>): ImportReport = runBlocking { keys.importKeys(records) }

    /** See [KeyManager.exportKeys]. */
    public fun exportKeys(): Stream<String> = runBlocking { keys.exportKeys().toList() }.stream()

    /** See [KeyManager.audit]. */
    @JvmOverloads
    public fun audit(options: AuditOptions = AuditOptions()): BlockingPage<AuditEvent> = runBlocking {
        with(options) { BlockingPage(keys.audit(objectId, project, eventTypes, actor, since, after, limit)) }
    }

    /** See [KeyManager.verifyAudit]. */
    public fun verifyAudit(): BrokenLink? = runBlocking { keys.verifyAudit() }

    override fun toString(): String = "Blocking$keys"

    public companion object {
        /** See [KeyManager.open]. */
        @JvmStatic
        @JvmOverloads
        public fun open(store: String? = null, options: OpenOptions = OpenOptions()): BlockingKeyManager = runBlocking {
            with(options) {
                BlockingKeyManager(
                    KeyManager.open(
                        store, pepper, pepperFile, secretStore, pepperName, brand, acceptedClasses, mustExist, actor,
                        clock, logSink,
                    ),
                )
            }
        }
    }
}

/** [Page] without coroutines. */
public class BlockingPage<T> internal constructor(private val page: Page<T>) : Iterable<T> by page.data {
    /** What is on it. */
    public val data: List<T> get() = page.data

    /** Whether there is another page behind it. */
    @get:JvmName("hasMore")
    public val hasMore: Boolean get() = page.hasMore

    /** The page behind this one; null if there is none. */
    public fun next(): BlockingPage<T>? = runBlocking { page.next() }?.let { BlockingPage(it) }

    override fun toString(): String = page.toString()
}

/** [Projects] without coroutines. */
public class BlockingProjects internal constructor(private val projects: Projects) {
    /** See [Projects.create]. */
    @JvmOverloads
    public fun create(name: String, defaultLifetime: Duration? = null, maxLifetime: Duration? = null): Project =
        runBlocking { projects.create(name, defaultLifetime, maxLifetime) }

    /** See [Projects.get]. */
    public fun get(project: String): Project = runBlocking { projects.get(project) }

    /** See [Projects.list]. */
    @JvmOverloads
    public fun list(includeArchived: Boolean = false): List<Project> = runBlocking { projects.list(includeArchived) }

    /** See [Projects.archive]. */
    public fun archive(project: String): Project = runBlocking { projects.archive(project) }
}

/** [ServiceAccounts] without coroutines. */
public class BlockingServiceAccounts internal constructor(private val accounts: ServiceAccounts) {
    /** See [ServiceAccounts.create]. */
    @JvmOverloads
    public fun create(name: String, project: String? = null): ServiceAccount =
        runBlocking { accounts.create(name, project) }

    /** See [ServiceAccounts.list]. */
    @JvmOverloads
    public fun list(project: String? = null): List<ServiceAccount> = runBlocking { accounts.list(project) }

    /** See [ServiceAccounts.delete]. */
    public fun delete(id: String): Long = runBlocking { accounts.delete(id) }
}

/** [Users] without coroutines. */
public class BlockingUsers internal constructor(private val users: Users) {
    /** See [Users.create]. */
    public fun create(name: String): User = runBlocking { users.create(name) }

    /** See [Users.list]. */
    public fun list(): List<User> = runBlocking { users.list() }

    /** See [Users.delete]. */
    public fun delete(id: String): Long = runBlocking { users.delete(id) }
}

/** [AdminKeys] without coroutines. */
public class BlockingAdminKeys internal constructor(private val adminKeys: AdminKeys) {
    /** See [AdminKeys.create]. */
    @JvmOverloads
    public fun create(name: String, expiresIn: Duration? = null, expiresAt: Instant? = null): Created =
        runBlocking { adminKeys.create(name, expiresIn, expiresAt) }

    /** See [AdminKeys.get]. */
    public fun get(id: String): ApiKey = runBlocking { adminKeys.get(id) }

    /** See [AdminKeys.list]. */
    @JvmOverloads
    public fun list(options: ListOptions = ListOptions()): BlockingPage<ApiKey> = runBlocking {
        with(options) { BlockingPage(adminKeys.list(status, search, includeRevoked, after, limit)) }
    }

    /** See [AdminKeys.revoke]. */
    @JvmOverloads
    public fun revoke(id: String, reason: RevocationReason = RevocationReason.UNSPECIFIED): ApiKey =
        runBlocking { adminKeys.revoke(id, reason) }

    /** See [AdminKeys.verify]. */
    public fun verify(secret: String): Verification = runBlocking { adminKeys.verify(secret) }

    /** See [AdminKeys.verify]. */
    public fun verify(secret: Secret): Verification = runBlocking { adminKeys.verify(secret) }
}
