// What the package does, method by method.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { after, folder, keywright, open, START } from './support.mjs'

const { ApiKey, AuditEvent, Created, KeyManager, Page, Project, Secret, ServiceAccount, User, Verification } = keywright

const collect = async (iterable) => {
  const all = []
  for await (const item of iterable) all.push(item)
  return all
}
const wire = (object) => JSON.parse(JSON.stringify(object))

test('create, verify, list, revoke', async (t) => {
  const { keys } = await open(t)
  const made = await keys.create('billing', { scopes: ['read'], metadata: { team: 'x' } })
  const { key, secret } = made
  assert.ok(made instanceof Created && key instanceof ApiKey && secret instanceof Secret)
  assert.equal(key.name, 'billing')
  assert.deepEqual(key.createdAt, new Date(START * 1000))

  const answer = await keys.verify(secret.reveal(), { scopes: ['read'] })
  assert.ok(answer instanceof Verification)
  assert.equal(answer.valid, true)
  assert.equal(answer.keyId, key.id)
  assert.equal(answer.key.id, key.id)
  assert.equal(answer.key, answer.key, 'the key is converted once')

  const page = await keys.list()
  assert.ok(page instanceof Page)
  assert.deepEqual(page.data.map(({ id }) => id), [key.id])
  assert.equal(page.hasMore, false)
  assert.deepEqual(wire(page), { object: 'list', data: page.data.map(wire), has_more: false })

  assert.equal((await keys.revoke(key.id)).status, 'revoked')
  assert.equal((await keys.verify(secret)).code, 'revoked')
})

test('every option of create arrives', async (t) => {
  const { keys, clock } = await open(t)
  const project = await keys.projects.create('shop')
  const { key } = await keys.create('all', {
    project: 'shop',
    owner: 'cust_42',
    scopes: ['read', 'write'],
    expiresAt: new Date(START * 1000 + 60_999),
    allowedIps: ['10.0.0.0/8', '::1'],
    metadata: { ['__proto__']: 'kept', team: 'x' },
    class: 'test',
    rateLimit: '100/60s',
    credits: 7,
    limits: [{ name: 'daily', unit: 'credits', capacity: 5, refillAmount: 5, refillSeconds: 86400 }],
    idempotencyKey: 'once',
  })
  assert.equal(key.projectId, project.id)
  assert.deepEqual(key.owner, { type: 'external', id: 'cust_42' })
  assert.deepEqual(key.scopes, ['read', 'write'])
  assert.deepEqual(key.expiresAt, new Date((START + 60) * 1000), 'fractions are dropped')
  assert.deepEqual(key.allowedIps, ['10.0.0.0/8', '::1/128'])
  assert.deepEqual(Object.entries(key.metadata).sort(), [['__proto__', 'kept'], ['team', 'x']])
  assert.equal(key.class, 'test')
  assert.equal(key.limits.length, 3)
  const again = await keys.create('all', { expiresIn: 60 })
  assert.deepEqual(again.key.expiresAt, new Date((START + 60) * 1000))
  clock.setMs((START + 60) * 1000)
  assert.equal((await keys.get(key.id)).status, 'expired')
})

test('null is everything in create, and says something in update', async (t) => {
  const { keys } = await open(t)
  const { key } = await keys.create('a', { scopes: null, allowedIps: null, expiresAt: null })
  assert.deepEqual([key.scopes, key.allowedIps, key.expiresAt], [null, null, null])
  const narrow = { scopes: ['read'], allowedIps: ['::1'], expiresAt: new Date((START + 9) * 1000), metadata: { a: 'b' } }
  const narrowed = await keys.update(key.id, { name: 'b', ...narrow, limits: [{ name: 'l', unit: 'requests', capacity: 1 }] })
  assert.deepEqual([narrowed.name, narrowed.scopes, narrowed.metadata], ['b', ['read'], { a: 'b' }])
  assert.deepEqual(narrowed.expiresAt, narrow.expiresAt)
  const unchanged = await keys.update(key.id, { name: undefined })
  assert.deepEqual(wire(unchanged), wire(narrowed))
  const same = await keys.update(key.id, { limits: unchanged.limits })
  assert.deepEqual(wire(same.limits), wire(narrowed.limits), 'limits can be given as they are told')
  const wide = await keys.update(key.id, { scopes: null, allowedIps: null, expiresAt: null, limits: [], metadata: {} })
  assert.deepEqual([wide.scopes, wide.allowedIps, wide.expiresAt, wide.limits], [null, null, null, []])
  assert.deepEqual(wide.metadata, {})
})

