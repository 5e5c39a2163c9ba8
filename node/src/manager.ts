/** `KeyManager`: one opened store, and everything that is done with it. */

import { inspect } from 'node:util'
import type { NativeManager, UpdateInput } from '../native/index.cjs'
import { type CallOptions, later, now, signalOf } from './call.js'
import { type Checks, date, fields, flag, limits, number, options, pairs, text, texts, wrongType } from './check.js'
import { ApiKey, AuditEvent, BrokenLink, Created, DailyUse, ImportReport, type LogRecord } from './data.js'
import { AdminKeys, Projects, ServiceAccounts, Users } from './groups.js'
import {
  Authorization,
  type AuthorizeOptions,
  HttpPolicy,
  type RequestParts,
  requestInput,
} from './http.js'
import { Host } from './host.js'
import { takeOver } from './importing.js'
import { KeysPage, type KeysPageCall, type PageResponse, pageResponse } from './keys-page.js'
import { listChecks } from './lists.js'
import { native } from './native.js'
import type {
  AuditOptions,
  CreateOptions,
  ImportRecord,
  ListOptions,
  OpenOptions,
  RevokeOptions,
  RotateOptions,
  UpdateOptions,
  UsageOptions,
  VerifyOptions,
  VerifyRequirements,
} from './options.js'
import { Page, type PagePromise, pagePromise } from './page.js'
import { presented, type Secret } from './secret.js'
import { Verification } from './verification.js'

const openChecks = {
  pepper: text,
  pepperFile: text,
  brand: text,
  acceptedClasses: texts,
  mustExist: flag,
  actor: text,
  log: listener,
} satisfies Checks

const createChecks = {
  project: text,
  owner: text,
  scopes: texts,
  expiresIn: number,
  expiresAt: date,
  allowedIps: texts,
  metadata: pairs,
  class: text,
  rateLimit: text,
  credits: number,
  limits,
  idempotencyKey: text,
} satisfies Checks

const updateChecks = {
  name: text,
  metadata: pairs,
  scopes: texts,
  allowedIps: texts,
  expiresAt: date,
  limits,
} satisfies Checks

const auditChecks = {
  objectId: text,
  project: text,
  eventTypes: texts,
  actor: text,
  since: date,
  after: number,
  limit: number,
} satisfies Checks

const authorizeChecks = { scopes: texts, cost: number, policy: HttpPolicy.handle } satisfies Checks

const requirementChecks = { scopes: texts, ip: text, cost: number } satisfies Checks

/**
 * Issues keys, shows each secret once, verifies, rotates and revokes them. Made by {@link KeyManager.open}.
 *
 * @example
 * const keys = await KeyManager.open('keywright.db')
 * const { key, secret } = await keys.create('billing')
 * console.log(secret.reveal()) // show it now: it can't be had again
 * console.log((await keys.verify(secret)).code) // valid
 */
export class KeyManager {
  /** Projects: every key is in one. */
  readonly projects: Projects
  /** Service accounts: programs that own keys. */
  readonly serviceAccounts: ServiceAccounts
  /** Users: people that own keys. */
  readonly users: Users
  /** Admin keys: for whoever manages keys from outside. */
  readonly adminKeys: AdminKeys
  readonly #host: Host

  private constructor(host: Host) {
    if (!(host instanceof Host)) throw new TypeError('use KeyManager.open() to make a KeyManager')
    this.#host = host
    this.projects = Projects.of(host)
    this.serviceAccounts = ServiceAccounts.of(host)
    this.users = Users.of(host)
    this.adminKeys = AdminKeys.of(host)
    Object.freeze(this)
  }

  /**
   * Opens the store, and makes it (and its pepper) if it isn't there.
   *
   * `store` is a path, `sqlite:PATH` or `memory:`; where it is absent `KEYWRIGHT_STORE` counts, then `./keywright.db`.
   *
   * @throws {@link PepperError} if the pepper is missing or not this store's, {@link SchemaVersionError} if a newer
   * program wrote the file, {@link TamperedError}, {@link UnavailableError}, {@link UnsupportedError}
   */
  static async open(store?: string, given?: OpenOptions): Promise<KeyManager> {
    const place = store === undefined || store === null ? undefined : text(store, 'store')
    const { log, ...input } = options(given, 'open', openChecks)
    const opened = later(signalOf(given), (cancel) => native.open(place, { ...input, log: log !== undefined }, cancel))
    return new KeyManager(new Host(await opened, log))
  }

