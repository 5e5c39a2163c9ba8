// From a call's name and arguments to the package, and from its result to the wire form.

package dev.keywright.conformance

import dev.keywright.ApiKey
import dev.keywright.Authorization
import dev.keywright.Change
import dev.keywright.Created
import dev.keywright.ErrorForm
import dev.keywright.HttpPolicy
import dev.keywright.ImportRecord
import dev.keywright.KeyClass
import dev.keywright.KeyManager
import dev.keywright.KeyStatus
import dev.keywright.Page
import dev.keywright.RequestParts
import dev.keywright.RevocationReason
import dev.keywright.Verification
import dev.keywright.named
import dev.keywright.stableName
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Carries out a call; its arguments are read before it begins. */
internal suspend fun call(keys: KeyManager, name: String, given: Map<String, JsonElement>): JsonElement {
    val read = Arguments(given)
    val run = prepare(keys, name, read)
    read.end()
    return run()
}

private fun prepare(keys: KeyManager, name: String, read: Arguments): suspend () -> JsonElement =
    when (name.substringBefore('.', "")) {
        "" -> ofKeys(keys, name, read)
        "projects" -> ofProjects(keys, name, read)
        "service_accounts" -> ofServiceAccounts(keys, name, read)
        "users" -> ofUsers(keys, name, read)
        "admin_keys" -> ofAdminKeys(keys, name, read)
        else -> throw Unreadable("unknown call $name")
    }

private fun ofKeys(keys: KeyManager, name: String, read: Arguments): suspend () -> JsonElement = when (name) {
    "create" -> create(keys, read)
    "list" -> list(keys, read)
    "update" -> update(keys, read)
    "verify" -> verify(keys, read)
    "authorize" -> authorize(keys, read)
    "audit" -> audit(keys, read)
    "import_keys" -> read.list("records").orEmpty().map(::record).let { records ->
        { parsed(keys.importKeys(records).toJson()) }
    }
    "export_keys" -> {
        { all(keys.exportKeys().toList().map(::parsed)) }
    }
    "get" -> byId(read) { keys.get(it) }
    "finish_rotation" -> byId(read) { keys.finishRotation(it) }
    "cancel_rotation" -> byId(read) { keys.cancelRotation(it) }
    "disable" -> byId(read) { keys.disable(it) }
    "enable" -> byId(read) { keys.enable(it) }
    "revoke" -> reason(read).let { reason -> byId(read) { keys.revoke(it, reason) } }
    "rotate" -> {
        val (id, overlap) = read.needed("id") to read.span("overlap");
        { created(keys.rotate(id, overlap)) }
    }
    "revoke_all" -> {
        val (owner, reason) = read.needed("owner") to reason(read);
        { JsonPrimitive(keys.revokeAll(owner, reason)) }
    }
    "usage" -> {
        val (id, days) = read.needed("id") to read.small("days");
        { all((if (days == null) keys.usage(id) else keys.usage(id, days)).map { parsed(it.toJson()) }) }
    }
    "identify" -> {
        val secret = read.given("secret") ?: throw Unreadable("secret is missing");
        {
            val found = when (secret) {
                is Given.Text -> keys.identify(secret.text)
                is Given.Bytes -> keys.identify(secret.secret())
            }
            found?.let(::wire) ?: JsonNull
        }
    }
    "verify_audit" -> {
        { keys.verifyAudit()?.let { parsed(it.toJson()) } ?: JsonNull }
    }
    "flush" -> {
        { keys.flush().let { JsonNull } }
    }
    "close" -> {
        { keys.shutDown().let { JsonNull } }
    }
    "brand" -> {
        { JsonPrimitive(keys.brand) }
    }
    else -> throw Unreadable("unknown call $name")
}

private fun create(keys: KeyManager, read: Arguments): suspend () -> JsonElement {
    val name = read.needed("name")
    val project = read.text("project")
    val owner = read.text("owner")
    val scopes = read.texts("scopes")
    val expiresIn = read.span("expires_in")
    val expiresAt = read.moment("expires_at")
    val allowedIps = read.texts("allowed_ips")
    val metadata = read.pairs("metadata").orEmpty()
    val keyClass = read.word("class") { KeyClass.named(it) }
    val rateLimit = read.text("rate_limit")
    val credits = read.number("credits")
    val limits = read.limits("limits").orEmpty()
    val idempotencyKey = read.text("idempotency_key")
    return {
        created(
            keys.create(
                name, project, owner, scopes, expiresIn, expiresAt, allowedIps, metadata, keyClass, rateLimit, credits,
                limits, idempotencyKey,
            ),
        )
    }
}

