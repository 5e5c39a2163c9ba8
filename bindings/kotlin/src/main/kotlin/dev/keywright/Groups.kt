package dev.keywright

import java.time.Duration
import java.time.Instant

/** A key and its new secret, which is nowhere else and can't be had again. [close] wipes the secret. */
public class Created internal constructor(created: NativeCreated) : AutoCloseable {
    /** The key. */
    public val key: ApiKey = created.key

    /** Its secret: show it now. */
    public val secret: Secret = Secret(created.secret)

    /** The key, as in `val (key, secret) = keys.create("billing")`. */
    public operator fun component1(): ApiKey = key

    /** The secret. */
    public operator fun component2(): Secret = secret

    /** Wipes the secret. */
    override fun close() {
        secret.close()
    }

    override fun toString(): String = "Created(key=$key, secret=$secret)"
}

/** Projects: every key is in one. */
public class Projects internal constructor(private val native: NativeManager) {
    /**
     * Makes a project.
     *
     * @param defaultLifetime how long a key lives if nothing is said; forever if absent
     * @param maxLifetime the longest that a key may live
     */
    public suspend fun create(
        name: String,
        defaultLifetime: Duration? = null,
        maxLifetime: Duration? = null,
    ): Project = waited { native.projectsCreate(name, defaultLifetime?.seconds, maxLifetime?.seconds, null) }

    /** The project of that id or name. */
    public suspend fun get(project: String): Project = waited { native.projectsGet(project, null) }

    /** All projects. */
    public suspend fun list(includeArchived: Boolean = false): List<Project> =
        waited { native.projectsList(includeArchived, null) }

    /** Archives a project: no keys are made in it any more, and those that are there are revoked. */
    public suspend fun archive(project: String): Project = waited { native.projectsArchive(project, null) }
}

/** Service accounts: programs that own keys. */
public class ServiceAccounts internal constructor(private val native: NativeManager) {
    /** Makes a service account in a project; in `default` if none is named. */
    public suspend fun create(name: String, project: String? = null): ServiceAccount =
        waited { native.serviceAccountsCreate(name, project, null) }

    /** All service accounts, or those of one project. */
    public suspend fun list(project: String? = null): List<ServiceAccount> =
        waited { native.serviceAccountsList(project, null) }

    /** Deletes a service account and revokes its keys; says how many those were. */
    public suspend fun delete(id: String): Long = waited { native.serviceAccountsDelete(id, null) }
}

/** Users: people that own keys. */
public class Users internal constructor(private val native: NativeManager) {
    /** Adds a user. */
    public suspend fun create(name: String): User = waited { native.usersCreate(name, null) }

    /** All users. */
    public suspend fun list(): List<User> = waited { native.usersList(null) }

    /** Deletes a user and revokes their keys; says how many those were. */
    public suspend fun delete(id: String): Long = waited { native.usersDelete(id, null) }
}

/** Admin keys: for whoever manages keys from outside. They are never accepted as data keys. */
public class AdminKeys internal constructor(private val native: NativeManager) {
    /** Issues an admin key and shows its secret, this once. */
    public suspend fun create(name: String, expiresIn: Duration? = null, expiresAt: Instant? = null): Created =
        Created(waited { native.adminKeysCreate(name, expiresIn?.seconds, expiresAt?.epochSecond, null) })

    /** The admin key of that id. */
    public suspend fun get(id: String): ApiKey = waited { native.adminKeysGet(id, null) }

    /** Admin keys, newest first. */
    public suspend fun list(
        status: KeyStatus? = null,
        search: String? = null,
        includeRevoked: Boolean = false,
        after: String? = null,
        limit: Int? = null,
    ): Page<ApiKey> {
        val page = waited {
            val input = NativeListInput(null, null, status, search, includeRevoked, after, limit?.toLong())
            native.adminKeysList(input, null)
        }
        return Page(page.data, page.hasMore) { last -> list(status, search, includeRevoked, last.id, limit) }
    }

    /** Kills an admin key for good. */
    public suspend fun revoke(id: String, reason: RevocationReason = RevocationReason.UNSPECIFIED): ApiKey =
        waited { native.adminKeysRevoke(id, reason, null) }

    /** Whether a secret is that of an admin key in good standing. */
    public suspend fun verify(secret: String): Verification = Secret(secret).use { verify(it) }

    /** Whether a secret is that of an admin key in good standing. */
    public suspend fun verify(secret: Secret): Verification =
        Verification(waited { native.adminKeysVerify(secret.native, null) })
}
