// What the tests share: the package on the native part that is built for tests, with a clock to set.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the package. */
export const home = dirname(dirname(fileURLToPath(import.meta.url)))
/** What all languages share. */
export const shared = join(home, '..', 'tests')

const require = createRequire(import.meta.url)

/** The native part with what is for tests only. */
export const native = require(testAddon())

// The package finds it where it would find the published one.
const loader = join(home, 'dist', 'native.js')
const stand = new Module(loader)
Object.assign(stand, { filename: loader, loaded: true, exports: { native } })
require.cache[loader] = stand

/** The package. */
export const keywright = require('../dist/index.js')
const { value } = require('../dist/call.js')

function testAddon() {
  const metadata = execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], { cwd: home, maxBuffer: 1 << 26 })
  const folder = join(JSON.parse(metadata).target_directory, 'node-test-support')
  const name = readdirSync(folder).find((file) => file.endsWith('.node'))
  return join(folder, name)
}

/** Where the clock stands when a test begins: 2027-01-15T08:00:00Z. */
export const START = 1_800_000_000

/** A store with a clock of its own: `{ keys, clock }`. It is closed after the test. */
export async function open(t, { store = 'memory:', clock = new native.TestClock(START), seed = 1, log, ...options } = {}) {
  const random = new native.TestRandom(seed)
  const opened = await native.openForTests(store, { ...options, log: log !== undefined }, clock, random)
  const keys = keywright.KeyManager.on(value(opened), log)
  if (t !== undefined) after(t, () => keys.close())
  return { keys, clock }
}

const endings = new WeakMap()

/** What is to be done after a test: what came last comes first. */
export function after(t, run) {
  const stack = endings.get(t) ?? []
  if (stack.length === 0) {
    endings.set(t, stack)
    t.after(async () => {
      while (stack.length > 0) await stack.pop()()
    })
  }
  stack.push(run)
}

/** A new folder, deleted after the test. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'keywright-'))
  after(t, () => rmSync(path, { recursive: true, force: true }))
  return path
}

/** JSON from what all languages share. */
export function json(path) {
  return JSON.parse(readFileSync(join(shared, path), 'utf8'))
}
