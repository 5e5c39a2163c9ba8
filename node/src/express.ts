/**
 * Express (and whatever calls `(req, res, next)`): `requireKey` before a handler, `apiKey` in it; `keysPage` is the page
 * on which users manage their own keys.
 *
 * @example
 * app.get('/invoices', requireKey(keys, { scopes: ['invoices.read'] }), (req, res) => {
 *   res.json({ owner: apiKey(req).owner.id })
 * })
 * app.all('/keys', keysPage(keys, { owner: (req) => req.session.userId }))
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiKey } from './data.js'
import { formOf, Guard, type GuardOptions, Mounted, type MountOptions, nodeParts, Proven, readBody } from './guard.js'
import type { KeyManager } from './manager.js'

export type { GuardOptions, MountOptions } from './guard.js'

/** A handler in a chain. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

const proven = new Proven<IncomingMessage>()

/** Lets a request pass only with a key that is good for it; answers it otherwise. */
export function requireKey(keys: KeyManager, options?: GuardOptions): Middleware {
  const guard = new Guard(keys, options)
  return (request, response, next) => {
    guard.decide(nodeParts(request)).then((answer) => {
      if (!answer.allowed) return send(response, answer.status, answer.headers, Buffer.from(answer.body, 'utf8'))
      for (const [name, value] of answer.headers) response.setHeader(name, value)
      proven.put(request, answer)
      next()
    }, next)
  }
}

/** The key that was proven for this request. */
export function apiKey(request: IncomingMessage): ApiKey {
  return proven.get(request)
}

/** The page on which an owner manages their own keys, behind the application's own login. */
export function keysPage<R extends IncomingMessage>(
  keys: KeyManager,
  options: MountOptions<R>,
): (request: R, response: ServerResponse, next: (error?: unknown) => void) => void {
  const mounted = new Mounted(keys, options)
  return (request, response, next) => {
    const parts = async () => ({ ...nodeParts(request), body: await body(request) })
    mounted.respond(request, parts).then((answer) => send(response, answer.status, answer.headers, answer.body), next)
  }
}

/** What a body parser before the page has left. */
function body(request: IncomingMessage & { body?: unknown }): Promise<Uint8Array> | Uint8Array | string {
  const { body } = request
  if (body instanceof Uint8Array || typeof body === 'string') return body
  return typeof body === 'object' && body !== null ? formOf(body) : readBody(request)
}

function send(response: ServerResponse, status: number, headers: [string, string][], body: Uint8Array): void {
  response.statusCode = status
  for (const [name, value] of headers) response.setHeader(name, value)
  response.setHeader('content-length', body.length)
  response.end(body)
}
