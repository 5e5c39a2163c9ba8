package dev.keywright

import java.time.Duration
import java.time.Instant

// The same options that Kotlin's methods take by name: for Java, which has no names for arguments.

/** What a key is to be. All but its name has a default. */
public class CreateOptions {
    internal var project: String? = null
    internal var owner: String? = null
    internal var scopes: Collection<String>? = null
    internal var expiresIn: Duration? = null
    internal var expiresAt: Instant? = null
    internal var allowedIps: Collection<String>? = null
    internal var metadata: Map<String, String> = emptyMap()
    internal var keyClass: KeyClass? = null
    internal var rateLimit: String? = null
    internal var credits: Long? = null
    internal var limits: Collection<Limit> = emptyList()
    internal var idempotencyKey: String? = null

    /** Its project, by id or name; `default` if absent. */
    public fun project(project: String): CreateOptions = apply { this.project = project }

    /** `user_…`, `svc_…` or any string of the application's own. */
    public fun owner(owner: String): CreateOptions = apply { this.owner = owner }

    /** What it may do: everything if absent, nothing if empty. */
    public fun scopes(scopes: Collection<String>): CreateOptions = apply { this.scopes = scopes }

    /** How long it lives, in whole seconds. Not together with [expiresAt]. */
    public fun expiresIn(span: Duration): CreateOptions = apply { expiresIn = span }

    /** When it stops being good. Not together with [expiresIn]. */
    public fun expiresAt(moment: Instant): CreateOptions = apply { expiresAt = moment }

    /** CIDR blocks or addresses that it may be used from: anywhere if absent. */
    public fun allowedIps(networks: Collection<String>): CreateOptions = apply { allowedIps = networks }

    /** What the application keeps with it: up to 32 pairs. */
    public fun metadata(pairs: Map<String, String>): CreateOptions = apply { metadata = pairs }

    /** What it is for: `live` (if absent), `test` or `temp`. */
    public fun keyClass(keyClass: KeyClass): CreateOptions = apply { this.keyClass = keyClass }

    /** A limit in short: `100/60s` is at most 100 requests in any 60 seconds. */
    public fun rateLimit(limit: String): CreateOptions = apply { rateLimit = limit }

    /** A limit in short: so many usage credits, once and for all. */
    public fun credits(credits: Long): CreateOptions = apply { this.credits = credits }

    /** Limits in full. */
    public fun limits(limits: Collection<Limit>): CreateOptions = apply { this.limits = limits }

    /** Makes a retry safe for 24 hours: 1 to 255 characters. */
    public fun idempotencyKey(key: String): CreateOptions = apply { idempotencyKey = key }
}

/** A new value for a field of a key, or none: the field stays as it is. */
public sealed interface Change<out T> {
    /** The field stays as it is. */
    public data object Keep : Change<Nothing>

    /** The field becomes [value]; null says something of its own: everything, anywhere, never. */
    public data class To<T>(val value: T) : Change<T>
}

/** What is to change. What isn't named stays as it is. */
public class UpdateOptions {
    internal var name: String? = null
    internal var metadata: Map<String, String>? = null
    internal var scopes: Change<Collection<String>?> = Change.Keep
    internal var allowedIps: Change<Collection<String>?> = Change.Keep
    internal var expiresAt: Change<Instant?> = Change.Keep
    internal var limits: Collection<Limit>? = null

    /** A new name. */
    public fun name(name: String): UpdateOptions = apply { this.name = name }

    /** New metadata, in place of all of the old. */
    public fun metadata(pairs: Map<String, String>): UpdateOptions = apply { metadata = pairs }

    /** New scopes; null is everything. */
    public fun scopes(scopes: Collection<String>?): UpdateOptions = apply { this.scopes = Change.To(scopes) }

    /** New networks; null is anywhere. */
    public fun allowedIps(networks: Collection<String>?): UpdateOptions = apply { allowedIps = Change.To(networks) }

    /** A new expiry; null is never. */
    public fun expiresAt(moment: Instant?): UpdateOptions = apply { expiresAt = Change.To(moment) }

    /** New limits, in place of all of the old. */
    public fun limits(limits: Collection<Limit>): UpdateOptions = apply { this.limits = limits }
}

/** Which keys to list. */
public class ListOptions {
    internal var project: String? = null
    internal var owner: String? = null
    internal var status: KeyStatus? = null
    internal var search: String? = null
    internal var includeRevoked: Boolean = false
    internal var after: String? = null
    internal var limit: Int? = null

