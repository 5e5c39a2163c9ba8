/**
 * Fastify: `requireKey` as a route's `onRequest`, `apiKey` in its handler; `keysPage` is the page on which users manage
 * their own keys, as a plug-in.
 *
 * @example
 * app.get('/invoices', { onRequest: requireKey(keys, { scopes: ['invoices.read'] }) }, (request) => {
 *   return { owner: apiKey(request).owner.id }
 * })
 * app.register(keysPage(keys, { path: '/keys', owner: (request) => request.session.userId }))
 */

import type { IncomingMessage } from 'node:http'
import type { ApiKey } from './data.js'
import { Guard, type GuardOptions, Mounted, type MountOptions, nodeParts, Proven } from './guard.js'
import { KeysPage } from './keys-page.js'
import type { KeyManager } from './manager.js'

export type { GuardOptions, MountOptions } from './guard.js'

/** What is needed of a `FastifyRequest`. */
export interface RequestLike {
  readonly raw: IncomingMessage
}

/** What is needed of a `FastifyReply`. */
export interface ReplyLike {
  code(status: number): unknown
  header(name: string, value: string): unknown
  send(body: Uint8Array): unknown
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

/** What is needed of a `FastifyInstance`. */
export interface InstanceLike {
  removeAllContentTypeParsers(): unknown
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): unknown
  all(path: string, handler: (request: never, reply: never) => Promise<unknown>): unknown
}

/** Where the page is, what it looks like, and whose keys are shown. */
export interface PluginOptions<R> extends MountOptions<R> {
  /** Where the page is. */
  readonly path: string
}

/** The page on which an owner manages their own keys, behind the application's own login: a plug-in. */
export function keysPage<R extends RequestLike>(
  keys: KeyManager,
  options: PluginOptions<R>,
): (instance: InstanceLike) => Promise<void> {
  const { path, ...rest } = options
  const mounted = new Mounted(keys, rest)
  return async (instance) => {
    // The plug-in's own parsers: the page reads its forms itself, and how large they are.
    instance.removeAllContentTypeParsers()
    const limits = { parseAs: 'buffer', bodyLimit: KeysPage.LARGEST_BODY + 1 } as const
    instance.addContentTypeParser('*', limits, (_request, body, done) => done(null, body))
    instance.all(path, async (request: R & { body?: Uint8Array | null }, reply: ReplyLike) => {
      const answer = await mounted.respond(request, async () => ({ ...nodeParts(request.raw), body: request.body }))
      reply.code(answer.status)
      for (const [name, value] of answer.headers) reply.header(name, value)
      reply.send(answer.body)
      return reply
    })
  }
}
