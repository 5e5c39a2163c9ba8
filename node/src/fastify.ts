/**
 * Fastify: `requireKey` as a route's `onRequest`, `apiKey` in its handler.
 *
 * @example
 * app.get('/invoices', { onRequest: requireKey(keys, { scopes: ['invoices.read'] }) }, (request) => {
 *   return { owner: apiKey(request).owner.id }
 * })
 */

import type { IncomingMessage } from 'node:http'
import type { ApiKey } from './data.js'
import { Guard, type GuardOptions, nodeParts, Proven } from './guard.js'
import type { KeyManager } from './manager.js'

export type { GuardOptions } from './guard.js'

/** What is needed of a `FastifyRequest`. */
export interface RequestLike {
  readonly raw: IncomingMessage
}

/** What is needed of a `FastifyReply`. */
export interface ReplyLike {
  code(status: number): unknown
  header(name: string, value: string): unknown
  send(body: Buffer): unknown
}

const proven = new Proven<IncomingMessage>()

/** Lets a request pass only with a key that is good for it; answers it otherwise. */
export function requireKey(
  keys: KeyManager,
  options?: GuardOptions,
): (request: RequestLike, reply: ReplyLike) => Promise<unknown> {
  const guard = new Guard(keys, options)
  return async (request, reply) => {
    const answer = await guard.decide(nodeParts(request.raw))
    for (const [name, value] of answer.headers) reply.header(name, value)
    if (answer.allowed) {
      proven.put(request.raw, answer)
      return undefined
    }
    reply.code(answer.status)
    // As bytes: of a text Fastify would change the content type.
    reply.send(Buffer.from(answer.body, 'utf8'))
    return reply
  }
}

/** The key that was proven for this request. */
export function apiKey(request: RequestLike): ApiKey {
  return proven.get(request.raw)
}
