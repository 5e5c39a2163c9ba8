/**
 * Hono: `requireKey` before a handler, `apiKey` in it; `keysPage` is the page on which users manage their own keys.
 *
 * @example
 * app.get('/invoices', requireKey(keys, { scopes: ['invoices.read'] }), (c) => {
 *   return c.json({ owner: apiKey(c).owner.id })
 * })
 * app.all('/keys', keysPage(keys, { owner: (c) => c.get('session').userId }))
 */

import type { IncomingMessage } from 'node:http'
import type { ApiKey } from './data.js'
import { Guard, type GuardOptions, Mounted, type MountOptions, Proven, readBody, webPage, webParts, webResponse } from './guard.js'
import type { RequestParts } from './http.js'
import type { KeyManager } from './manager.js'

/** What a route requires, and who is at the other end where Hono's server isn't Node's. */
export interface HonoGuardOptions extends GuardOptions {
  /** The address at the other end of the connection; known without this under `@hono/node-server`. */
  readonly peer?: ((context: ContextLike) => string | null | undefined) | undefined
}

/** What is needed of Hono's `Context`. */
export interface ContextLike {
  readonly req: { readonly raw: Request }
  readonly env: unknown
  header(name: string, value: string): void
}

const proven = new Proven<Request>()

/** Lets a request pass only with a key that is good for it; answers it otherwise. */
export function requireKey(
  keys: KeyManager,
  options: HonoGuardOptions = {},
): (context: ContextLike, next: () => Promise<void>) => Promise<Response | undefined> {
  const { peer, ...rest } = options
  const guard = new Guard(keys, rest)
  return async (context, next) => {
    const answer = await guard.decide(parts(context, peer))
    if (!answer.allowed) return webResponse(answer)
    proven.put(context.req.raw, answer)
    await next()
    for (const [name, value] of answer.headers) context.header(name, value)
    return undefined
  }
}

/** What the page looks like, whose keys are shown, and who is at the other end where Hono's server isn't Node's. */
export interface HonoMountOptions<C> extends MountOptions<C> {
  /** The address at the other end of the connection; known without this under `@hono/node-server`. */
  readonly peer?: ((context: ContextLike) => string | null | undefined) | undefined
}

/** The page on which an owner manages their own keys, behind the application's own login. */
export function keysPage<C extends ContextLike>(
  keys: KeyManager,
  options: HonoMountOptions<C>,
): (context: C) => Promise<Response> {
  const { peer, ...rest } = options
  const mounted = new Mounted(keys, rest)
  return async (context) => {
    const { body } = context.req.raw
    const answer = await mounted.respond(context, async () => ({
      ...parts(context, peer),
      body: body === null ? null : await readBody(body),
    }))
    return webPage(answer)
  }
}

/** The key that was proven for this request. */
export function apiKey(context: ContextLike): ApiKey {
  return proven.get(context.req.raw)
}

function parts(context: ContextLike, peer: HonoGuardOptions['peer']): RequestParts {
  const { incoming } = (context.env ?? {}) as { incoming?: IncomingMessage }
  const plain = webParts(context.req.raw, peer?.(context) ?? incoming?.socket.remoteAddress)
  // Node's own list tells a header that was sent twice from one with a comma.
  return incoming === undefined ? plain : { ...plain, target: incoming.url ?? plain.target, headers: incoming.rawHeaders }
}
