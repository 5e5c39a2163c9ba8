/** What all adapters to web frameworks share: they hand a request's parts over and send what comes back. */

import type { IncomingMessage } from 'node:http'
import { wrongType } from './check.js'
import type { ApiKey } from './data.js'
import { InvalidStateError } from './errors.js'
import { Authorization, type AuthorizeRequirements, type HttpOptions, HttpPolicy, type RequestParts } from './http.js'
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

/** The response of the fetch standard's for a request that may not pass. */
export function webResponse(answer: Authorization): Response {
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
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
