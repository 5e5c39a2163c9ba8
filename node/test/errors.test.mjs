// Errors: one class for each code, the same in every language; and what a panic becomes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { json, keywright, native, open, START } from './support.mjs'

const { KeywrightError } = keywright
const table = json('vectors/errors.json')

test('each error of the table has its class, and each class its row', () => {
  for (const { class: name, code } of table.errors) {
    const type = keywright[name]
    const error = new type('what happened', { hint: 'what to do', keyId: 'key_1', cause: 'why' })
    assert.ok(error instanceof type && error instanceof KeywrightError && error instanceof Error)
    assert.equal(error.name, name)
    assert.equal(error.code, code)
    assert.deepEqual([error.message, error.hint, error.keyId, error.cause], ['what happened', 'what to do', 'key_1', 'why'])
    assert.deepEqual([new type('x').hint, new type('x').keyId, 'cause' in new type('x')], [null, null, false])
    assert.match(inspect(error), new RegExp(`^${name}: what happened\n[^]*code: '${code}'`))
  }
  const classes = Object.entries(keywright).filter(([name]) => name.endsWith('Error') && name !== 'KeywrightError')
  assert.deepEqual(classes.map(([name]) => name).sort(), table.errors.map(({ class: name }) => name).sort())
})

test('the codes of verify are those of the table', () => {
  assert.deepEqual(native.verifyCodes(), table.verify.map(({ code }) => code))
  for (const [place, { code, http, wire }] of table.verify.entries()) {
    const answer = keywright.Verification.of(place)
    assert.deepEqual([answer.code, answer.httpStatus, answer.wireCode], [code, http, wire])
  }
})

test('an error says what happened, what to do next, and about which key', async (t) => {
  const { keys } = await open(t)
  const made = await keys.create('a', { idempotencyKey: 'once' })
  await keys.verify(made.secret)
  await assert.rejects(keys.create('a', { idempotencyKey: 'once' }), (error) => {
    assert.ok(error instanceof keywright.AlreadyIssuedError)
    assert.equal(error.keyId, made.key.id)
    assert.equal(typeof error.hint, 'string')
    return true
  })
  await assert.rejects(keys.create('b', { idempotencyKey: 'once' }), keywright.IdempotencyConflictError)
  await assert.rejects(keys.get('key_000000000000000000000000'), keywright.NotFoundError)
  await assert.rejects(keys.projects.create('default'), keywright.AlreadyExistsError)
  await assert.rejects(keywright.KeyManager.open('https://db'), keywright.UnsupportedError)
  await assert.rejects(keywright.KeyManager.open('postgres://db'), keywright.PepperError)
  await keys.revoke(made.key.id)
  await assert.rejects(keys.enable(made.key.id), keywright.InvalidStateError)
})

test('a rejected call points to where it was made', async (t) => {
  const { keys } = await open(t)
  const error = await keys.get('nonsense').catch((error) => error)
  assert.match(error.stack, /errors\.test\.mjs/)
})

for (const [name, call] of Object.entries({
  verify: (keys, secret) => keys.verify(secret),
  verifySync: async (keys, secret) => keys.verifySync(secret),
  create: (keys) => keys.create('b'),
  list: (keys) => keys.list(),
})) {
  test(`a panic inside ${name} becomes an InternalError, and the manager refuses to go on`, async (t) => {
    const clock = new native.TestClock(START)
    const { keys } = await open(t, { clock })
    const { secret } = await keys.create('a')
    clock.panics(true)
    await assert.rejects(call(keys, secret), (error) => {
      assert.ok(error instanceof keywright.InternalError)
      assert.doesNotMatch(inspect(error), /the test's panic/)
      return true
    })
    clock.panics(false)
    await assert.rejects(keys.list(), keywright.ClosedError)
    await assert.rejects(keys.verify(secret), keywright.ClosedError)
    assert.throws(() => keys.verifySync(secret), keywright.ClosedError)
    await assert.rejects(keys.actingAs('x').create('c'), keywright.ClosedError)
  })
}

test('a panic while a store is opened is an error, too', async () => {
  const clock = new native.TestClock(START)
  clock.panics(true)
  await assert.rejects(open(undefined, { clock }), keywright.InternalError)
})
