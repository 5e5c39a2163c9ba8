// A short script: it does the main job, and ends in one of several ways.

import { keywright } from '../support.mjs'

const [, , store, how] = process.argv
const keys = await keywright.KeyManager.open(store, { log: () => {} })
const { secret } = await keys.create('a', { credits: 5 })
console.log((await keys.verify(secret)).code)
switch (how) {
  case 'close':
    await keys.close()
    break
  case 'running':
    // Calls that are under way keep the process until they are done.
    for (let n = 0; n < 50; n++) void keys.create(`k${n}`)
    break
  case 'exit':
    for (let n = 0; n < 50; n++) void keys.create(`k${n}`)
    process.exit(0)
    break
  case 'throw':
    process.on('uncaughtException', () => process.exit(1))
    for (let n = 0; n < 50; n++) void keys.create(`k${n}`)
    setImmediate(() => { throw new Error('mine') })
    break
  case 'abandon':
    for await (const _ of keys.exportKeys()) break
    void keys.close()
    break
}
