// Fastify: empty, a constant compared in a hook, and keywright.

import Fastify from 'fastify'
import { apiKey, requireKey } from 'keywright/fastify'
import { isOwn, keys, port, scopes, tell } from './common.mjs'

const app = Fastify()
app.get('/empty', async () => ({ hello: 'world' }))
const onRequest = async (request, reply) => (isOwn(request.headers.authorization) ? undefined : reply.code(401).send())
app.get('/own', { onRequest }, async () => ({ hello: 'world' }))
app.get('/keywright', { onRequest: requireKey(keys, { scopes }) }, async (request) => ({ hello: apiKey(request).name }))
await tell()
await app.listen({ port, host: '127.0.0.1' })