private fun list(keys: KeyManager, read: Arguments): suspend () -> JsonElement {
    val (project, owner) = read.text("project") to read.text("owner")
    val status = read.word("status") { KeyStatus.named(it) }
    val (search, includeRevoked) = read.text("search") to read.flag("include_revoked")
    val (after, limit) = read.text("after") to read.small("limit")
    return { page(keys.list(project, owner, status, search, includeRevoked, after, limit)) { wire(it) } }
}

private fun update(keys: KeyManager, read: Arguments): suspend () -> JsonElement {
    val id = read.needed("id")
    val (name, metadata) = read.text("name") to read.pairs("metadata")
    val scopes = change(read, "scopes") { read.texts(it) }
    val allowedIps = change(read, "allowed_ips") { read.texts(it) }
    val expiresAt = change(read, "expires_at") { read.moment(it) }
    val limits = read.limits("limits")
    return { wire(keys.update(id, name, metadata, scopes, allowedIps, expiresAt, limits)) }
}

private fun <T> change(read: Arguments, name: String, value: (String) -> T?): Change<T?> =
    if (read.has(name)) Change.To(value(name)) else Change.Keep

private fun verify(keys: KeyManager, read: Arguments): suspend () -> JsonElement {
    val secret = read.given("secret") ?: throw Unreadable("secret is missing")
    val scopes = read.texts("scopes").orEmpty()
    val (ip, cost) = read.text("ip") to read.number("cost")
    return {
        val answer = when (secret) {
            is Given.Text -> keys.verify(secret.text, scopes, ip, cost)
            is Given.Bytes -> keys.verify(secret.bytes, scopes, ip, cost)
        }
        // A secret that is handed over as an object is judged alike.
        if (!answer.valid) check(keys.verify(secret.secret(), scopes, ip, cost).code == answer.code)
        wire(answer)
    }
}

private fun authorize(keys: KeyManager, read: Arguments): suspend () -> JsonElement {
    val headers = read.list("headers").orEmpty().map { pair ->
        val (name, value) = (pair as JsonArray).map { it.text() ?: throw Unreadable("a header is two texts") }
        // As servers of the JVM give them: a letter for each byte.
        name to String(value.toByteArray(), Charsets.ISO_8859_1)
    }
    val (method, target) = (read.text("method") ?: "GET") to (read.text("target") ?: "/")
    val request = RequestParts(method, target, headers, read.text("peer"))
    val (scopes, cost) = read.texts("scopes").orEmpty() to read.number("cost")
    val (header, proxies) = read.text("header") to read.texts("trusted_proxies").orEmpty()
    val form = read.word("error_form") { ErrorForm.named(it) } ?: ErrorForm.OPEN_AI
    return { wire(keys.authorize(request, scopes, cost, HttpPolicy(header, proxies, form))) }
}

private fun audit(keys: KeyManager, read: Arguments): suspend () -> JsonElement {
    val (objectId, project) = read.text("object_id") to read.text("project")
    val (types, actor) = read.texts("event_types").orEmpty() to read.text("actor")
    val since = read.moment("since")
    val (after, limit) = read.number("after") to read.small("limit")
    return { page(keys.audit(objectId, project, types, actor, since, after, limit)) { parsed(it.toJson()) } }
}

private fun record(value: JsonElement): ImportRecord {
    val read = Arguments(value as? JsonObject ?: throw Unreadable("a record is an object"))
    return ImportRecord(
        name = read.needed("name"),
        secret = read.given("secret")?.secret(),
        hashFormat = read.text("hash_format"),
        hash = read.text("hash"),
        hashKey = read.given("hash_key")?.secret(),
        hashKeyHex = read.given("hash_key_hex")?.secret(),
        prefix = read.text("prefix"),
        redactedValue = read.text("redacted_value"),
        project = read.text("project"),
        owner = read.text("owner"),
        keyClass = read.word("class") { KeyClass.named(it) },
        scopes = read.texts("scopes"),
        expiresAt = read.moment("expires_at"),
        allowedIps = read.texts("allowed_ips"),
        metadata = read.pairs("metadata").orEmpty(),
        limits = read.limits("limits").orEmpty(),
    ).also { read.end() }
}

private fun ofProjects(keys: KeyManager, name: String, read: Arguments): suspend () -> JsonElement = when (name) {
    "projects.create" -> {
        val title = read.needed("name")
        val (default, longest) = read.span("default_lifetime") to read.span("max_lifetime");
        { parsed(keys.projects.create(title, default, longest).toJson()) }
    }
    "projects.get" -> read.needed("project").let { { parsed(keys.projects.get(it).toJson()) } }
    "projects.archive" -> read.needed("project").let { { parsed(keys.projects.archive(it).toJson()) } }
    "projects.list" -> read.flag("include_archived").let { archived ->
        { all(keys.projects.list(archived).map { parsed(it.toJson()) }) }
    }
    else -> throw Unreadable("unknown call $name")
}