test('verify gives what it found out, and verifySync the same', async (t) => {
  const { keys } = await open(t)
  const { key, secret } = await keys.create('a', { scopes: ['read'], allowedIps: ['10.0.0.0/8'], rateLimit: '1/60s' })
  const codes = async (secret, requirements) => {
    const later = await keys.verify(secret, requirements)
    const now = keys.verifySync(secret, requirements)
    assert.deepEqual(wire(now), wire(later))
    return later
  }
  assert.equal((await codes('abc')).code, 'malformed')
  assert.equal((await codes('abc')).key, null)
  assert.equal((await codes('abc')).keyId, null)
  const refused = await codes(secret, { ip: '10.1.2.3', scopes: ['write'] })
  assert.equal(refused.code, 'insufficient_scope')
  assert.equal(refused.key.id, key.id)
  assert.equal((await codes(secret)).code, 'ip_not_allowed')
  assert.equal(keys.verifySync(secret, { ip: '10.1.2.3' }).code, 'valid', 'waits for the charge')
  const limited = await codes(secret, { ip: '10.1.2.3' })
  assert.equal(limited.code, 'rate_limited')
  assert.equal(limited.limit, key.limits[0].name)
  assert.ok(limited.retryAfterMs > 0 && limited.retryAfterMs <= 61_000)
  assert.ok(Number.isInteger(limited.retryAfterMs), `${limited.retryAfterMs}`)
})

test('a secret can be given as text, as bytes or as a Secret', async (t) => {
  const { keys } = await open(t)
  const { key, secret } = await keys.create('a')
  const text = secret.reveal()
  for (const given of [text, secret, Buffer.from(text), new TextEncoder().encode(text)]) {
    assert.equal((await keys.verify(given)).code, 'valid')
    assert.equal(keys.verifySync(given).code, 'valid')
    assert.equal((await keys.identify(given)).id, key.id)
  }
  for (const other of [`${text} `, ` ${text}`, text.toUpperCase(), `${text}\0`, '']) {
    assert.equal((await keys.verify(other)).code, 'malformed')
    assert.equal(await keys.identify(other), null)
  }
})

test('the exact bytes of a presented secret count', async (t) => {
  const { keys } = await open(t)
  const longest = 'é'.repeat(256)
  const replaced = `half-\u{fffd}-of-a-pair`
  const records = [longest, replaced].map((secret, index) => ({ name: `n${index}`, secret }))
  assert.equal((await keys.importKeys(records)).imported.length, 2)
  for (const secret of [longest, Buffer.from(longest), replaced]) {
    assert.equal((await keys.verify(secret)).code, 'valid')
    assert.equal(keys.verifySync(secret).code, 'valid')
  }
  for (const secret of [`${longest}😀`, `${longest}a`, longest.slice(1), 'half-\ud800-of-a-pair', 'half-\udfff-of-a-pair']) {
    assert.notEqual((await keys.verify(secret)).code, 'valid')
    assert.notEqual(keys.verifySync(secret).code, 'valid')
  }
})

