// The words of the tables: the types that TypeScript knows are those of the library.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { home, native } from './support.mjs'

const types = readFileSync(join(home, 'dist', 'words.d.ts'), 'utf8')

for (const { of, words } of native.words()) {
  const type = of === 'Class' ? 'KeyClass' : of
  test(type, () => {
    const [, union] = new RegExp(`export type ${type} =([^;]*);`).exec(types)
    assert.deepEqual(union.match(/'[a-z_]+'/g).map((word) => word.slice(1, -1)), words)
  })
}
