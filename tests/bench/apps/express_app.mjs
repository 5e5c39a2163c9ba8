// Express: empty, a constant compared in a middleware, keywright and better-auth.

import { apiKey as apiKeyPlugin } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import Database from 'better-sqlite3'
import express from 'express'
import { apiKey, requireKey } from 'keywright/express'
import { folder, isOwn, keys, port, scopes, tell } from './common.mjs'

const database = new Database(`${folder}/better-auth.db`)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = NORMAL')
const auth = betterAuth({
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: 'of the benchmark, and long enough for it: 0123456789abcdef',
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  // Its default lets a key pass ten times a day.
  plugins: [apiKeyPlugin({ rateLimit: { enabled: false } })],
})
const permissions = { hello: ['read'] }

/** The key of a new user. */
async function betterAuthKey() {
  await (await getMigrations(auth.options)).runMigrations()
  const body = { name: 'Ada', email: 'ada@example.com', password: 'of the benchmark' }
  const { user } = await auth.api.signUpEmail({ body })
  return (await auth.api.createApiKey({ body: { name: 'world', userId: user.id, permissions } })).key
}

const app = express()
app.disable('x-powered-by')
app.get('/empty', (req, res) => res.json({ hello: 'world' }))
app.get(
  '/own',
  (req, res, next) => (isOwn(req.headers.authorization) ? next() : res.sendStatus(401)),
  (req, res) => res.json({ hello: 'world' }),
)
app.get('/keywright', requireKey(keys, { scopes }), (req, res) => res.json({ hello: apiKey(req).name }))
app.get(
  '/better-auth',
  async (req, res, next) => {
    const key = (req.headers.authorization ?? '').replace(/^Bearer /, '')
    const answer = await auth.api.verifyApiKey({ body: { key, permissions } })
    if (!answer.valid) return res.sendStatus(401)
    req.key = answer.key
    next()
  },
  (req, res) => res.json({ hello: req.key.name }),
)
await tell({ 'better-auth': `Bearer ${await betterAuthKey()}` })
app.listen(port, '127.0.0.1')