test('rotate, finish, cancel', async (t) => {
  const { keys, clock } = await open(t)
  const first = await keys.create('a')
  const { id } = first.key
  const second = await keys.rotate(id, { overlap: 60 })
  assert.deepEqual(second.key.versions.map(({ status }) => status), ['overlapping', 'current'])
  assert.deepEqual(second.key.versions[0].endsAt, new Date((START + 60) * 1000))
  await assert.rejects(keys.rotate(id), (error) => error.keyId === id && error.code === 'rotation_in_progress')
  assert.deepEqual((await keys.cancelRotation(id)).versions.map(({ status }) => status), ['current', 'ended'])
  assert.equal((await keys.verify(second.secret)).code, 'revoked')
  const third = await keys.rotate(id)
  assert.equal((await keys.verify(first.secret)).code, 'valid')
  await keys.finishRotation(id)
  assert.equal((await keys.verify(first.secret)).code, 'revoked')
  assert.equal((await keys.verify(third.secret)).code, 'valid')
  clock.setMs((START + 1) * 1000)
  const last = await keys.rotate(id, { overlap: 0 })
  assert.equal((await keys.verify(third.secret)).code, 'revoked')
  assert.equal((await keys.verify(last.secret)).code, 'valid')
})

test('usage', async (t) => {
  const { keys, clock } = await open(t)
  const { key, secret } = await keys.create('a')
  await keys.verify(secret)
  keys.verifySync(secret)
  clock.setMs((START + 86400) * 1000)
  await keys.verify(secret)
  await keys.flush()
  const midnight = Math.floor(START / 86400) * 86400
  const uses = await keys.usage(key.id, { days: 2 })
  assert.ok(uses.every((it) => it instanceof keywright.DailyUse && Object.isFrozen(it)))
  assert.deepEqual(uses.map(({ day, count }) => [day, count]), [
    [new Date(midnight * 1000), 2],
    [new Date((midnight + 86400) * 1000), 1],
  ])
  assert.deepEqual(wire(uses[0]), { day: midnight, count: 2 })
  assert.equal((await keys.usage(key.id)).length, 30)
})

test('disable, enable, revoke, revokeAll', async (t) => {
  const { keys } = await open(t)
  const made = await Promise.all([1, 2, 3].map((n) => keys.create(`k${n}`, { owner: 'cust_1' })))
  const { id } = made[0].key
  assert.equal((await keys.disable(id)).status, 'disabled')
  assert.equal((await keys.verify(made[0].secret)).code, 'disabled')
  assert.equal((await keys.enable(id)).status, 'active')
  const revoked = await keys.revoke(id, { reason: 'key_compromise' })
  assert.deepEqual([revoked.status, revoked.revocationReason], ['revoked', 'key_compromise'])
  assert.deepEqual(revoked.revokedAt, new Date(START * 1000))
  assert.equal((await keys.verify(made[0].secret)).code, 'compromised')
  assert.equal(await keys.revokeAll('cust_1', { reason: 'superseded' }), 2)
  assert.equal(await keys.revokeAll('cust_1'), 0)
})

test('list: a page, or all with for await', async (t) => {
  const { keys } = await open(t)
  for (let n = 0; n < 7; n++) await keys.create(`k${n}`, n % 2 === 0 ? { owner: 'cust_1' } : {})
  const page = await keys.list({ limit: 3 })
  assert.deepEqual(page.data.map(({ name }) => name), ['k6', 'k5', 'k4'])
  assert.equal(page.hasMore, true)
  const next = await page.nextPage()
  assert.deepEqual(next.data.map(({ name }) => name), ['k3', 'k2', 'k1'])
  assert.equal(await (await next.nextPage()).nextPage(), null)
  const names = ['k6', 'k5', 'k4', 'k3', 'k2', 'k1', 'k0']
  assert.deepEqual((await collect(keys.list({ limit: 2 }))).map(({ name }) => name), names)
  assert.deepEqual((await collect(page)).map(({ name }) => name), names)
  assert.deepEqual((await collect(keys.list({ limit: 1, owner: 'cust_1' }))).map(({ name }) => name), ['k6', 'k4', 'k2', 'k0'])
  const { id } = (await keys.list({ search: 'k5' })).data[0]
  await keys.revoke(id)
  assert.equal((await collect(keys.list())).length, 6)
  assert.equal((await collect(keys.list({ includeRevoked: true }))).length, 7)
  assert.deepEqual((await collect(keys.list({ status: 'revoked' }))).map(({ name }) => name), ['k5'])
  assert.ok(keys.list() instanceof Promise)
})

