/** What the library tells of: frozen objects whose JSON is the wire form. */

import type {
  BrokenLinkData,
  CreatedData,
  DailyUseData,
  EventData,
  KeyData,
  LogData,
  ProjectData,
  ReportData,
  ServiceAccountData,
  UserData,
  VersionData,
} from '../native/index.cjs'
import { Secret } from './secret.js'
import { date, maybeDate, wire } from './wire.js'
import type { KeyClass, KeyStatus, LogLevel, OwnerKind, RevocationReason, VersionStatus } from './words.js'

/** Who a key belongs to. */
export interface KeyOwner {
  /** Which sort of owner. */
  readonly type: OwnerKind
  /** `user_…`, `svc_…`, or the application's own string. */
  readonly id: string
}

/** A bound on use: so much of a unit, in a window, or refilled at intervals, or once and for all. */
export interface Limit {
  /** `[a-z0-9_.:-]{1,64}`, unique on its key. */
  readonly name: string
  /** `requests` or `credits`. */
  readonly unit: string
  /** How much: 0 to 2^53 (1 at least where there is a window). */
  readonly capacity: number
  /** At most `capacity` in any window of so many seconds. */
  readonly windowSeconds?: number | undefined
  /** How much comes back every `refillSeconds`, up to `capacity`. */
  readonly refillAmount?: number | undefined
  /** See `refillAmount`. */
  readonly refillSeconds?: number | undefined
  /** How much is left now. Only told, never set; absent where it was not looked up. */
  readonly remaining?: number | undefined
}

/** One secret of a key. */
export interface KeyVersion {
  /** `ver_…` */
  readonly id: string
  /** 1 for the first, and one more at each rotation. */
  readonly number: number
  /** Whether its secret counts. */
  readonly status: VersionStatus
  /** What may be shown of its secret. */
  readonly redactedValue: string
  /** When it was made. */
  readonly createdAt: Date
  /** When it ends or ended; null while it is current. */
  readonly endsAt: Date | null
  /** When its secret was last used, at most a second behind. */
  readonly lastUsedAt: Date | null
}

/** An API key. There is never a secret in it. */
export class ApiKey {
  /** `key_…`: stable for its whole life. */
  readonly id: string
  /** What people call it. */
  readonly name: string
  /** What it is for. */
  readonly class: KeyClass
  /** Whether it is in use. */
  readonly status: KeyStatus
  /** What may be shown of its current secret. */
  readonly redactedValue: string
  /** When it was issued. */
  readonly createdAt: Date
  /** It is good while now is before it; forever if null. */
  readonly expiresAt: Date | null
  /** When any of its secrets was last used, at most a second behind. */
  readonly lastUsedAt: Date | null
  /** When it was revoked. */
  readonly revokedAt: Date | null
  /** Why it was revoked. */
  readonly revocationReason: RevocationReason | null
  /** Who it belongs to. */
  readonly owner: KeyOwner
  /** `proj_…`: the project that it is in. */
  readonly projectId: string
  /** What it may do: everything if null, nothing if empty. */
  readonly scopes: readonly string[] | null
  /** The networks that it may be used from: anywhere if null. */
  readonly allowedIps: readonly string[] | null
  /** The bounds on its use. */
  readonly limits: readonly Limit[]
  /** What the application keeps with it. */
  readonly metadata: Readonly<Record<string, string>>
  /** Its versions, oldest first. A key that comes from `verify` has the presented one alone. */
  readonly versions: readonly KeyVersion[]

  /** @internal */
  static of(data: KeyData): ApiKey {
    return new ApiKey(data)
  }

  private constructor(data: KeyData) {
    this.id = data.id
    this.name = data.name
    this.class = data.class as KeyClass
    this.status = data.status as KeyStatus
    this.redactedValue = data.redactedValue
    this.createdAt = date(data.createdAt)
    this.expiresAt = maybeDate(data.expiresAt)
    this.lastUsedAt = maybeDate(data.lastUsedAt)
    this.revokedAt = maybeDate(data.revokedAt)
    this.revocationReason = data.revocationReason as RevocationReason | null
    this.owner = Object.freeze(data.owner) as KeyOwner
    this.projectId = data.projectId
    this.scopes = data.scopes && Object.freeze(data.scopes)
    this.allowedIps = data.allowedIps && Object.freeze(data.allowedIps)
    this.limits = Object.freeze(data.limits.map((limit) => Object.freeze(limit)))
    this.metadata = Object.freeze(Object.fromEntries(data.metadata.map(({ name, value }) => [name, value])))
    this.versions = Object.freeze(data.versions.map(version))
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this, 'api_key')
  }
}

function version(data: VersionData): KeyVersion {
  return Object.freeze({
    id: data.id,
    number: data.number,
    status: data.status as VersionStatus,
    redactedValue: data.redactedValue,
    createdAt: date(data.createdAt),
    endsAt: maybeDate(data.endsAt),
    lastUsedAt: maybeDate(data.lastUsedAt),
  })
}

/** What `create` and `rotate` give: the key, and its secret for this one time. It can't be made JSON. */
export class Created {
  /** The key. */
  readonly key: ApiKey
  /** Its new secret. It is nowhere else and can't be had again. */
  readonly secret: Secret

  /** @internal */
  static of(data: CreatedData): Created {
    return new Created(data)
  }

  private constructor(data: CreatedData) {
    this.key = ApiKey.of(data.key)
    this.secret = Secret.of(data.secret)
    Object.freeze(this)
  }
}

/** How often a key was used on one day. */
export class DailyUse {
  /** The day: its midnight in UTC. */
  readonly day: Date
  /** How often it was used. */
  readonly count: number

