// The command that the package brings.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, home, keywright } from './support.mjs'

function run(cwd, args, input = '', bin = join(home, 'bin', 'keywright.js')) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd, input, encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('it creates, verifies, revokes, and shares its file with the library', async (t) => {
  const place = folder(t)
  const made = run(place, ['create', 'demo', '--scopes', 'read'])
  assert.equal(made.status, 0)
  assert.match(made.stdout, /^kw_live_kw1\w{66}\n$/)
  assert.equal(run(place, ['verify', '--scopes', 'read'], made.stdout).status, 0)

  const keys = await keywright.KeyManager.open(join(place, 'keywright.db'), { mustExist: true })
  const answer = keys.verifySync(made.stdout.trim())
  assert.equal(answer.key.name, 'demo')
  assert.equal(run(place, ['--output', 'json', 'revoke', answer.keyId, '--yes']).status, 0)
  assert.equal(keys.verifySync(made.stdout.trim()).code, 'revoked')
  await keys.close()
  const verified = run(place, ['--output', 'json', 'verify'], made.stdout)
  assert.deepEqual([verified.status, JSON.parse(verified.stdout).code], [1, 'revoked'])
})

test('wrong usage is exit status 2, and an argument with a space stays one', (t) => {
  const place = folder(t)
  assert.equal(run(place, ['conjure']).status, 2)
  assert.equal(run(place, ['create', 'two words']).status, 0)
  assert.match(run(place, ['list']).stdout, /two words/)
})

test('hints call it as it was called', (t) => {
  const place = folder(t)
  const bin = join(home, 'bin', 'keywright.js')
  const hint = (env) => {
    const { stdout } = spawnSync(process.execPath, [bin, 'quickstart'], { cwd: place, encoding: 'utf8', env: { PATH: '', ...env } })
    return /^ {2}(.*) get key_/m.exec(stdout)[1]
  }
  assert.equal(hint({ npm_command: 'exec' }), 'npx keywright')
  assert.equal(hint({ PATH: join(home, 'bin') }), 'keywright')
  assert.equal(hint({}), bin)
})

test('where the native part is missing it says so in a sentence', (t) => {
  const place = folder(t)
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(home, part), join(place, part), { recursive: true })
  const { status, stderr } = run(place, ['list'], '', join(place, 'bin', 'keywright.js'))
  assert.equal(status, 6)
  assert.match(stderr, /^keywright has no native part/)
  assert.doesNotMatch(stderr, /\n {4}at /)
})