  /**
   * A manager on a store that is open already.
   * @internal
   */
  static on(opened: NativeManager, log?: (record: LogRecord) => void): KeyManager {
    return new KeyManager(new Host(opened, log))
  }

  /** The mark that this store's secrets begin with. */
  get brand(): string {
    return now(() => this.#host.native.brand)
  }

  /** The SQLite file, if the store is one. */
  get path(): string | null {
    return now(() => this.#host.native.path)
  }

  /** The same store, with someone else acting in the audit trail, and the address that their request came from. */
  actingAs(actor: string, given?: { readonly ip?: string | undefined }): KeyManager {
    const name = text(actor, 'actor')
    const { ip } = options(given, 'actingAs', { ip: text })
    return new KeyManager(new Host(this.#host.now((native) => native.actingAs(name, ip)), this.#host.listener))
  }

  /** Stores what is held back (last uses) now. */
  async flush(given?: CallOptions): Promise<void> {
    options(given, 'flush', {})
    await this.#host.later(signalOf(given), (native, cancel) => native.flush(cancel))
  }

  /**
   * Stores what is held back and lets go of the store, for all managers on it. Later calls fail with
   * {@link ClosedError}; closing twice is fine. A process ends without it just as well.
   */
  async close(): Promise<void> {
    await this.#host.later(undefined, (native) => native.close())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /**
   * Issues a key and shows its secret, this once.
   *
   * With an `idempotencyKey` a retry within 24 hours gives the same key: with a fresh secret if it was never used (the
   * undelivered one is dead then), else {@link AlreadyIssuedError}.
   */
  async create(name: string, given?: CreateOptions): Promise<Created> {
    const title = text(name, 'name')
    const input = options(given, 'create', createChecks)
    return Created.of(
      await this.#host.later(signalOf(given), (native, cancel) => native.create(title, input, cancel)),
    )
  }

  /** The key of that id. */
  async get(id: string, given?: CallOptions): Promise<ApiKey> {
    return this.#byId('get', id, given)
  }

  /** Keys, newest first: `await` it for a page, or go through all of them with `for await`. */
  list(given?: ListOptions): PagePromise<ApiKey> {
    return pagePromise(async () => {
      const input = options(given, 'list', listChecks)
      const page = await this.#host.later(signalOf(given), (native, cancel) => native.list(input, cancel))
      const keys = page.data.map((data) => ApiKey.of(data))
      return Page.of(keys, page.hasMore, (last) => this.list({ ...given, after: last.id }))
    })
  }

  /** Changes some fields of a key. The rest stays as it is, also under concurrent changes. */
  async update(id: string, changes: UpdateOptions): Promise<ApiKey> {
    const wanted = text(id, 'id')
    const given = fields(changes, 'the changes of update()', updateChecks)
    const { name, metadata, limits } = given
    const input: UpdateInput = { ...(name !== undefined && { name }), ...(metadata && { metadata }), ...(limits && { limits }) }
    if (changes.name === null) throw wrongType('name', 'a string', null)
    if (changes.metadata === null) throw wrongType('metadata', 'a plain object', null)
    if (changes.limits === null) throw wrongType('limits', 'an array of limits', null)
    // Null says something here: everything, anywhere, never.
    if (changes.scopes !== undefined) input.scopes = given.scopes ? { to: given.scopes } : {}
    if (changes.allowedIps !== undefined) input.allowedIps = given.allowedIps ? { to: given.allowedIps } : {}
    if (changes.expiresAt !== undefined) input.expiresAt = given.expiresAt === undefined ? {} : { to: given.expiresAt }
    return ApiKey.of(
      await this.#host.later(signalOf(changes), (native, cancel) => native.update(wanted, input, cancel)),
    )
  }

  /**
   * Gives a key a new secret; the old one stays good for `overlap` seconds. Id, name, limits and history stay.
   *
   * @throws {@link InvalidStateError} (only an active key rotates), {@link RotationInProgressError}
   */
  async rotate(id: string, given?: RotateOptions): Promise<Created> {
    const wanted = text(id, 'id')
    const { overlap } = options(given, 'rotate', { overlap: number })
    return Created.of(
      await this.#host.later(signalOf(given), (native, cancel) => native.rotate(wanted, overlap, cancel)),
    )
  }

  /** Ends the old version of a rotation now. */
  async finishRotation(id: string, given?: CallOptions): Promise<ApiKey> {
    return this.#byId('finishRotation', id, given)
  }

  /** Ends the new version of a rotation now; the old one is current again. */
  async cancelRotation(id: string, given?: CallOptions): Promise<ApiKey> {
    return this.#byId('cancelRotation', id, given)
  }

  /** Switches a key off. Doing it twice changes nothing. */
  async disable(id: string, given?: CallOptions): Promise<ApiKey> {
    return this.#byId('disable', id, given)
  }

  /** Switches a key on again. Doing it twice changes nothing. */
  async enable(id: string, given?: CallOptions): Promise<ApiKey> {
    return this.#byId('enable', id, given)
  }

  /**
   * Kills a key for good. When this resolves, no verify that starts later succeeds with it, in this process or any other
   * on the store. Doing it twice changes nothing.
   */
  async revoke(id: string, given?: RevokeOptions): Promise<ApiKey> {
    const wanted = text(id, 'id')
    const { reason } = options(given, 'revoke', { reason: text })
    return ApiKey.of(
      await this.#host.later(signalOf(given), (native, cancel) => native.revoke(wanted, reason, cancel)),
    )
  }

  /** Revokes every key of an owner; says how many that were. */
  async revokeAll(owner: string, given?: RevokeOptions): Promise<number> {
    const wanted = text(owner, 'owner')
    const { reason } = options(given, 'revokeAll', { reason: text })
    return this.#host.later(signalOf(given), (native, cancel) => native.revokeAll(wanted, reason, cancel))
  }

  /**
   * How often a key was used on each of the last days, today included: one entry for each day, oldest first. A use is a
   * verify that was answered `valid`, whichever of the key's secrets it was for; it is counted at most a second later.
   */
  async usage(id: string, given?: UsageOptions): Promise<DailyUse[]> {
    const wanted = text(id, 'id')
    const { days = 30 } = options(given, 'usage', { days: number })
    const all = await this.#host.later(signalOf(given), (native, cancel) => native.usage(wanted, days, cancel))
    return all.map((data) => DailyUse.of(data))
  }

  /**
   * Whether a presented secret is good for a use. Takes it exactly: nothing is trimmed. Any kind of bad key is a result,
   * and so is `unavailable` (no answer could be had: deny).
   *
   * Takes no trip through another thread where the answer is at hand.
   *
   * @throws {@link InvalidArgumentError} if the requirements are malformed, {@link ClosedError}
   */
  async verify(secret: string | Uint8Array | Secret, given?: VerifyOptions): Promise<Verification> {
    const shown = presented(secret)
    const { scopes, ip, cost } = given === undefined ? NOTHING : options(given, 'verify', requirementChecks)
    const signal = signalOf(given)
    signal?.throwIfAborted()
    const host = this.#host
    const answer = host.now((native) => native.verifyNow(shown, scopes, ip, cost))
    if (answer !== null) return Verification.of(answer)
    return Verification.of(
      await host.later(signal, (native, cancel) => native.verify(shown, scopes, ip, cost, cancel)),
    )
  }

  /**
   * The same, at once. Where the answer isn't at hand (the first use of a key that was issued idempotently, a limit to
   * charge, a hash that takes long) this thread waits for it, and nothing else runs meanwhile.
   */
  verifySync(secret: string | Uint8Array | Secret, given?: VerifyRequirements): Verification {
    const shown = presented(secret)
    const { scopes, ip, cost } = given === undefined ? NOTHING : options(given, 'verifySync', requirementChecks)
    const host = this.#host
    const answer = host.now((native) => native.verifyNow(shown, scopes, ip, cost))
    return Verification.of(answer ?? host.now((native) => native.verifySync(shown, scopes, ip, cost)))
  }

  /**
   * Whether an HTTP request may pass, and if not, what to answer.
   *
   * The key stands in `Authorization: Bearer`, or in the one header that `policy` names. Two credentials are a 400, and
   * so is a key in the URL. All refusals with 401 are the same bytes, but for `expired_api_key`. A store that can't be
   * asked, a closed one too, is an answer: 503.
   *
   * @throws {@link InvalidArgumentError} if the requirements are malformed
   */
  async authorize(request: RequestParts, given?: AuthorizeOptions): Promise<Authorization> {
    const input = requestInput(request)
    const { scopes, cost, policy } = options(given, 'authorize', authorizeChecks)
    const signal = signalOf(given)
    signal?.throwIfAborted()
    const answer = this.#host.now((native) => native.authorizeNow(input, scopes, cost, policy))
    if (answer !== null) return Authorization.of(answer)
    return Authorization.of(
      await this.#host.later(signal, (native, cancel) => native.authorize(input, scopes, cost, policy, cancel)),
    )
  }

  /**
   * The response of the page on which that owner manages their own keys. Only that owner's keys are ever seen or
   * touched. Make sure of who they are before. Whatever goes wrong is a response too.
   */
  async keysPage(owner: string, request: RequestParts, given?: KeysPageCall): Promise<PageResponse> {
    const whose = text(owner, 'owner')
    const input = requestInput(request)
    const { page = KeysPage.plain() } = options(given, 'keysPage', { page: KeysPage.handle })
    return pageResponse(
      await this.#host.later(signalOf(given), (native, cancel) => native.keysPage(whose, input, page, cancel)),
    )
  }

  /** Which key is this? Gives no access: the key may be revoked, expired or for another use. */
  async identify(secret: string | Uint8Array | Secret, given?: CallOptions): Promise<ApiKey | null> {
    const shown = presented(secret)
    options(given, 'identify', {})
    const found = await this.#host.later(signalOf(given), (native, cancel) => native.identify(shown, cancel))
    return found ? ApiKey.of(found) : null
  }

  /**
   * Takes over keys that another system issued. A record that is refused does not keep the others from being taken over.
   * A hash becomes a digest of ours at the first good verify. Records are read and taken over some hundred at a time; if
   * that breaks off, those before are there.
   */
  async importKeys(records: Iterable<ImportRecord>, given?: CallOptions): Promise<ImportReport> {
    options(given, 'importKeys', {})
    const signal = signalOf(given)
    const report = await takeOver(records, (batch) =>
      this.#host.later(signal, (native, cancel) => native.importKeys(batch, cancel)),
    )
    return ImportReport.of(report)
  }

  /** Everything but secrets and digests, one JSON object to a line, without line ends. */
  exportKeys(given?: CallOptions): AsyncGenerator<string, void, undefined> {
    options(given, 'exportKeys', {})
    return lines(this.#host, signalOf(given))
  }

  /** Events of the audit trail, oldest first: `await` it for a page, or go through all of them with `for await`. */
  audit(given?: AuditOptions): PagePromise<AuditEvent> {
    return pagePromise(async () => {
      const input = options(given, 'audit', auditChecks)
      const page = await this.#host.later(signalOf(given), (native, cancel) => native.audit(input, cancel))
      const events = page.data.map((data) => AuditEvent.of(data))
      return Page.of(events, page.hasMore, (last) => this.audit({ ...given, after: last.seq }))
    })
  }

  /** Walks the whole audit trail; the first broken link, or null. */
  async verifyAudit(given?: CallOptions): Promise<BrokenLink | null> {
    options(given, 'verifyAudit', {})
    const broken = await this.#host.later(signalOf(given), (native, cancel) => native.verifyAudit(cancel))
    return broken ? BrokenLink.of(broken) : null
  }

  /** @internal */
  [inspect.custom](_depth: number, options: object, show: typeof inspect): string {
    return `KeyManager ${show({ path: this.path, brand: this.brand }, options)}`
  }

  async #byId(call: 'get' | 'finishRotation' | 'cancelRotation' | 'disable' | 'enable', id: string, given?: CallOptions) {
    const wanted = text(id, 'id')
    options(given, call, {})
    return ApiKey.of(await this.#host.later(signalOf(given), (native, cancel) => native[call](wanted, cancel)))
  }
}

const NOTHING: { scopes?: string[]; ip?: string; cost?: number } = Object.freeze({})

async function* lines(host: Host, signal: AbortSignal | undefined): AsyncGenerator<string, void, undefined> {
  const run = now(() => host.native.exportKeys())
  for (;;) {
    const some = await host.later(signal, (_, cancel) => run.nextLines(cancel))
    if (some.length === 0) return
    yield* some
  }
}

function listener(value: unknown, what: string): (record: LogRecord) => void {
  if (typeof value !== 'function') throw wrongType(what, 'a function', value)
  return value as (record: LogRecord) => void
}