test('projects, service accounts, users', async (t) => {
  const { keys } = await open(t)
  const project = await keys.projects.create('shop', { defaultLifetime: 60, maxLifetime: 3600 })
  assert.ok(project instanceof Project)
  assert.deepEqual([project.defaultLifetimeSeconds, project.maxLifetimeSeconds], [60, 3600])
  assert.deepEqual((await keys.projects.list()).map(({ name }) => name), ['default', 'shop'])
  assert.deepEqual(wire(await keys.projects.get('shop')), wire(project))
  const account = await keys.serviceAccounts.create('ci', { project: 'shop' })
  assert.ok(account instanceof ServiceAccount)
  assert.equal(account.projectId, project.id)
  assert.equal((await keys.serviceAccounts.list({ project: 'shop' })).length, 2)
  const user = await keys.users.create('Ada')
  assert.ok(user instanceof User)
  const owned = await keys.create('a', { owner: user.id })
  assert.deepEqual(owned.key.owner, { type: 'user', id: user.id })
  assert.equal((await keys.users.list()).length, 1)
  assert.equal(await keys.users.delete(user.id), 1)
  assert.equal(await keys.serviceAccounts.delete(account.id), 0)
  assert.equal((await keys.verify(owned.secret)).code, 'revoked')
  assert.equal((await keys.projects.archive('shop')).status, 'archived')
  assert.equal((await keys.projects.list()).length, 1)
  assert.equal((await keys.projects.list({ includeArchived: true })).length, 2)
})

test('admin keys manage, and are no data keys', async (t) => {
  const { keys } = await open(t)
  const admin = await keys.adminKeys.create('ops', { expiresIn: 60 })
  const data = await keys.create('a')
  assert.equal(admin.key.class, 'admin')
  assert.equal((await keys.adminKeys.verify(admin.secret)).code, 'valid')
  assert.equal((await keys.adminKeys.verify(data.secret)).code, 'wrong_class')
  assert.equal((await keys.verify(admin.secret)).code, 'wrong_class')
  assert.equal((await keys.adminKeys.get(admin.key.id)).name, 'ops')
  assert.deepEqual((await collect(keys.adminKeys.list())).map(({ id }) => id), [admin.key.id])
  assert.equal((await keys.adminKeys.revoke(admin.key.id)).status, 'revoked')
  assert.equal((await keys.adminKeys.verify(admin.secret)).code, 'revoked')
})

test('the audit trail says who did what', async (t) => {
  const { keys } = await open(t, { actor: 'server' })
  const { key } = await keys.actingAs('ada', { ip: '10.0.0.1' }).create('a')
  await keys.revoke(key.id)
  const events = await keys.audit({ objectId: key.id })
  assert.ok(events instanceof Page && events.data[0] instanceof AuditEvent)
  assert.deepEqual(events.data.map(({ type, actor, ip }) => [type, actor, ip]), [
    ['api_key.created', 'ada', '10.0.0.1'],
    ['api_key.revoked', 'server', null],
  ])
  assert.equal(events.data[0].after.name, 'a')
  assert.ok(Object.isFrozen(events.data[0].after))
  const all = await collect(keys.audit({ limit: 1 }))
  assert.deepEqual(all.map(({ seq }) => seq), all.map((_, index) => index + 1))
  assert.equal((await collect(keys.audit({ actor: 'ada', since: new Date(0), eventTypes: ['api_key.created'] }))).length, 1)
  assert.equal(await keys.verifyAudit(), null)
})

