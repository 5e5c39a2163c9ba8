// An API whose routes want keys, and the page on which its users make them.

import Fastify from 'fastify'
import { KeyManager } from 'keywright'
import { apiKey, keysPage, requireKey } from 'keywright/fastify'

const keys = await KeyManager.open()
const app = Fastify()

app.get('/hello', { onRequest: requireKey(keys, { scopes: ['hello.read'] }) }, (request) => ({
  hello: apiKey(request).name,
}))

// A demo login: your app has its own.
app.get('/login', (request, reply) => {
  const owner = encodeURIComponent(request.query.owner ?? '')
  return reply.header('set-cookie', `owner=${owner}; Path=/; HttpOnly; SameSite=Lax`).redirect('/keys')
})

const owner = (request) => {
  const cookie = /(?:^|; )owner=([^;]+)/.exec(request.headers.cookie)?.[1]
  return cookie && decodeURIComponent(cookie)
}
const permissions = [
  { scope: 'hello.read', label: 'Say hello', readOnly: true },
  { scope: 'hello.write', label: 'Change the greeting' },
]
app.register(keysPage(keys, { path: '/keys', owner, permissions }))

const port = Number(process.env.PORT ?? 8000)
await app.listen({ port, host: '127.0.0.1' })
console.log(`listening on http://127.0.0.1:${port}`)
