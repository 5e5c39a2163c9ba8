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
import { Guard, type GuardOptions, Mounted, type MountOptions, readBody, webPage, webParts, webResponse } from './guard.js'
import { Authorization } from './http.js'
import type { KeyManager } from './manager.js'

export type { GuardOptions, MountOptions } from './guard.js'

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

/** The page on which an owner manages their own keys, behind the application's own login. */
export function keysPage(
  keys: KeyManager,
  options: MountOptions<Request>,
): (request: Request, from?: From) => Promise<Response> {
  const mounted = new Mounted(keys, options)
  return async (request, from = {}) => {
    const answer = await mounted.respond(request, async () => ({
      ...webParts(request, from.peer),
      body: request.body === null ? null : await readBody(request.body),
    }))
    return webPage(answer)
  }
}
