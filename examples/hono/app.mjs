// An API whose routes want keys, and the page on which its users make them.

import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { KeyManager } from 'keywright'
import { apiKey, keysPage, requireKey } from 'keywright/hono'

const keys = await KeyManager.open()
const app = new Hono()

app.get('/hello', requireKey(keys, { scopes: ['hello.read'] }), (c) => c.json({ hello: apiKey(c).name }))

// A demo login: your app has its own.
app.get('/login', (c) => {
  setCookie(c, 'owner', c.req.query('owner') ?? '', { httpOnly: true, sameSite: 'Lax' })
  return c.redirect('/keys')
})

const owner = (c) => getCookie(c, 'owner')
const permissions = [
  { scope: 'hello.read', label: 'Say hello', readOnly: true },
  { scope: 'hello.write', label: 'Change the greeting' },
]
app.all('/keys', keysPage(keys, { owner, permissions }))

const port = Number(process.env.PORT ?? 8000)
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => console.log(`listening on http://127.0.0.1:${port}`))