  /** @internal */
  static of(data: DailyUseData): DailyUse {
    return new DailyUse(data)
  }

  private constructor(data: DailyUseData) {
    this.day = date(data.day)
    this.count = data.count
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this)
  }
}

/** A project. */
export class Project {
  /** `proj_…` */
  readonly id: string
  /** What people call it. */
  readonly name: string
  /** Whether keys can be issued in it. */
  readonly status: 'active' | 'archived'
  /** `svc_…`: the owner of its keys where none is named. */
  readonly defaultServiceAccountId: string
  /** How long a key lives if nothing is said, in seconds. */
  readonly defaultLifetimeSeconds: number | null
  /** The longest that a key may live, in seconds. */
  readonly maxLifetimeSeconds: number | null
  /** When it was made. */
  readonly createdAt: Date
  /** When it was archived. */
  readonly archivedAt: Date | null

  /** @internal */
  static of(data: ProjectData): Project {
    return new Project(data)
  }

  private constructor(data: ProjectData) {
    this.id = data.id
    this.name = data.name
    this.status = data.status as Project['status']
    this.defaultServiceAccountId = data.defaultServiceAccountId
    this.defaultLifetimeSeconds = data.defaultLifetimeSeconds
    this.maxLifetimeSeconds = data.maxLifetimeSeconds
    this.createdAt = date(data.createdAt)
    this.archivedAt = maybeDate(data.archivedAt)
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this, 'project')
  }
}

/** A user of this store. */
export class User {
  /** `user_…` */
  readonly id: string
  /** What people call them. */
  readonly name: string
  /** When they were added. */
  readonly createdAt: Date

  /** @internal */
  static of(data: UserData): User {
    return new User(data)
  }

  private constructor(data: UserData) {
    this.id = data.id
    this.name = data.name
    this.createdAt = date(data.createdAt)
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this, 'user')
  }
}

/** A service account of a project. */
export class ServiceAccount {
  /** `svc_…` */
  readonly id: string
  /** What people call it. */
  readonly name: string
  /** The project that it is in. */
  readonly projectId: string
  /** When it was made. */
  readonly createdAt: Date

  /** @internal */
  static of(data: ServiceAccountData): ServiceAccount {
    return new ServiceAccount(data)
  }

  private constructor(data: ServiceAccountData) {
    this.id = data.id
    this.name = data.name
    this.projectId = data.projectId
    this.createdAt = date(data.createdAt)
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this, 'service_account')
  }
}

/** An event of the audit trail. */
export class AuditEvent {
  /** Its place in the chain, from 1 and without gaps. */
  readonly seq: number
  /** When. */
  readonly time: Date
  /** What, for example `api_key.created`. */
  readonly type: string
  /** Who. */
  readonly actor: string
  /** The address that the request came from, if any. */
  readonly ip: string | null
  /** The id of the key, project or account. */
  readonly objectId: string
  /** The project that it happened in. */
  readonly projectId: string | null
  /** `done`, or the code of the refusal. */
  readonly outcome: string
  /** The fields that changed, as they were, in their wire form. */
  readonly before: unknown
  /** The fields that changed, as they are, in their wire form. */
  readonly after: unknown
  /** The MAC over the event and the MAC before, in hexadecimal. */
  readonly mac: string

  /** @internal */
  static of(data: EventData): AuditEvent {
    return new AuditEvent(data)
  }

  private constructor(data: EventData) {
    this.seq = data.seq
    this.time = date(data.time)
    this.type = data.type
    this.actor = data.actor
    this.ip = data.ip
    this.objectId = data.objectId
    this.projectId = data.projectId
    this.outcome = data.outcome
    this.before = embedded(data.before)
    this.after = embedded(data.after)
    this.mac = data.mac
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this, 'audit_event')
  }
}

/** JSON that someone without the pepper may have written over; the chain says so, not this. */
function embedded(json: string): unknown {
  try {
    return JSON.parse(json, (_, value: unknown) => Object.freeze(value))
  } catch {
    return null
  }
}

/** Where the audit chain is broken. */
export class BrokenLink {
  /** The first place that doesn't follow from the one before. */
  readonly seq: number
  /** What is wrong there. */
  readonly problem: string

  /** @internal */
  static of(data: BrokenLinkData): BrokenLink {
    return new BrokenLink(data)
  }

  private constructor(data: BrokenLinkData) {
    this.seq = data.seq
    this.problem = data.problem
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this)
  }
}

/** A record that was not taken over. */
export interface RefusedRecord {
  /** Which record, counted from 0. */
  readonly index: number
  /** The error's code. */
  readonly code: string
  /** What was wrong with it. */
  readonly message: string
}

/** What came of an import. */
export class ImportReport {
  /** The ids of the keys that were taken over, in the order of their records. */
  readonly imported: readonly string[]
  /** The records that were refused; the others were taken over all the same. */
  readonly refused: readonly RefusedRecord[]

  /** @internal */
  static of(data: ReportData): ImportReport {
    return new ImportReport(data)
  }

  private constructor(data: ReportData) {
    this.imported = Object.freeze(data.imported)
    this.refused = Object.freeze(data.refused.map((record) => Object.freeze(record)))
    Object.freeze(this)
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this)
  }
}

/** One thing that the library has to tell. There is never a secret in it. */
export interface LogRecord {
  /** How grave it is. */
  readonly level: LogLevel
  /** A sentence. */
  readonly message: string
  /** The precise code of a verification, where it is about one. */
  readonly code: string | null
  /** The key that it is about, where it is known. */
  readonly keyId: string | null
}

/** @internal */
export function logRecord(data: LogData): LogRecord {
  return Object.freeze({ level: data.level as LogLevel, message: data.message, code: data.code, keyId: data.keyId })
}
