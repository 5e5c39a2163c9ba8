// The types as a user's strict compiler sees them, declarations included.

import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const typescript = createRequire(import.meta.url).resolve('typescript/package.json')

test('what should compile compiles, and what should not does not', () => {
  try {
    execFileSync(process.execPath, [join(dirname(typescript), 'bin', 'tsc'), '--project', join(here, 'types')], { encoding: 'utf8' })
  } catch (error) {
    throw new Error(error.stdout)
  }
})
