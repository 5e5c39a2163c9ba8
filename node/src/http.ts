/** What lies between an HTTP request and `verify`: the request's parts, the policy, the answer. */

import { inspect, types } from 'node:util'
import type { Decision, NativePolicy, RequestInput } from '../native/index.cjs'
import { type CallOptions, now } from './call.js'
import { type Check, type Checks, options, text, texts, wrongType } from './check.js'
import { ApiKey } from './data.js'
import { InternalError } from './errors.js'
import { native } from './native.js'
import type { AuthorizeCode, ErrorForm } from './words.js'

/** What of an HTTP request counts. */
export interface RequestParts {
  /** `GET`, `POST`, …. */
  readonly method: string
  /** The path and the query as they were received, still percent-encoded: Node's `req.url`. */
  readonly target: string
  /**
   * Names and values by turns, in the order in which they came: Node's `req.rawHeaders` (`req.headers` hides a header
   * that was sent twice). Also pairs, or the fetch standard's `Headers`.
   */
  readonly headers: readonly string[] | Iterable<readonly [string, string]>
  /** The address at the other end of the connection; absent where it has none (a Unix socket). */
  readonly peer?: string | null | undefined
  /** The body; absent where it doesn't matter. */
  readonly body?: string | Uint8Array | null | undefined
}

/** How keys are presented over HTTP, and in which form a refusal is told. */
export interface HttpOptions {
  /** A header that holds the key alone, for example `x-api-key`, besides `Authorization: Bearer`. */
  readonly header?: string | undefined
  /**
   * The proxies whose `X-Forwarded-For` counts: CIDR blocks or addresses, and `unix` for whoever connects without an
   * address. Nobody's counts if absent.
   */
  readonly trustedProxies?: readonly string[] | undefined
  /** The form of a refusal's body; `openai` if absent, `problem` for RFC 9457's. */
  readonly errorForm?: ErrorForm | undefined
}

/** What a request requires of its key. */
export interface AuthorizeRequirements {
  /** All of these scopes. */
  readonly scopes?: readonly string[] | undefined
  /** How many usage credits it costs; 1 if absent. */
  readonly cost?: number | undefined
  /** How keys are presented, and how a refusal is told. */
  readonly policy?: HttpPolicy | undefined
}

/** What a request requires of its key, and how to give the call up. */
export interface AuthorizeOptions extends AuthorizeRequirements, CallOptions {}

const policyChecks = { header: text, trustedProxies: texts, errorForm: text } satisfies Checks

/** {@link HttpOptions}, read once and good for every request. */
export class HttpPolicy {
  readonly #native: NativePolicy

  /** @throws {@link InvalidArgumentError} for a name that no header can have, and for what is no network */
  constructor(given?: HttpOptions) {
    const { header, trustedProxies, errorForm } = options(given, 'new HttpPolicy', policyChecks)
    this.#native = now(() => native.NativePolicy.make(header, trustedProxies, errorForm))
  }

  /**
   * What the native part takes for it.
   * @internal
   */
  static handle(this: void, policy: unknown, what: string): NativePolicy {
    if (!(policy instanceof HttpPolicy)) throw wrongType(what, 'an HttpPolicy', policy)
    return policy.#native
  }
}

/** The answer of `authorize`: the key, or the whole response to send instead. */
export class Authorization {
  /** The precise reason, for the application and its log. It is not for the wire. */
  readonly code: AuthorizeCode
  /** 200, 400, 401, 403, 429 or 503. */
  readonly status: number
  readonly #decision: Decision
  #key: ApiKey | null | undefined

  /** @internal */
  static of(decision: Decision): Authorization {
    return new Authorization(decision)
  }

  private constructor(decision: Decision) {
    this.#decision = decision
    this.code = decision.code() as AuthorizeCode
    this.status = decision.status()
  }

  /** Whether the request may pass. */
  get allowed(): boolean {
    return this.code === 'valid'
  }

  /**
   * Names in lower case, and values. Where the request may pass: what its limits say, to be added to the application's
   * own.
   */
  get headers(): [name: string, value: string][] {
    const flat = now(() => this.#decision.headers())
    return Array.from({ length: flat.length / 2 }, (_, n) => [flat[2 * n] ?? '', flat[2 * n + 1] ?? ''])
  }

  /** JSON; empty where the request may pass. */
  get body(): string {
    return now(() => this.#decision.body())
  }

  /** The key, if and only if the request may pass. Of its versions it has the presented one alone. */
  get key(): ApiKey | null {
    if (this.#key === undefined) {
      const data = now(() => this.#decision.key())
      this.#key = data ? ApiKey.of(data) : null
    }
    return this.#key
  }

  /** The key's id, wherever the secret was right. */
  get keyId(): string | null {
    return now(() => this.#decision.keyId()) ?? null
  }

  /**
   * The key of an answer that lets the request pass.
   * @internal
   */
  static keyOf(answer: Authorization): ApiKey {
    if (answer.key === null) throw new InternalError('a refused request has no key', { hint: 'please report it' })
    return answer.key
  }

  /** @internal */
  [inspect.custom](_depth: number, options: object, show: typeof inspect): string {
    const { code, status, keyId } = this
    return `Authorization ${show({ code, status, keyId }, options)}`
  }
}

/** The parts of a request, in the form that the native part takes. */
export function requestInput(request: unknown): RequestInput {
  if (typeof request !== 'object' || request === null) throw wrongType('the request', 'an object', request)
  const { method, target, headers, peer, body } = request as Record<string, unknown>
  const input: RequestInput = {
    method: text(method, 'method'),
    target: text(target, 'target'),
    headers: flat(headers),
  }
  if (peer !== undefined && peer !== null) input.peer = text(peer, 'peer')
  if (body !== undefined && body !== null) input.body = octets(body, 'body')
  return input
}

function flat(headers: unknown): string[] {
  if (typeof headers !== 'object' || headers === null || !(Symbol.iterator in headers)) {
    throw wrongType('headers', 'an array or another iterable of names and values', headers)
  }
  const list: unknown[] = Array.from(headers as Iterable<unknown>)
  const items = list.some(Array.isArray) ? list.flat(1) : list
  if (items.length % 2 !== 0 || !items.every((item) => typeof item === 'string')) {
    throw wrongType('each of headers', 'a name and a value', list)
  }
  return items as string[]
}

/** Bytes; of a text its UTF-8. */
export const octets: Check<Uint8Array> = (value, what) => {
  if (types.isUint8Array(value)) return value
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  throw wrongType(what, 'a string or a Uint8Array', value)
}
