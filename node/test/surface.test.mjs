// What the package does, method by method.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folder, keywright, open, START } from './support.mjs'

const { ApiKey, Created, KeyManager, Secret, Verification } = keywright

test('create, verify, list, revoke', async (t) => {
  const { keys } = await open(t)
  const { key, secret } = await keys.create('billing', { scopes: ['read'], metadata: { team: 'x' } })
  assert.ok(key instanceof ApiKey)
  assert.ok(secret instanceof Secret)
  assert.equal(key.name, 'billing')
  assert.deepEqual(key.createdAt, new Date(START * 1000))

  const answer = await keys.verify(secret.reveal(), { scopes: ['read'] })
  assert.ok(answer instanceof Verification)
  assert.equal(answer.valid, true)
  assert.equal(answer.key.id, key.id)
  assert.equal(answer.key, answer.key, 'the key is converted once')

  const page = await keys.list()
  assert.deepEqual(page.data.map(({ id }) => id), [key.id])
  assert.equal(page.hasMore, false)

  assert.equal((await keys.revoke(key.id)).status, 'revoked')
  assert.equal((await keys.verify(secret)).code, 'revoked')
})
