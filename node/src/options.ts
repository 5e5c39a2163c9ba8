/** What the methods take. */

import type { CallOptions } from './call.js'
import type { Limit, LogRecord } from './data.js'
import type { Secret } from './secret.js'
import type { KeyClass, KeyStatus, RevocationReason } from './words.js'

/** How a store is opened. What isn't given is read from the environment, or has a default. */
export interface OpenOptions extends CallOptions {
  /** The pepper: 64 hexadecimal digits, or `NUMBER:DIGITS` for each of several. Else `KEYWRIGHT_PEPPER`. */
  readonly pepper?: string | undefined
  /** The file with the pepper. Else `KEYWRIGHT_PEPPER_FILE`, else `STORE.pepper`, which is made with a new store. */
  readonly pepperFile?: string | undefined
  /** The mark of a store that is made now: 2 to 10 of `a-z0-9`. Else `KEYWRIGHT_BRAND`, else `kw`. */
  readonly brand?: string | undefined
  /** The classes whose secrets `verify` accepts; `live`, `test` and `temp` if absent. */
  readonly acceptedClasses?: readonly KeyClass[] | undefined
  /** Refuse to make a store that isn't there. */
  readonly mustExist?: boolean | undefined
  /** Who acts, in the audit trail; `library` if absent. */
  readonly actor?: string | undefined
  /** Hears of refused verifications and warnings, at the end of the call that gave rise to them. */
  readonly log?: ((record: LogRecord) => void) | undefined
}

/** What a key is to be. All has a default. */
export interface CreateOptions extends CallOptions {
  /** Its project, by id or name; `default` if absent. */
  readonly project?: string | undefined
  /** `user_…`, `svc_…` or any string of the application's own; the project's default service account if absent. */
  readonly owner?: string | undefined
  /** What it may do: everything if absent or null, nothing if empty. */
  readonly scopes?: readonly string[] | null | undefined
  /** How long it lives, in whole seconds. Not together with `expiresAt`. */
  readonly expiresIn?: number | undefined
  /** When it stops being good, in whole seconds: fractions are dropped. Not together with `expiresIn`. */
  readonly expiresAt?: Date | null | undefined
  /** CIDR blocks or addresses that it may be used from: anywhere if absent or null. */
  readonly allowedIps?: readonly string[] | null | undefined
  /** What the application keeps with it: up to 32 pairs. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** What it is for; `live` if absent. */
  readonly class?: Exclude<KeyClass, 'admin'> | undefined
  /** A limit in short: `100/60s` is at most 100 requests in any 60 seconds. */
  readonly rateLimit?: string | undefined
  /** A limit in short: so many usage credits, once and for all. */
  readonly credits?: number | undefined
  /** Limits in full. */
  readonly limits?: readonly Limit[] | undefined
  /** Makes a retry safe for 24 hours: 1 to 255 characters. */
  readonly idempotencyKey?: string | undefined
}

/** What is to change. What is absent stays as it is. */
export interface UpdateOptions extends CallOptions {
  /** A new name. */
  readonly name?: string | undefined
  /** New metadata, in place of all of the old. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** New scopes; null is everything. */
  readonly scopes?: readonly string[] | null | undefined
  /** New networks; null is anywhere. */
  readonly allowedIps?: readonly string[] | null | undefined
  /** A new expiry; null is never. */
  readonly expiresAt?: Date | null | undefined
  /** New limits, in place of all of the old. What was used of a limit of the same name stays used. */
  readonly limits?: readonly Limit[] | undefined
}

/** Which keys to list. */
export interface ListOptions extends CallOptions {
  /** Only in this project, by id or name. */
  readonly project?: string | undefined
  /** Only of this owner. */
  readonly owner?: string | undefined
  /** Only with this status. */
  readonly status?: KeyStatus | undefined
  /** Only where name, id, owner or redacted value contains this. */
  readonly search?: string | undefined
  /** Also revoked keys. */
  readonly includeRevoked?: boolean | undefined
  /** Only what stands behind the key of this id. */
  readonly after?: string | undefined
  /** At most so many on a page, 1 to 1000; 20 if absent. */
  readonly limit?: number | undefined
}

