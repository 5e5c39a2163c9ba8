/**
 * Express (and whatever calls `(req, res, next)`): `requireKey` before a handler, `apiKey` in it.
 *
 * @example
 * app.get('/invoices', requireKey(keys, { scopes: ['invoices.read'] }), (req, res) => {
 *   res.json({ owner: apiKey(req).owner.id })
 * })
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiKey } from './data.js'
import { Guard, type GuardOptions, nodeParts, Proven } from './guard.js'
import type { Authorization } from './http.js'
import type { KeyManager } from './manager.js'

export type { GuardOptions } from './guard.js'

/** A handler in a chain. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

const proven = new Proven<IncomingMessage>()

/** Lets a request pass only with a key that is good for it; answers it otherwise. */
export function requireKey(keys: KeyManager, options?: GuardOptions): Middleware {
  const guard = new Guard(keys, options)
  return (request, response, next) => {
    guard.decide(nodeParts(request)).then((answer) => {
      if (!answer.allowed) return send(response, answer)
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

function send(response: ServerResponse, answer: Authorization): void {
  const body = Buffer.from(answer.body, 'utf8')
  response.statusCode = answer.status
  for (const [name, value] of answer.headers) response.setHeader(name, value)
  response.setHeader('content-length', body.length)
  response.end(body)
}
