// The programs in the README, run as they stand, each in a new folder. A program begins at each block that imports
// keywright; the blocks after it go on with it.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, home } from './support.mjs'

const text = readFileSync(join(home, 'README.md'), 'utf8')
const programs = []
for (const [, block] of text.matchAll(/(?<!-->\n)^```js\n(.*?)^```$/gms)) {
  if (/from 'keywright'/.test(block)) programs.push(block)
  else programs[programs.length - 1] += block
}

test('the first one has at most twelve lines', () => {
  assert.ok(programs.length >= 4)
  assert.ok(programs[0].trimEnd().split('\n').length <= 12)
})

for (const [index, program] of programs.entries()) {
  test(`program ${index + 1} says what its comments say`, (t) => {
    const place = folder(t)
    mkdirSync(join(place, 'node_modules'))
    symlinkSync(home, join(place, 'node_modules', 'keywright'))
    writeFileSync(join(place, 'program.mjs'), program)
    const env = { ...process.env, NODE_OPTIONS: '' }
    const said = execFileSync(process.execPath, ['program.mjs'], { cwd: place, env, encoding: 'utf8', timeout: 60_000 })
    for (const [, comment] of program.matchAll(/^ *console\.log\(.*\) \/\/ (.*)$/gm)) {
      assert.ok(said.includes(comment), `it does not say ${comment}`)
    }
  })
}
