// Several threads at once, each with a KeyManager of its own on the same file.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { folder, keywright } from './support.mjs'

const WORKERS = 4
const ROUNDS = 25

function start(workerData) {
  const worker = new Worker(new URL('./programs/worker.mjs', import.meta.url), { workerData })
  return new Promise((resolve, reject) => {
    let answer
    worker.on('message', (message) => { answer = message })
    worker.on('error', reject)
    worker.on('exit', (code) => resolve({ code, answer }))
  })
}

test('workers share a file', async (t) => {
  const store = join(folder(t), 'keys.db')
  const keys = await keywright.KeyManager.open(store)
  const { key, secret } = await keys.create('shared', { credits: WORKERS * ROUNDS - 10 })
  const shared = secret.reveal()
  const all = await Promise.all(
    Array.from({ length: WORKERS }, (_, n) => start({ store, rounds: ROUNDS, shared, close: n % 2 === 0 })),
  )
  assert.deepEqual(all.map(({ code }) => code), Array(WORKERS).fill(0))
  const granted = all.reduce((sum, { answer }) => sum + answer.granted, 0)
  assert.equal(granted, WORKERS * ROUNDS - 10, 'what was granted is what there was')
  assert.ok(all.every(({ answer }) => answer.code === 'revoked'))
  assert.equal((await keys.list({ owner: 'worker', includeRevoked: true, limit: 1000 })).data.length, WORKERS * ROUNDS)
  assert.equal((await keys.get(key.id)).limits[0].remaining, 0)
  assert.equal(await keys.verifyAudit(), null)
  await keys.close()
})

test('a worker that is ended in the middle of a call takes nothing with it', async (t) => {
  const store = join(folder(t), 'keys.db')
  const keys = await keywright.KeyManager.open(store)
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(new URL('./programs/worker.mjs', import.meta.url), {
      workerData: { store, rounds: 1e9, close: false },
    })
    await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
    const { secret } = await keys.create(`after ${round}`)
    assert.equal(keys.verifySync(secret).code, 'valid')
  }
  assert.equal(await keys.verifyAudit(), null)
  await keys.close()
})