private fun ofServiceAccounts(keys: KeyManager, name: String, read: Arguments): suspend () -> JsonElement = when (name) {
    "service_accounts.create" -> {
        val (title, project) = read.needed("name") to read.text("project");
        { parsed(keys.serviceAccounts.create(title, project).toJson()) }
    }
    "service_accounts.list" -> read.text("project").let { project ->
        { all(keys.serviceAccounts.list(project).map { parsed(it.toJson()) }) }
    }
    "service_accounts.delete" -> read.needed("id").let { { JsonPrimitive(keys.serviceAccounts.delete(it)) } }
    else -> throw Unreadable("unknown call $name")
}

private fun ofUsers(keys: KeyManager, name: String, read: Arguments): suspend () -> JsonElement = when (name) {
    "users.create" -> read.needed("name").let { { parsed(keys.users.create(it).toJson()) } }
    "users.list" -> {
        { all(keys.users.list().map { parsed(it.toJson()) }) }
    }
    "users.delete" -> read.needed("id").let { { JsonPrimitive(keys.users.delete(it)) } }
    else -> throw Unreadable("unknown call $name")
}

private fun ofAdminKeys(keys: KeyManager, name: String, read: Arguments): suspend () -> JsonElement = when (name) {
    "admin_keys.create" -> {
        val title = read.needed("name")
        val (expiresIn, expiresAt) = read.span("expires_in") to read.moment("expires_at");
        { created(keys.adminKeys.create(title, expiresIn, expiresAt)) }
    }
    "admin_keys.get" -> byId(read) { keys.adminKeys.get(it) }
    "admin_keys.revoke" -> reason(read).let { reason -> byId(read) { keys.adminKeys.revoke(it, reason) } }
    "admin_keys.list" -> {
        val status = read.word("status") { KeyStatus.named(it) }
        val (search, includeRevoked) = read.text("search") to read.flag("include_revoked")
        val (after, limit) = read.text("after") to read.small("limit");
        { page(keys.adminKeys.list(status, search, includeRevoked, after, limit)) { wire(it) } }
    }
    "admin_keys.verify" -> {
        val secret = read.given("secret") ?: throw Unreadable("secret is missing");
        { wire(keys.adminKeys.verify(secret.secret())) }
    }
    else -> throw Unreadable("unknown call $name")
}

private fun byId(read: Arguments, run: suspend (String) -> ApiKey): suspend () -> JsonElement =
    read.needed("id").let { { wire(run(it)) } }

private fun reason(read: Arguments): RevocationReason =
    read.word("reason") { RevocationReason.named(it) } ?: RevocationReason.UNSPECIFIED

internal fun parsed(text: String): JsonElement = Json.parseToJsonElement(text)

private fun wire(key: ApiKey): JsonElement = parsed(key.toJson())

private fun created(created: Created): JsonElement =
    JsonObject(mapOf("key" to wire(created.key), "secret" to JsonPrimitive(created.secret.reveal())))

private fun all(data: List<JsonElement>): JsonElement =
    JsonObject(mapOf("data" to JsonArray(data), "has_more" to JsonPrimitive(false)))

private fun <T> page(page: Page<T>, wire: (T) -> JsonElement): JsonElement =
    JsonObject(mapOf("data" to JsonArray(page.data.map(wire)), "has_more" to JsonPrimitive(page.hasMore)))

private fun wire(answer: Verification): JsonElement = JsonObject(
    mapOf(
        "valid" to JsonPrimitive(answer.valid),
        "code" to JsonPrimitive(answer.code.stableName),
        "key" to (answer.key?.let(::wire) ?: JsonNull),
        "retry_after_ms" to (answer.retryAfter?.let { JsonPrimitive(it.toMillis()) } ?: JsonNull),
        "limit" to (answer.limit?.let(::JsonPrimitive) ?: JsonNull),
    ),
)

private fun wire(answer: Authorization): JsonElement = JsonObject(
    mapOf(
        "allowed" to JsonPrimitive(answer.allowed),
        "code" to JsonPrimitive(answer.code.stableName),
        "status" to JsonPrimitive(answer.status),
        "headers" to JsonObject(answer.headers.associate { (name, value) -> name to JsonPrimitive(value) }),
        "body" to if (answer.body.isEmpty()) JsonNull else parsed(answer.body),
        "key" to (answer.key?.let(::wire) ?: JsonNull),
        "key_id" to (answer.keyId?.let(::JsonPrimitive) ?: JsonNull),
    ),
)