test('import takes over, export tells all, and both agree on the wire form', async (t) => {
  const { keys } = await open(t)
  const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' // of abc
  const report = await keys.importKeys([
    { name: 'old', hashFormat: 'sha256', hash, scopes: ['read'], metadata: { a: 'b' }, expiresAt: new Date((START + 5) * 1000) },
    { name: 'bad', hashFormat: 'sha256', hash: 'zz' },
    { name: 'older', secret: 'a-secret-of-another-system', class: 'test', owner: 'cust_1' },
  ])
  assert.equal(report.imported.length, 2)
  assert.deepEqual(report.refused.map(({ index, code }) => [index, code]), [[1, 'invalid_argument']])
  assert.equal((await keys.verify('abc', { scopes: ['read'] })).code, 'valid')
  assert.equal(keys.verifySync('a-secret-of-another-system').code, 'valid')

  await keys.create('limited', { rateLimit: '5/60s', credits: 3, allowedIps: ['::1'] })
  const revoked = await keys.create('gone')
  await keys.rotate(revoked.key.id)
  await keys.revoke(revoked.key.id, { reason: 'superseded' })
  await keys.users.create('Ada')
  await keys.adminKeys.create('ops')
  await keys.projects.create('shop', { maxLifetime: 60 })
  const told = [
    ...(await keys.projects.list({ includeArchived: true })),
    ...(await keys.users.list()),
    ...(await keys.serviceAccounts.list()),
    ...(await collect(keys.list({ includeRevoked: true }))),
    ...(await collect(keys.adminKeys.list({ includeRevoked: true }))),
    ...(await collect(keys.audit())),
  ]
  const lines = (await collect(keys.exportKeys())).map((line) => JSON.parse(line))
  assert.deepEqual(told.map(wire), lines)
  for (const [index, object] of told.entries()) {
    assert.deepEqual(Object.keys(object.toJSON()), Object.keys(lines[index]), 'in the same order, too')
  }
})

test('bytes are taken where a record has secrets, and a line of a file as it is', async (t) => {
  const { keys } = await open(t)
  const hashKey = Buffer.alloc(32, 0xff)
  const hash = createHmac('sha256', hashKey).update('old one').digest('hex')
  const lines = [
    { name: 'one', hash_format: 'hmac-sha256', hash, hash_key_hex: hashKey.toString('hex'), redacted_value: 'o…' },
    { name: 'two', secret: 'old two', expires_at: START + 5, allowed_ips: ['::1'], metadata: { a_b: 'c_d' } },
    { name: 'three', secret: 'old three', limits: [{ name: 'l', unit: 'requests', capacity: 1, window_seconds: 60 }] },
    { name: 'four', secret: 'old four', hash_format: null, limits: [3] },
  ]
  const { imported, refused } = await keys.importKeys(lines)
  assert.deepEqual(refused.map(({ index }) => index), [3])
  const [one, two, three] = await Promise.all(imported.map((id) => keys.get(id)))
  assert.equal(one.redactedValue, 'o…')
  assert.deepEqual([two.expiresAt, two.allowedIps, two.metadata], [new Date((START + 5) * 1000), ['::1/128'], { a_b: 'c_d' }])
  assert.equal(three.limits[0].windowSeconds, 60)
  assert.equal(keys.verifySync('old one').code, 'valid')

  const other = createHmac('sha256', hashKey).update('old five').digest('base64')
  const five = { name: 'five', hashFormat: 'hmac-sha256', hash: other, hashKey }
  const six = { name: 'six', secret: Buffer.from('old six') }
  assert.deepEqual((await keys.importKeys([five, six])).refused, [])
  for (const secret of ['old five', 'old six']) assert.equal(keys.verifySync(secret).code, 'valid', secret)
  assert.equal((await keys.importKeys([{ name: 'seven', secret: Buffer.from([0xff]) }])).refused.length, 1)
})

