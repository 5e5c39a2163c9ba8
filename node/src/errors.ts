/** Everything that can go wrong: one class for each code. A bad key is a result, not an error. */

import type { ErrorCode } from './words.js'

/** What an error says besides its message. */
export interface ErrorDetails {
  /** What to do next. */
  readonly hint?: string | null
  /** The key that it is about. */
  readonly keyId?: string | null
  /** What led to it. */
  readonly cause?: unknown
}

/** The base of all errors of this package but `TypeError`s. Never carries what could be a secret. */
export abstract class KeywrightError extends Error {
  /** What kind of error it is. Branch on this, or on the class. */
  readonly code: ErrorCode
  /** What to do next, where there is something to say. */
  readonly hint: string | null
  /** The key that it is about, where it is known. */
  readonly keyId: string | null

  protected constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = details.hint ?? null
    this.keyId = details.keyId ?? null
  }
}

/** An argument has the wrong form, type or range; nothing was done. */
export class InvalidArgumentError extends KeywrightError {
  declare readonly code: 'invalid_argument'

  constructor(message: string, details?: ErrorDetails) {
    super('invalid_argument', message, details)
  }
}

/** There is no such key, project, service account or user. */
export class NotFoundError extends KeywrightError {
  declare readonly code: 'not_found'

  constructor(message: string, details?: ErrorDetails) {
    super('not_found', message, details)
  }
}

/** Something of that name is there already. */
export class AlreadyExistsError extends KeywrightError {
  declare readonly code: 'already_exists'

  constructor(message: string, details?: ErrorDetails) {
    super('already_exists', message, details)
  }
}

/** The object's state does not allow it: revoked and expired are final. */
export class InvalidStateError extends KeywrightError {
  declare readonly code: 'invalid_state'

  constructor(message: string, details?: ErrorDetails) {
    super('invalid_state', message, details)
  }
}

/** Two versions live already: finish or cancel that rotation first. */
export class RotationInProgressError extends KeywrightError {
  declare readonly code: 'rotation_in_progress'

  constructor(message: string, details?: ErrorDetails) {
    super('rotation_in_progress', message, details)
  }
}

/** The key of this idempotency key was issued and has been used; its secret is not shown again. */
export class AlreadyIssuedError extends KeywrightError {
  declare readonly code: 'already_issued'

  constructor(message: string, details?: ErrorDetails) {
    super('already_issued', message, details)
  }
}

/** The idempotency key was used with other parameters. */
export class IdempotencyConflictError extends KeywrightError {
  declare readonly code: 'idempotency_conflict'

  constructor(message: string, details?: ErrorDetails) {
    super('idempotency_conflict', message, details)
  }
}

/** This build or this kind of store cannot do it. */
export class UnsupportedError extends KeywrightError {
  declare readonly code: 'unsupported'

  constructor(message: string, details?: ErrorDetails) {
    super('unsupported', message, details)
  }
}

/** The pepper is not the one that the store was made with, or is missing or unreadable. */
export class PepperError extends KeywrightError {
  declare readonly code: 'wrong_pepper'

  constructor(message: string, details?: ErrorDetails) {
    super('wrong_pepper', message, details)
  }
}

/** The store was written by a newer program, or needs `keywright upgrade`. */
export class SchemaVersionError extends KeywrightError {
  declare readonly code: 'schema_version'

  constructor(message: string, details?: ErrorDetails) {
    super('schema_version', message, details)
  }
}

/** A row, the audit chain or the revocation log was changed by someone without the pepper. */
export class TamperedError extends KeywrightError {
  declare readonly code: 'tampered'

  constructor(message: string, details?: ErrorDetails) {
    super('tampered', message, details)
  }
}

/** The store could not be read or written; whether a write took effect is unknown only if the message says so. */
export class UnavailableError extends KeywrightError {
  declare readonly code: 'unavailable'

  constructor(message: string, details?: ErrorDetails) {
    super('unavailable', message, details)
  }
}

/** The manager has been closed, or refuses to work after an internal failure: open it anew. */
export class ClosedError extends KeywrightError {
  declare readonly code: 'closed'

  constructor(message: string, details?: ErrorDetails) {
    super('closed', message, details)
  }
}

/** The call was cancelled by its caller. */
export class CancelledError extends KeywrightError {
  declare readonly code: 'cancelled'

  constructor(message: string, details?: ErrorDetails) {
    super('cancelled', message, details)
  }
}

/** A fault in this library; please report it. */
export class InternalError extends KeywrightError {
  declare readonly code: 'internal'

  constructor(message: string, details?: ErrorDetails) {
    super('internal', message, details)
  }
}

const CLASSES: Record<ErrorCode, new (message: string, details?: ErrorDetails) => KeywrightError> = {
  invalid_argument: InvalidArgumentError,
  not_found: NotFoundError,
  already_exists: AlreadyExistsError,
  invalid_state: InvalidStateError,
  rotation_in_progress: RotationInProgressError,
  already_issued: AlreadyIssuedError,
  idempotency_conflict: IdempotencyConflictError,
  unsupported: UnsupportedError,
  wrong_pepper: PepperError,
  schema_version: SchemaVersionError,
  tampered: TamperedError,
  unavailable: UnavailableError,
  closed: ClosedError,
  cancelled: CancelledError,
  internal: InternalError,
}

for (const type of Object.values(CLASSES)) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true })
}

/**
 * The error of that code.
 * @internal
 */
export function errorOf(code: string, message: string, details: ErrorDetails): KeywrightError {
  const type = Object.hasOwn(CLASSES, code) ? CLASSES[code as ErrorCode] : InternalError
  return new type(message, details)
}
