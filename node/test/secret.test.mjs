// A secret is shown by reveal() and by nothing else.

import assert from 'node:assert/strict'
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import util from 'node:util'
import { serialize } from 'node:v8'
import { keywright, open } from './support.mjs'

async function made(t) {
  const { keys } = await open(t)
  const created = await keys.create('a')
  return { keys, created, secret: created.secret, text: created.secret.reveal() }
}

test('it shows itself redacted, in the form of every language', async (t) => {
  const { created, secret, text } = await made(t)
  const shown = `<Secret ${text.slice(0, -49)}…  use .reveal()>`
  assert.equal(String(secret), shown)
  assert.equal(`${secret}`, shown)
  assert.equal(secret + '', shown)
  assert.equal(util.inspect(secret), shown)
  assert.equal(util.format('%s %o %O %j', secret, secret, secret, 1).includes(text.slice(-49)), false)
  assert.equal(secret.redactedValue, created.key.redactedValue)
  assert.equal(secret.redactedValue, `${text.slice(0, -49)}…`)
})

test('nothing that prints, copies or walks through objects finds it', async (t) => {
  const { keys, created, secret, text } = await made(t)
  const written = []
  const stream = new Writable({ write: (chunk, _, done) => { written.push(String(chunk)); done() } })
  const console = new Console(stream)
  const answer = keys.verifySync(secret)
  for (const object of [secret, created, [secret], { secret }, new Map([[secret, secret]]), keys, answer, answer.key]) {
    console.log(object)
    console.log('%s %d %i %f %o %O', object, object, object, object, object, object)
    console.dir(object, { showHidden: true, depth: null, getters: true })
    console.table(object)
    written.push(util.inspect(object, { showHidden: true, showProxy: true, depth: null, getters: true, customInspect: false }))
    for (const copy of [(it) => structuredClone(it), (it) => serialize(it).toString('latin1')]) {
      try {
        written.push(util.inspect(copy(object), { depth: null, showHidden: true }))
      } catch (error) {
        written.push(util.inspect(error))
      }
    }
  }
  written.push(util.inspect({ ...secret }), util.inspect(Object.assign({}, secret)), Object.keys(secret).join())
  await new Promise(setImmediate)
  const all = written.join('\n')
  assert.ok(all.length > 5000)
  for (let at = text.length - 49; at + 8 <= text.length; at++) {
    assert.equal(all.includes(text.slice(at, at + 8)), false, 'a part of the secret was printed')
  }
})

test('making it JSON is an error that says what to do', async (t) => {
  const { created, secret, text } = await made(t)
  for (const object of [secret, created, { deep: [secret] }]) {
    assert.throws(() => JSON.stringify(object), (error) => {
      assert.ok(error instanceof TypeError)
      assert.match(error.message, /reveal\(\)/)
      assert.ok(!util.inspect(error).includes(text))
      return true
    })
  }
})

test('after dispose it is gone', async (t) => {
  const { keys, secret, text } = await made(t)
  assert.equal(secret.reveal(), text)
  secret.dispose()
  secret.dispose()
  assert.throws(() => secret.reveal(), keywright.ClosedError)
  assert.throws(() => keys.verifySync(secret), keywright.ClosedError)
  await assert.rejects(keys.verify(secret), keywright.ClosedError)
  await assert.rejects(keys.identify(secret), keywright.ClosedError)
  await assert.rejects(keys.importKeys([{ name: 'a', secret }]), keywright.ClosedError)
  assert.match(String(secret), /^<Secret kw_live_kw1/)
  assert.equal(keys.verifySync(text).code, 'valid', 'what was revealed is the caller\'s')
  const { secret: other } = await keys.create('b')
  other[Symbol.dispose]()
  assert.throws(() => other.reveal(), keywright.ClosedError)
})

test('a secret that is not of our format shows nothing of itself', async (t) => {
  const { keys } = await open(t)
  const { refused } = await keys.importKeys([{ name: 'a', secret: 'x'.repeat(513) }])
  assert.equal(refused.length, 1)
  assert.ok(!refused[0].message.includes('xxx'))
})

test('no errors of wrong arguments repeat a secret', async (t) => {
  const { keys, created, text } = await made(t)
  const { id } = created.key
  const refusal = async (record) => {
    const { refused } = await keys.importKeys([record])
    throw Object.assign(new Error(), refused[0])
  }
  const attempts = [
    () => keys.get(text),
    () => keys.create(text.repeat(3)),
    () => keys.create('a', { class: text }),
    () => keys.create('a', { project: text }),
    () => keys.create('a', { scopes: [text] }),
    () => keys.create('a', { rateLimit: text }),
    () => keys.create('a', { allowedIps: [text] }),
    () => keys.create('a', { [text]: 1 }),
    () => keys.update(id, { scopes: [text] }),
    () => keys.update(text, { name: 'a' }),
    () => keys.rotate(text),
    () => keys.revoke(id, { reason: text }),
    () => keys.list({ status: text }),
    () => keys.list({ after: text }),
    () => keys.verify(text, { ip: text }),
    () => keys.verify(text, { scopes: [text] }),
    () => keys.verify(text, text),
    () => keys.verify(text, { [text]: text }),
    () => refusal({ name: 'a', secret: text, hash: text }),
    () => refusal({ name: 'a', hashFormat: text, hash: text }),
    () => refusal({ name: 'a', hashFormat: 'sha256', hash: text }),
    () => refusal({ name: 'a', secret: text }),
    () => keys.importKeys([text]),
    () => keys.users.delete(text),
    () => keys.projects.get(text),
    () => keys.audit({ eventTypes: [text] }),
    () => keywright.KeyManager.open('memory:', { pepper: text }),
    () => keywright.KeyManager.open('memory:', { brand: text }),
  ]
  for (const attempt of attempts) {
    const error = await Promise.resolve().then(attempt).then(() => assert.fail(`${attempt} did nothing wrong`), (error) => error)
    assert.ok(!util.inspect(error, { showHidden: true }).includes(text.slice(-49)), `${attempt} tells the secret`)
  }
})
