/** What all adapters to web frameworks share: they hand a request's parts over and send what comes back. */

import type { IncomingMessage } from 'node:http'
import { wrongType } from './check.js'
import type { ApiKey } from './data.js'
import { InvalidStateError } from './errors.js'
import { Authorization, type AuthorizeRequirements, type HttpOptions, HttpPolicy, type RequestParts } from './http.js'
import { KeysPage, type KeysPageOptions, type PageResponse } from './keys-page.js'
import { KeyManager } from './manager.js'

/** What a route requires of the key of each request, and how keys are presented. */
export interface GuardOptions extends AuthorizeRequirements, HttpOptions {}

/** {@link GuardOptions}, read once. */
export class Guard {
  readonly #keys: KeyManager
  readonly #required: AuthorizeRequirements

  constructor(keys: KeyManager, given: GuardOptions = {}) {
    if (!(keys instanceof KeyManager)) throw wrongType('keys', 'a KeyManager', keys)
    const { scopes, cost, policy, ...http } = given
    this.#keys = keys
    this.#required = { scopes, cost, policy: policy ?? new HttpPolicy(http) }
  }

  /** Whether the request may pass. */
  decide(request: RequestParts): Promise<Authorization> {
    return this.#keys.authorize(request, this.#required)
  }
}

/** The parts of a request of Node's own. */
export function nodeParts(request: IncomingMessage & { originalUrl?: string | undefined }): RequestParts {
  return {
    method: request.method ?? 'GET',
    // Express cuts the mount path off `url`.
    target: request.originalUrl ?? request.url ?? '/',
    headers: request.rawHeaders,
    peer: request.socket.remoteAddress,
  }
}

/** The parts of a request of the fetch standard's. */
export function webParts(request: Request, peer?: string | null): RequestParts {
  const { pathname, search } = new URL(request.url)
  return { method: request.method, target: pathname + search, headers: request.headers, peer }
}

/** What the page looks like, what keys may be given, and whose keys are shown. */
export interface MountOptions<R> extends KeysPageOptions {
  /** Who has signed in, as your application calls them; null or undefined for nobody, which is a 401. */
  readonly owner: (request: R) => string | null | undefined | Promise<string | null | undefined>
}

/** {@link MountOptions}, read once. */
export class Mounted<R> {
  readonly #keys: KeyManager
  readonly #page: KeysPage
  readonly #owner: MountOptions<R>['owner']

  constructor(keys: KeyManager, given: MountOptions<R>) {
    if (!(keys instanceof KeyManager)) throw wrongType('keys', 'a KeyManager', keys)
    const { owner, ...page } = given
    if (typeof owner !== 'function') throw wrongType('owner', 'a function', owner)
    this.#keys = keys
    this.#page = new KeysPage(page)
    this.#owner = owner
  }

  /** The response. */
  async respond(request: R, parts: () => Promise<RequestParts>): Promise<PageResponse> {
    const owner = await this.#owner(request)
    if (owner === null || owner === undefined) return NOBODY
    return this.#keys.keysPage(owner, await parts(), { page: this.#page })
  }
}

const NOBODY: PageResponse = { status: 401, headers: [['content-type', 'text/plain']], body: Buffer.from('Sign in first.') }

/** A body, as far as the page reads it: of a larger one just so much that it is refused. */
export async function readBody(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    size += chunk.length
    if (size > KeysPage.LARGEST_BODY) break
  }
  return Buffer.concat(chunks)
}

/** A form as it was sent, from the object that a body parser has made of it. */
export function formOf(parsed: object): string {
  const form = new URLSearchParams()
  for (const [name, values] of Object.entries(parsed)) {
    for (const value of [values].flat()) form.append(name, String(value))
  }
  return form.toString()
}

/** The response of the fetch standard's for a request that may not pass. */
export function webResponse(answer: Authorization): Response {
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
}

/** The page's response in the fetch standard's form. */
export function webPage({ status, headers, body }: PageResponse): Response {
  return new Response(Uint8Array.from(body), { status, headers })
}

/** The proven keys of requests, where no field of a request's own could be taken for one. */
export class Proven<R extends object> {
  readonly #keys = new WeakMap<R, ApiKey>()

  put(request: R, answer: Authorization): void {
    this.#keys.set(request, Authorization.keyOf(answer))
  }

  /** The key that was proven for this request. */
  get(request: R): ApiKey {
    const key = this.#keys.get(request)
    if (key === undefined) {
      throw new InvalidStateError('no key was proven for this request', {
        hint: 'put requireKey() before the handler',
      })
    }
    return key
  }
}
