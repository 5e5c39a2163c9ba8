// An API whose routes want keys, and the page on which its users make them.

import express from 'express'
import { KeyManager } from 'keywright'
import { apiKey, keysPage, requireKey } from 'keywright/express'

const keys = await KeyManager.open()
const app = express()

app.get('/hello', requireKey(keys, { scopes: ['hello.read'] }), (req, res) => {
  res.json({ hello: apiKey(req).name })
})

// A demo login: your app has its own.
app.get('/login', (req, res) => {
  res.cookie('owner', String(req.query.owner ?? ''), { httpOnly: true, sameSite: 'lax' })
  res.redirect('/keys')
})

const owner = (req) => {
  const cookie = /(?:^|; )owner=([^;]+)/.exec(req.headers.cookie)?.[1]
  return cookie && decodeURIComponent(cookie)
}
const permissions = [
  { scope: 'hello.read', label: 'Say hello', readOnly: true },
  { scope: 'hello.write', label: 'Change the greeting' },
]
app.all('/keys', keysPage(keys, { owner, permissions }))

const port = Number(process.env.PORT ?? 8000)
app.listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}`))