    /** Only in this project, by id or name. */
    public fun project(project: String): ListOptions = apply { this.project = project }

    /** Only of this owner. */
    public fun owner(owner: String): ListOptions = apply { this.owner = owner }

    /** Only with this status. */
    public fun status(status: KeyStatus): ListOptions = apply { this.status = status }

    /** Only where name, id, owner or redacted value contains this. */
    public fun search(text: String): ListOptions = apply { search = text }

    /** Also revoked keys. */
    public fun includeRevoked(include: Boolean): ListOptions = apply { includeRevoked = include }

    /** Only what stands behind the key of this id. */
    public fun after(id: String): ListOptions = apply { after = id }

    /** At most so many, 1 to 1000; 20 if absent. */
    public fun limit(limit: Int): ListOptions = apply { this.limit = limit }
}

/** Which events to list. Oldest first. */
public class AuditOptions {
    internal var objectId: String? = null
    internal var project: String? = null
    internal var eventTypes: Collection<String> = emptyList()
    internal var actor: String? = null
    internal var since: Instant? = null
    internal var after: Long? = null
    internal var limit: Int? = null

    /** Only about this key, project or account. */
    public fun objectId(id: String): AuditOptions = apply { objectId = id }

    /** Only in this project, by id or name. */
    public fun project(project: String): AuditOptions = apply { this.project = project }

    /** Only of these types; all if empty. */
    public fun eventTypes(types: Collection<String>): AuditOptions = apply { eventTypes = types }

    /** Only of this actor. */
    public fun actor(actor: String): AuditOptions = apply { this.actor = actor }

    /** Only from this moment on. */
    public fun since(moment: Instant): AuditOptions = apply { since = moment }

    /** Only behind this place in the chain. */
    public fun after(seq: Long): AuditOptions = apply { after = seq }

    /** At most so many, 1 to 1000; 100 if absent. */
    public fun limit(limit: Int): AuditOptions = apply { this.limit = limit }
}

/** What a use requires of the key. */
public class VerifyOptions {
    internal var scopes: Collection<String> = emptyList()
    internal var ip: String? = null
    internal var cost: Long? = null

    /** All of these scopes. */
    public fun scopes(scopes: Collection<String>): VerifyOptions = apply { this.scopes = scopes }

    /** The address that the use comes from. */
    public fun ip(address: String?): VerifyOptions = apply { ip = address }

    /** How many usage credits it costs; 1 if absent. */
    public fun cost(cost: Long): VerifyOptions = apply { this.cost = cost }
}

/** How a store is opened. What isn't given is read from the environment, or has a default. */
public class OpenOptions {
    internal var pepper: Secret? = null
    internal var pepperFile: String? = null
    internal var secretStore: SecretStore? = null
    internal var pepperName: String = KeyManager.PEPPER_NAME
    internal var brand: String? = null
    internal var acceptedClasses: Collection<KeyClass>? = null
    internal var mustExist: Boolean = false
    internal var actor: String? = null
    internal var clock: Clock? = null
    internal var logSink: LogSink? = null

    /** The pepper itself: 64 hexadecimal digits, or `NUMBER:DIGITS` for each of several. */
    public fun pepper(pepper: Secret): OpenOptions = apply { this.pepper = pepper }

    /** The file with the pepper. */
    public fun pepperFile(path: String): OpenOptions = apply { pepperFile = path }

    /** Where the application keeps the pepper; it is made there with a new store. */
    public fun secretStore(secrets: SecretStore): OpenOptions = apply { secretStore = secrets }

    /** The pepper's name in the secret store: another for each store of keys. */
    public fun pepperName(name: String): OpenOptions = apply { pepperName = name }

    /** The brand of a store that is made now; for one that is there already it must be the same. */
    public fun brand(brand: String): OpenOptions = apply { this.brand = brand }

    /** The classes whose secrets `verify` accepts; `live`, `test` and `temp` if absent. */
    public fun acceptedClasses(classes: Collection<KeyClass>): OpenOptions = apply { acceptedClasses = classes }

    /** Refuse to make a store that isn't there. */
    public fun mustExist(must: Boolean): OpenOptions = apply { mustExist = must }

    /** Who acts, in the audit trail; `library` if absent. */
    public fun actor(actor: String): OpenOptions = apply { this.actor = actor }

    /** What tells the time; the machine's clock if absent. */
    public fun clock(clock: Clock): OpenOptions = apply { this.clock = clock }

    /** Hears of refused verifications and warnings. */
    public fun logSink(sink: LogSink): OpenOptions = apply { logSink = sink }
}
