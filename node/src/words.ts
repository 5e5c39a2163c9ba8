/** The words of the tables, as types. A test compares them with those of the library. */

/** What a key is for. A `temp` key lives an hour at most; an `admin` key manages. */
export type KeyClass = 'live' | 'test' | 'temp' | 'admin'

/** Whether a key is in use. */
export type KeyStatus = 'active' | 'disabled' | 'expired' | 'revoked'

/** Where a version of a key stands. */
export type VersionStatus = 'current' | 'overlapping' | 'ended'

/** Which sort of owner a key has; `external` is any string of the application's own. */
export type OwnerKind = 'user' | 'service_account' | 'external'

/** Why a key was revoked. One revoked for `key_compromise` answers `compromised`. */
export type RevocationReason =
  | 'unspecified'
  | 'key_compromise'
  | 'superseded'
  | 'affiliation_changed'
  | 'privilege_withdrawn'

/** How grave a record of the log is. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error'

/** The answer of `verify`. Exactly one of them is good. */
export type VerifyCode =
  | 'valid'
  | 'malformed'
  | 'not_found'
  | 'disabled'
  | 'revoked'
  | 'compromised'
  | 'expired'
  | 'wrong_class'
  | 'insufficient_scope'
  | 'ip_not_allowed'
  | 'rate_limited'
  | 'usage_exceeded'
  | 'budget_exceeded'
  | 'unavailable'

/** The answer of `authorize`: what `verify` says, or what is wrong with how the key was presented. */
export type AuthorizeCode = VerifyCode | 'missing_credential' | 'multiple_credentials' | 'key_in_url'

/** The form of a refusal's body: OpenAI's, or RFC 9457's. */
export type ErrorForm = 'openai' | 'problem'

/** Whether the keys page is light or dark. */
export type ColorScheme = 'auto' | 'light' | 'dark'

/** What the keys page speaks. */
export type Language = 'en' | 'de' | 'fr'

/** What kind of error it is: the `code` of a `KeywrightError`. Branch on nothing else. */
export type ErrorCode =
  | 'invalid_argument'
  | 'not_found'
  | 'already_exists'
  | 'invalid_state'
  | 'rotation_in_progress'
  | 'already_issued'
  | 'idempotency_conflict'
  | 'unsupported'
  | 'wrong_pepper'
  | 'schema_version'
  | 'tampered'
  | 'unavailable'
  | 'closed'
  | 'cancelled'
  | 'internal'
