// Giving calls up by an AbortSignal.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, keywright, open } from './support.mjs'

const CALLS = {
  create: (keys, signal) => keys.create('a', { signal }),
  get: (keys, signal) => keys.get('key_000000000000000000000000', { signal }),
  list: (keys, signal) => keys.list({ signal }),
  update: (keys, signal) => keys.update('key_000000000000000000000000', { name: 'b', signal }),
  rotate: (keys, signal) => keys.rotate('key_000000000000000000000000', { signal }),
  finishRotation: (keys, signal) => keys.finishRotation('key_000000000000000000000000', { signal }),
  cancelRotation: (keys, signal) => keys.cancelRotation('key_000000000000000000000000', { signal }),
  disable: (keys, signal) => keys.disable('key_000000000000000000000000', { signal }),
  enable: (keys, signal) => keys.enable('key_000000000000000000000000', { signal }),
  revoke: (keys, signal) => keys.revoke('key_000000000000000000000000', { signal }),
  revokeAll: (keys, signal) => keys.revokeAll('cust_1', { signal }),
  verify: (keys, signal) => keys.verify('abc', { signal }),
  identify: (keys, signal) => keys.identify('abc', { signal }),
  importKeys: (keys, signal) => keys.importKeys([], { signal }),
  exportKeys: (keys, signal) => keys.exportKeys({ signal }).next(),
  audit: (keys, signal) => keys.audit({ signal }),
  verifyAudit: (keys, signal) => keys.verifyAudit({ signal }),
  flush: (keys, signal) => keys.flush({ signal }),
  open: (_, signal) => keywright.KeyManager.open('memory:', { signal }),
  'projects.create': ({ projects }, signal) => projects.create('a', { signal }),
  'projects.get': ({ projects }, signal) => projects.get('default', { signal }),
  'projects.list': ({ projects }, signal) => projects.list({ signal }),
  'projects.archive': ({ projects }, signal) => projects.archive('a', { signal }),
  'serviceAccounts.create': ({ serviceAccounts }, signal) => serviceAccounts.create('a', { signal }),
  'serviceAccounts.list': ({ serviceAccounts }, signal) => serviceAccounts.list({ signal }),
  'serviceAccounts.delete': ({ serviceAccounts }, signal) => serviceAccounts.delete('a', { signal }),
  'users.create': ({ users }, signal) => users.create('a', { signal }),
  'users.list': ({ users }, signal) => users.list({ signal }),
  'users.delete': ({ users }, signal) => users.delete('a', { signal }),
  'adminKeys.create': ({ adminKeys }, signal) => adminKeys.create('a', { signal }),
  'adminKeys.get': ({ adminKeys }, signal) => adminKeys.get('a', { signal }),
  'adminKeys.list': ({ adminKeys }, signal) => adminKeys.list({ signal }),
  'adminKeys.revoke': ({ adminKeys }, signal) => adminKeys.revoke('a', { signal }),
  'adminKeys.verify': ({ adminKeys }, signal) => adminKeys.verify('abc', { signal }),
}

test('a signal that has gone off already: the call rejects with its reason and does nothing', async (t) => {
  const { keys } = await open(t)
  const reason = new Error('the client has gone')
  for (const [name, call] of Object.entries(CALLS)) {
    await assert.rejects(async () => call(keys, AbortSignal.abort(reason)), (error) => error === reason, name)
    await assert.rejects(async () => call(keys, AbortSignal.abort()), { name: 'AbortError' }, name)
  }
  assert.equal((await keys.list()).data.length, 0)
  assert.equal((await keys.users.list()).length, 0)
})

test('a signal that goes off meanwhile: the call rejects with its reason', async (t) => {
  const { keys } = await open(t, { store: join(folder(t), 'keys.db') })
  const reason = new Error('the client has gone')
  let given = 0
  for (let round = 0; round < 50; round++) {
    const controller = new AbortController()
    const call = keys.create(`k${round}`, { signal: controller.signal })
    controller.abort(reason)
    const outcome = await call.catch((error) => error)
    if (outcome === reason) given += 1
    else assert.ok(outcome instanceof keywright.Created, 'what was there already counts')
  }
  assert.ok(given > 0, 'not one call was given up')
  // What was submitted may have taken place; whatever did is whole.
  assert.equal(await keys.verifyAudit(), null)
  const page = await keys.list({ limit: 100 })
  assert.ok(page.data.every(({ versions }) => versions.length === 1))
})

test('a signal that never goes off changes nothing, and nothing keeps listening to it', async (t) => {
  const { keys } = await open(t)
  const controller = new AbortController()
  const listening = new Set()
  const { signal } = controller
  const onabort = () => {}
  signal.onabort = onabort
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (type, run, options) => { listening.add(run); add(type, run, options) }
  signal.removeEventListener = (type, run) => { listening.delete(run); remove(type, run) }
  const { secret } = await keys.create('a', { signal, credits: 1 })
  assert.equal((await keys.verify(secret, { signal })).code, 'valid')
  assert.equal(listening.size, 0)
  assert.equal(signal.onabort, onabort, 'the caller\'s own handler stays')
  controller.abort()
})

test('what is no signal is a TypeError', async (t) => {
  const { keys } = await open(t)
  for (const signal of [1, 'abort', {}, true, { aborted: false }, new AbortController()]) {
    for (const [name, call] of Object.entries(CALLS)) {
      await assert.rejects(async () => call(keys, signal), TypeError, name)
    }
  }
  await assert.doesNotReject(keys.list({ signal: null }))
})
