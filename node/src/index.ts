/// <reference lib="esnext.disposable" preserve="true" />

export type { CallOptions } from './call.js'
export {
  ApiKey,
  AuditEvent,
  BrokenLink,
  Created,
  DailyUse,
  ImportReport,
  type KeyOwner,
  type KeyVersion,
  type Limit,
  type LogRecord,
  Project,
  type RefusedRecord,
  ServiceAccount,
  User,
} from './data.js'
export {
  AlreadyExistsError,
  AlreadyIssuedError,
  CancelledError,
  ClosedError,
  type ErrorDetails,
  IdempotencyConflictError,
  InternalError,
  InvalidArgumentError,
  InvalidStateError,
  KeywrightError,
  NotFoundError,
  PepperError,
  RotationInProgressError,
  SchemaVersionError,
  TamperedError,
  UnavailableError,
  UnsupportedError,
} from './errors.js'
export { AdminKeys, Projects, ServiceAccounts, Users } from './groups.js'
export {
  Authorization,
  type AuthorizeOptions,
  type AuthorizeRequirements,
  type HttpOptions,
  HttpPolicy,
  type RequestParts,
} from './http.js'
export {
  KeysPage,
  type KeysPageCall,
  type KeysPageOptions,
  type Logo,
  type PageResponse,
  type Permission,
} from './keys-page.js'
export { KeyManager } from './manager.js'
export type {
  AdminKeyOptions,
  AuditOptions,
  CreateOptions,
  ImportRecord,
  ListOptions,
  OpenOptions,
  ProjectOptions,
  RevokeOptions,
  RotateOptions,
  UpdateOptions,
  UsageOptions,
  VerifyOptions,
  VerifyRequirements,
} from './options.js'
export { Page, PagePromise } from './page.js'
export { Secret } from './secret.js'
export { Verification } from './verification.js'
export type {
  AuthorizeCode,
  ColorScheme,
  ErrorCode,
  ErrorForm,
  KeyClass,
  KeyStatus,
  Language,
  LogLevel,
  OwnerKind,
  RevocationReason,
  VerifyCode,
  VersionStatus,
} from './words.js'
