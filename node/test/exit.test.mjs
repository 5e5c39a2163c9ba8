// Short scripts end by themselves, whatever they leave open, and end cleanly.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folder } from './support.mjs'

const program = fileURLToPath(new URL('./programs/short.mjs', import.meta.url))

function run(store, how) {
  const child = spawn(process.execPath, [program, store, how], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk) => { said += chunk })
  const patience = setTimeout(() => child.kill('SIGKILL'), 60_000)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(patience)
      resolve({ code, signal, said: said.trim() })
    })
  })
}

for (const how of ['open', 'close', 'running', 'exit', 'throw', 'abandon']) {
  test(`a script that ends with: ${how}`, async (t) => {
    const place = folder(t)
    const rounds = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? 'memory:' : join(place, `${n}.db`)))
    for (const store of rounds) {
      const expected = { code: how === 'throw' ? 1 : 0, signal: null, said: 'valid' }
      assert.deepEqual(await run(store, how), expected, store)
    }
  })
}