test('what is told is frozen and prints well', async (t) => {
  const { keys } = await open(t)
  const { key, secret } = await keys.create('a', { credits: 2, scopes: ['x'] })
  for (const object of [key, key.owner, key.scopes, key.limits, key.limits[0], key.metadata, key.versions, key.versions[0]]) {
    assert.ok(Object.isFrozen(object))
  }
  assert.throws(() => Object.assign(key, { name: 'b' }), TypeError)
  assert.match(inspect(key), /^ApiKey \{\n {2}id: 'key_/)
  assert.match(inspect(keys.verifySync(secret)), /^Verification \{\s+code: 'valid',\s+valid: true,/)
  assert.match(inspect(keys), /^KeyManager \{ path: null, brand: 'kw' \}$/)
  assert.match(inspect(await keys.list(), { depth: 0 }), /^Page /)
})

test('a file is made with its pepper, and is there again when it is opened anew', async (t) => {
  const store = join(folder(t), 'keys.db')
  const keys = await KeyManager.open(store, { brand: 'acme' })
  assert.equal(keys.path, store)
  assert.equal(keys.brand, 'acme')
  assert.ok(existsSync(`${store}.pepper`))
  const { key, secret } = await keys.create('a')
  assert.match(secret.reveal(), /^acme_live_kw1/)
  await keys.flush()
  await keys.close()
  await keys.close()
  await assert.rejects(keys.get(key.id), keywright.ClosedError)
  await assert.rejects(keys.verify(secret), keywright.ClosedError)
  assert.throws(() => keys.verifySync(secret), keywright.ClosedError)
  const again = await KeyManager.open(`sqlite:${store}`, { mustExist: true, acceptedClasses: ['live'] })
  after(t, () => again[Symbol.asyncDispose]())
  assert.equal((await again.verify(secret)).code, 'valid')
  await assert.rejects(KeyManager.open(join(folder(t), 'none.db'), { mustExist: true }), keywright.UnavailableError)
})

test('the log is told to whoever listens, and a listener that fails fails no call', async (t) => {
  const records = []
  const { keys } = await open(t, { log: (record) => records.push(record) })
  keys.verifySync('abc')
  assert.deepEqual(records.map(({ level, code, keyId }) => [level, code, keyId]), [['debug', 'malformed', null]])
  assert.ok(Object.isFrozen(records[0]))
  const { key, secret } = await keys.create('a')
  await keys.disable(key.id)
  await keys.actingAs('ada').verify(secret)
  assert.deepEqual(records.map(({ code, keyId }) => [code, keyId]).at(-1), ['disabled', key.id])

  const warnings = []
  const warn = (warning) => warnings.push(warning.message)
  process.on('warning', warn)
  t.after(() => process.off('warning', warn))
  const failing = await open(t, { log: () => { throw new Error('full') } })
  assert.equal(failing.keys.verifySync('abc').code, 'malformed')
  assert.equal((await failing.keys.verify('abc')).code, 'malformed')
  await new Promise(setImmediate)
  assert.equal(warnings.length, 2)
})

test('many calls at once', async (t) => {
  const store = join(folder(t), 'keys.db')
  const { keys } = await open(t, { store })
  const made = await Promise.all(Array.from({ length: 200 }, (_, n) => keys.create(`k${n}`)))
  assert.equal(new Set(made.map(({ key }) => key.id)).size, 200)
  const answers = await Promise.all(made.map(({ secret }) => keys.verify(secret)))
  assert.ok(answers.every(({ valid }) => valid))
  await Promise.all(made.map(({ key }) => keys.revoke(key.id)))
  assert.ok(made.every(({ secret }) => keys.verifySync(secret).code === 'revoked'))
  assert.equal(await keys.verifyAudit(), null)
})

test('a limit grants no more than it has, whoever asks', async (t) => {
  const { keys } = await open(t, { store: join(folder(t), 'keys.db') })
  const { secret } = await keys.create('a', { credits: 10 })
  const answers = await Promise.all(Array.from({ length: 30 }, () => keys.verify(secret)))
  assert.equal(answers.filter(({ valid }) => valid).length, 10)
  assert.ok(answers.filter(({ valid }) => !valid).every(({ code }) => code === 'usage_exceeded'))
})