/** What a use requires of the key. */
export interface VerifyRequirements {
  /** All of these scopes. */
  readonly scopes?: readonly string[] | undefined
  /** The address that the use comes from. */
  readonly ip?: string | undefined
  /** How many usage credits it costs; 1 if absent. */
  readonly cost?: number | undefined
}

/** What a use requires of the key, and how to give the call up. */
export interface VerifyOptions extends VerifyRequirements, CallOptions {}

/** How a key is rotated. */
export interface RotateOptions extends CallOptions {
  /** How many seconds the old secret stays good: 24 hours if absent, at most 366 days, 0 for a leak. */
  readonly overlap?: number | undefined
}

/** How a key is revoked. */
export interface RevokeOptions extends CallOptions {
  /** Why; `unspecified` if absent. */
  readonly reason?: RevocationReason | undefined
}

/** Which uses to count. */
export interface UsageOptions extends CallOptions {
  /** How many days, in UTC: 1 to 90; 30 if absent. */
  readonly days?: number | undefined
}

/** Which events to list. */
export interface AuditOptions extends CallOptions {
  /** Only about this key, project or account. */
  readonly objectId?: string | undefined
  /** Only in this project, by id or name. */
  readonly project?: string | undefined
  /** Only of these types; all if absent or empty. */
  readonly eventTypes?: readonly string[] | undefined
  /** Only of this actor. */
  readonly actor?: string | undefined
  /** Only from this moment on. */
  readonly since?: Date | undefined
  /** Only behind this place in the chain. */
  readonly after?: number | undefined
  /** At most so many on a page, 1 to 1000; 100 if absent. */
  readonly limit?: number | undefined
}

/**
 * One key of another system. Either `secret`, or `hashFormat` and `hash`. A line of a file (`docs/import.md`) will do as
 * `JSON.parse` gives it.
 */
export interface ImportRecord {
  /** What people call it. */
  readonly name: string
  /** The secret itself: text of 1 to 512 bytes. */
  readonly secret?: string | Uint8Array | Secret | undefined
  /** `sha256`, `sha512`, `hmac-sha256`, `bcrypt`, `argon2` or `django`. */
  readonly hashFormat?: string | undefined
  /** The hash: hexadecimal, base64 or base64url for the plain ones, else in its own text form. */
  readonly hash?: string | undefined
  /** The key of an HMAC: text, or any bytes. */
  readonly hashKey?: string | Uint8Array | Secret | undefined
  /** The same in hexadecimal, as files have it where it is no text. */
  readonly hashKeyHex?: string | Secret | undefined
  /**
   * What the secret begins with: 4 to 64 printable ASCII characters that begin no other imported secret. Required for
   * salted hashes.
   */
  readonly prefix?: string | undefined
  /** What may be shown of the secret; the prefix if absent. */
  readonly redactedValue?: string | undefined
  /** Its project, by id or name. */
  readonly project?: string | undefined
  /** Its owner. */
  readonly owner?: string | undefined
  /** `live` if absent. */
  readonly class?: 'live' | 'test' | undefined
  /** What it may do: everything if absent or null. */
  readonly scopes?: readonly string[] | null | undefined
  /** When it stops being good. */
  readonly expiresAt?: Date | null | undefined
  /** The networks that it may be used from. */
  readonly allowedIps?: readonly string[] | null | undefined
  /** What the application keeps with it. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** The bounds on its use. */
  readonly limits?: readonly Limit[] | undefined
}

/** What a project is to be. */
export interface ProjectOptions extends CallOptions {
  /** How many seconds a key lives if nothing is said; forever if absent. */
  readonly defaultLifetime?: number | undefined
  /** The longest that a key may live, in seconds. */
  readonly maxLifetime?: number | undefined
}

/** How long an admin key is to live. */
export interface AdminKeyOptions extends CallOptions {
  /** In whole seconds. Not together with `expiresAt`. */
  readonly expiresIn?: number | undefined
  /** When it stops being good. Not together with `expiresIn`. */
  readonly expiresAt?: Date | null | undefined
}
