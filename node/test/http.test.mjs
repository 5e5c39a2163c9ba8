// What is special to Node of `authorize` and its adapters. The rules are scenarios, and the frameworks themselves are
// tried from end to end.

import assert from 'node:assert/strict'
import { createServer, get } from 'node:http'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { keywright, open } from './support.mjs'

const { requireKey: requireKeyInExpress, apiKey } = await import('keywright/express')
const { requireKey } = await import('keywright/web')

const require = createRequire(import.meta.url)

test('headers are taken as Node, the fetch standard and people have them', async (t) => {
  const { keys } = await open(t)
  const secret = (await keys.create('a')).secret.reveal()
  const bearer = `Bearer ${secret}`
  for (const headers of [
    ['Host', 'localhost', 'Authorization', bearer],
    [['authorization', bearer]],
    new Map([['authorization', bearer]]),
    new Headers({ authorization: bearer }),
  ]) {
    const answer = await keys.authorize({ method: 'GET', target: '/', headers })
    assert.deepEqual([answer.status, answer.key.name, answer.headers, answer.body], [200, 'a', [], ''])
  }
  for (const headers of [undefined, null, 'authorization', 3, {}, ['a'], [['a']], [['a', 3]], [1, 2], [['a', 'b', 'c']]]) {
    await assert.rejects(keys.authorize({ method: 'GET', target: '/', headers }), TypeError, inspect(headers))
  }
})

test('an answer shows no secret, and gives a key only where the request may pass', async (t) => {
  const { keys } = await open(t)
  const { key, secret } = await keys.create('a', { scopes: [] })
  const headers = ['authorization', `Bearer ${secret.reveal()}`]
  const answer = await keys.authorize({ method: 'GET', target: '/', headers }, { scopes: ['read'] })
  assert.deepEqual([answer.allowed, answer.key, answer.keyId], [false, null, key.id])
  assert.equal(inspect(answer, { breakLength: Infinity }), `Authorization { code: 'insufficient_scope', status: 403, keyId: '${key.id}' }`)
})

test('a Request of the fetch standard gives the key, or the Response to send', async (t) => {
  const { keys } = await open(t)
  const { secret } = await keys.create('a', { rateLimit: '5/60s', allowedIps: ['192.0.2.0/24'] })
  const guard = requireKey(keys, { trustedProxies: ['10.0.0.0/8'] })
  const headers = { authorization: `Bearer ${secret.reveal()}`, 'x-forwarded-for': '192.0.2.7' }
  const passed = await guard(new Request('https://api.example/v1/things?page=2', { headers }), { peer: '10.0.0.1' })
  assert.equal(passed.key.name, 'a')
  assert.deepEqual(passed.headers.at(-1), ['ratelimit', '"rate_limit";r=4'])

  const outside = await guard(new Request('https://api.example/', { headers }), { peer: '203.0.113.1' })
  assert.ok(outside instanceof Response)
  assert.deepEqual([outside.status, (await outside.json()).error.code], [403, 'ip_not_allowed'])
  const inUrl = await guard(new Request(`https://api.example/?key=${secret.reveal()}`, { headers }))
  assert.equal(inUrl.status, 400)
})

test('a handler without requireKey() before it has no key', async (t) => {
  await assert.rejects(async () => apiKey({}), { code: 'invalid_state', message: 'no key was proven for this request' })
  const { keys } = await open(t)
  for (const wrong of [undefined, null, 'keys.db', {}]) assert.throws(() => requireKeyInExpress(wrong), TypeError)
  assert.throws(() => requireKeyInExpress(keys, { header: 'cookie' }), keywright.InvalidArgumentError)
})

test('a field of the request that is called like a key is none', async (t) => {
  const { keys } = await open(t)
  const guard = requireKeyInExpress(keys)
  const server = createServer((request, response) => {
    Object.assign(request, { key: { name: 'forged' }, apiKey: { name: 'forged' }, user: { name: 'forged' } })
    guard(request, response, () => response.end(apiKey(request).name))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { statusCode } = await new Promise((resolve) => get({ port: server.address().port }, (response) => resolve(response.resume())))
  assert.equal(statusCode, 401)
})

test('each adapter gives the same functions to import and to require', async () => {
  for (const name of ['express', 'fastify', 'hono', 'web']) {
    const [imported, required] = [await import(`keywright/${name}`), require(`keywright/${name}`)]
    assert.equal(imported.requireKey, required.requireKey)
  }
})
