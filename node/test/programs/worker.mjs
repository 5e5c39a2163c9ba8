// A worker thread that creates, verifies and revokes on a file that others use too.

import { parentPort, workerData } from 'node:worker_threads'
import { keywright } from '../support.mjs'

const { store, rounds, shared, close } = workerData
const keys = await keywright.KeyManager.open(store)
parentPort.postMessage('open')
let granted = 0
let code
for (let round = 0; round < rounds; round++) {
  const { key, secret } = await keys.create('mine', { owner: 'worker' })
  if (shared !== undefined && (await keys.verify(shared)).valid) granted += 1
  if (keys.verifySync(secret).code !== 'valid') throw new Error('not valid')
  await keys.revoke(key.id)
  code = keys.verifySync(secret).code
}
parentPort.postMessage({ granted, code })
if (close) await keys.close()
