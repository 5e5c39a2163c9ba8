// Runs the scenarios of tests/conformance (see its README): each on a fresh store in memory and on a new SQLite file.
// The runner has no logic of its own: it converts arguments to calls and results to their wire form.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Mismatch, run } from './runner/scenario.mjs'
import { Unreadable } from './runner/value.mjs'
import { json, shared } from './support.mjs'

const STORES = ['memory', 'sqlite']
/** Holds the scenario that every runner has to report as failing: its last step, and no other. */
const MUST_FAIL = 'must_fail.json'

const files = readdirSync(join(shared, 'conformance')).filter((name) => name.endsWith('.json')).sort()
const scenarios = files.flatMap((file) => json(`conformance/${file}`).map((scenario) => ({ file, scenario })))

test('nothing but the scenario says how a store is opened', () => {
  for (const name of ['KEYWRIGHT_STORE', 'KEYWRIGHT_PEPPER', 'KEYWRIGHT_PEPPER_FILE', 'KEYWRIGHT_BRAND']) {
    assert.equal(process.env[name], undefined, `unset ${name}: scenarios don't reckon with it`)
  }
})

test('each scenario has an id of its own', () => {
  assert.equal(new Set(scenarios.map(({ scenario }) => scenario.id)).size, scenarios.length)
})

test('every scenario holds on every store', async () => {
  const failures = []
  let passed = 0
  for (const { file, scenario } of scenarios) {
    for (const store of scenario.stores ?? STORES) {
      assert.ok(STORES.includes(store), `${scenario.id}: unknown store`)
      const error = await run(scenario, store).then(() => undefined, (error) => error)
      const good =
        file === MUST_FAIL ? error instanceof Mismatch && error.step === scenario.steps.length - 1 : error === undefined
      if (good) passed += 1
      else failures.push(`${scenario.id} on ${store}: ${error?.message ?? 'it passed'}`)
    }
  }
  // Not through the test runner's reporter, which would put a mark before it.
  process.stdout.write(
    `\nconformance: ${scenarios.length} scenarios × ${STORES.length} stores, ${passed} passed, ${failures.length} failed\n`,
  )
  assert.deepEqual(failures, [])
})

const unreadable = [
  { call: 'conjure', args: {} },
  { call: 'projects.conjure', args: {} },
  { call: 'create', args: { name: 'a', colour: 'red' } },
  { call: 'create', args: { name: 1 } },
  { call: 'create', args: {} },
  { call: 'create', args: { name: '$nobody.id' } },
  { call: 'create', args: { name: { $guess: 1 } } },
  { call: 'create', args: { name: { $vector: 'valid.99.token' } } },
  { call: 'create', args: { name: 'a' }, expect: { 'key.name': { $like: 'a' } } },
  { call: 'create', args: { name: 'a' }, expects: {} },
  { call: 'create', args: { name: 'a' }, error_contains: 'a' },
]

const mismatches = [
  { call: 'create', args: { name: 'a' }, expect: { 'key.name': 'b' } },
  { call: 'create', args: { name: 'a' }, expect: { 'key.nothing': 'b' } },
  { call: 'create', args: { name: 'a' }, expect: { 'key.name': { $not: 'a' } } },
  { call: 'create', args: { name: 'a' }, expect: { 'key.name': { $exists: false } } },
  { call: 'create', args: { name: 'a' }, expect: { 'key.expires_at': { $exists: true } } },
  { call: 'create', args: { name: 'ab' }, expect: { 'key.name': { $matches: 'a' } } },
  { call: 'create', args: { name: 'ab' }, expect: { 'key.name': { $contains: 'c' } } },
  { call: 'create', args: { name: 'a' }, expect: { 'key.versions.length': 2 } },
  { call: 'create', args: { name: 'a' }, error: 'invalid_argument' },
  { call: 'create', args: { name: '' } },
  { call: 'create', args: { name: '' }, error: 'not_found' },
  { call: 'create', args: { name: '' }, error: 'invalid_argument', error_contains: 'pink' },
  { call: 'create', args: { name: '' }, error: 'invalid_argument', error_key_id: 'key_0' },
]

for (const [kind, steps] of [[Unreadable, unreadable], [Mismatch, mismatches]]) {
  test(`the runner reports as ${kind.name.toLowerCase()}`, async () => {
    for (const step of steps) {
      const scenario = { id: 'runner', title: 'The runner', steps: [step] }
      await assert.rejects(run(scenario, 'memory'), kind, JSON.stringify(step))
    }
  })
}
