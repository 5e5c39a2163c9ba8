/**
 * The fetch standard's `Request` and `Response`: Next.js route handlers, Remix, SvelteKit and the like.
 *
 * @example
 * const guard = requireKey(keys, { scopes: ['invoices.read'] })
 *
 * export async function GET(request) {
 *   const passed = await guard(request)
 *   if (passed instanceof Response) return passed
 *   return Response.json({ owner: passed.key.owner.id }, { headers: passed.headers })
 * }
 */

import type { ApiKey } from './data.js'
import { Guard, type GuardOptions, webParts, webResponse } from './guard.js'
import { Authorization } from './http.js'
import type { KeyManager } from './manager.js'

export type { GuardOptions } from './guard.js'

/** A request that may pass. */
export interface Passed {
  /** The key that was proven for it. */
  readonly key: ApiKey
  /** What the key's limits say, to be added to the response. */
  readonly headers: [name: string, value: string][]
}

/** Who is at the other end of a request: the standard doesn't tell. */
export interface From {
  /** The address at the other end of the connection. */
  readonly peer?: string | null | undefined
}

/** The key of a request that may pass, or the response to send instead. */
export function requireKey(
  keys: KeyManager,
  options?: GuardOptions,
): (request: Request, from?: From) => Promise<Passed | Response> {
  const guard = new Guard(keys, options)
  return async (request, from = {}) => {
    const answer = await guard.decide(webParts(request, from.peer))
    if (!answer.allowed) return webResponse(answer)
    return { key: Authorization.keyOf(answer), headers: answer.headers }
  }
}
