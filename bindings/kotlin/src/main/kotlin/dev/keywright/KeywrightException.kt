package dev.keywright

import java.nio.charset.CharacterCodingException
import java.util.concurrent.CancellationException
import kotlin.coroutines.ContinuationInterceptor
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.withContext

/**
 * What went wrong. [message] says what happened and what to do next; branch on the class or on [code]. Never holds
 * input that could be a secret.
 *
 * @property code the stable kind of error
 * @property reason one sentence that says what happened
 * @property hint what to do next, where there is something to say
 * @property keyId the key that it is about, where it is known
 */
public sealed class KeywrightException(
    public val code: ErrorCode,
    public val reason: String,
    public val hint: String?,
    public val keyId: String?,
) : Exception(if (hint == null) reason else "$reason: $hint") {
    /** An argument has the wrong form, type or range; nothing was done. */
    public class InvalidArgument internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.INVALID_ARGUMENT, reason, hint, keyId)

    /** There is no such key, project, service account or user. */
    public class NotFound internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.NOT_FOUND, reason, hint, keyId)

    /** Something of that name is there already. */
    public class AlreadyExists internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.ALREADY_EXISTS, reason, hint, keyId)

    /** The object's state does not allow it: revoked and expired are final. */
    public class InvalidState internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.INVALID_STATE, reason, hint, keyId)

    /** Two versions live already: finish or cancel that rotation first. */
    public class RotationInProgress internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.ROTATION_IN_PROGRESS, reason, hint, keyId)

    /** The key of this idempotency key was issued and has been used; its secret is not shown again. */
    public class AlreadyIssued internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.ALREADY_ISSUED, reason, hint, keyId)

    /** The idempotency key was used with other parameters. */
    public class IdempotencyConflict internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.IDEMPOTENCY_CONFLICT, reason, hint, keyId)

    /** This build or this kind of store cannot do it. */
    public class Unsupported internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.UNSUPPORTED, reason, hint, keyId)

    /** The pepper is not the one that the store was made with, or is missing or unreadable. */
    public class Pepper internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.PEPPER, reason, hint, keyId)

    /** The store was written by a newer program, or needs `keywright upgrade`. */
    public class SchemaVersion internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.SCHEMA_VERSION, reason, hint, keyId)

    /** A row, the audit chain or the revocation log was changed by someone without the pepper. */
    public class Tampered internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.TAMPERED, reason, hint, keyId)

    /**
     * The store could not be read or written; whether a write took effect is unknown only if the message says so.
     */
    public class Unavailable internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.UNAVAILABLE, reason, hint, keyId)

    /** The manager or the secret has been closed, or the manager refuses to work after an internal failure. */
    public class Closed internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.CLOSED, reason, hint, keyId)

    /** The call was cancelled. Coroutines see a [CancellationException] in its place. */
    public class Cancelled internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.CANCELLED, reason, hint, keyId)

    /** A fault in this library; please report it. */
    public class Internal internal constructor(reason: String, hint: String?, keyId: String?) :
        KeywrightException(ErrorCode.INTERNAL, reason, hint, keyId)

    internal companion object {
        fun of(code: ErrorCode, reason: String, hint: String? = null, keyId: String? = null): KeywrightException =
            when (code) {
                ErrorCode.INVALID_ARGUMENT -> InvalidArgument(reason, hint, keyId)
                ErrorCode.NOT_FOUND -> NotFound(reason, hint, keyId)
                ErrorCode.ALREADY_EXISTS -> AlreadyExists(reason, hint, keyId)
                ErrorCode.INVALID_STATE -> InvalidState(reason, hint, keyId)
                ErrorCode.ROTATION_IN_PROGRESS -> RotationInProgress(reason, hint, keyId)
                ErrorCode.ALREADY_ISSUED -> AlreadyIssued(reason, hint, keyId)
                ErrorCode.IDEMPOTENCY_CONFLICT -> IdempotencyConflict(reason, hint, keyId)
                ErrorCode.UNSUPPORTED -> Unsupported(reason, hint, keyId)
                ErrorCode.PEPPER -> Pepper(reason, hint, keyId)
                ErrorCode.SCHEMA_VERSION -> SchemaVersion(reason, hint, keyId)
                ErrorCode.TAMPERED -> Tampered(reason, hint, keyId)
                ErrorCode.UNAVAILABLE -> Unavailable(reason, hint, keyId)
                ErrorCode.CLOSED -> Closed(reason, hint, keyId)
                ErrorCode.CANCELLED -> Cancelled(reason, hint, keyId)
                ErrorCode.INTERNAL -> Internal(reason, hint, keyId)
            }
    }
}

/**
 * Runs a call that may wait. Where the coroutine has no dispatcher it would go on on the thread that ended the waiting,
 * which is one of the library's own and has its own work to do: it gets a dispatcher then.
 */
internal suspend fun <T> waited(call: suspend () -> T): T =
    when (currentCoroutineContext()[ContinuationInterceptor]) {
        null, Dispatchers.Unconfined -> withContext(Dispatchers.Default) { told { call() } }
        else -> told { call() }
    }

/** Runs a call into the library; what it throws becomes the public exception. */
internal inline fun <T> told(call: () -> T): T =
    try {
        call()
    } catch (cancelled: CancellationException) {
        throw cancelled
    } catch (failure: NativeFailure.Told) {
        throw KeywrightException.of(failure.code, failure.text, failure.hint, failure.keyId)
    } catch (_: CharacterCodingException) {
        throw KeywrightException.of(
            ErrorCode.INVALID_ARGUMENT,
            "a text is not well-formed Unicode",
            "it holds half of a surrogate pair",
        )
    } catch (_: IllegalStateException) {
        // What the generated code says of a handle that was let go.
        throw KeywrightException.of(ErrorCode.CLOSED, "it was closed", "open it again")
    } catch (_: InternalException) {
        // Its text could hold anything.
        throw KeywrightException.of(
            ErrorCode.INTERNAL,
            "keywright failed inside",
            "open the store anew, and report the failure",
        )
    }
