// Hono on Node: empty, its own bearerAuth with a constant, and keywright.

import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import { apiKey, requireKey } from 'keywright/hono'
import { OWN, keys, port, scopes, tell } from './common.mjs'

const app = new Hono()
app.get('/empty', (c) => c.json({ hello: 'world' }))
app.get('/own', bearerAuth({ token: OWN }), (c) => c.json({ hello: 'world' }))
app.get('/keywright', requireKey(keys, { scopes }), (c) => c.json({ hello: apiKey(c).name }))
await tell()
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
