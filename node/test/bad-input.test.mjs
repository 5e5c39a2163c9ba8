// Bad input of every kind to every function: the documented error, nothing changed, nothing repeated.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { keywright, open } from './support.mjs'

const { InvalidArgumentError, KeyManager, KeywrightError, NotFoundError } = keywright

/** Shows up in an error only if the error repeats what was given. */
const MARK = 'Zq7MarkZq7'

const WRONG_TYPES = {
  text: [1, 0, NaN, true, 10n, Symbol(MARK), {}, [], [MARK], () => MARK, new Date(0), Buffer.from(MARK)],
  number: [MARK, '1', true, 10n, Symbol(MARK), {}, [], [1], () => 1, new Date(0)],
  flag: [MARK, 1, 0, 10n, {}, [], () => true],
  date: [MARK, '2030-01-01', 1_900_000_000, 10n, {}, [], true, () => 1],
  texts: [MARK, 1, true, {}, () => [], new Set([MARK]), [1], [null], [undefined], [[MARK]], [{}], [,], new Map()],
  pairs: [MARK, 1, true, [], [[MARK, MARK]], () => 1, new Map([[MARK, MARK]]), { a: 1 }, { a: null }, { a: {} }, new Date(0)],
  limits: [MARK, 1, {}, [1], [MARK], [null], [[]], [{}], [{ name: MARK }], [{ name: MARK, unit: 'requests' }]].concat([
    [[{ name: MARK, unit: 'requests', capacity: '1' }]],
    [[{ name: MARK, unit: 'requests', capacity: 1, colour: MARK }]],
    [[{ name: 1, unit: 'requests', capacity: 1 }]],
  ].flat()),
  secret: [1, true, null, undefined, 10n, Symbol(MARK), {}, [], () => MARK, new Uint16Array(4), new ArrayBuffer(4), new DataView(new ArrayBuffer(4))],
  options: [1, MARK, true, null, [], () => {}, Symbol(MARK), 10n, new Map(), new Set(), { [MARK]: 1 }],
  records: [null, undefined, 3, MARK, {}, { name: MARK }, () => [], [3], [MARK], [null], [[]], [new Map()]],
  function: [1, MARK, {}, [], true],
}

const WRONG_FORMS = {
  text: ['\ud800', `${MARK}\udfff`, '\udc00\ud800'],
  name: ['', ' ', MARK.repeat(20_000), '\0', `a${MARK}\0`, `${MARK}\n`, '\u0007', '\ud800', 'x'.repeat(1 << 20)],
  id: ['', MARK, 'key_', `key_${'0'.repeat(23)}`, `key_${'0'.repeat(25)}`, `key_${'0'.repeat(23)}-`, 'x'.repeat(1 << 20), '\0', '\ud800'],
  count: [NaN, Infinity, -Infinity, -1, 1.5, 2 ** 53 + 2, 1e300, -(2 ** 53), Number.MIN_VALUE],
  span: [NaN, Infinity, -1, 0.5, 2 ** 53 + 2, 1e300],
  date: [new Date(NaN), new Date(-1), new Date(8.64e15), new Date('nonsense')],
  scopes: [[''], ['A'], [`${MARK} `], ['a'.repeat(65)], ['a\0'], ['\ud800'], Array(10_000).fill('a').map((a, n) => a + n)],
  ips: [[''], [MARK], ['10.0.0.0/33'], ['::1/129'], ['1.2.3'], ['1.2.3.4\0'], ['\ud800'], Array(10_000).fill('10.0.0.1').map((_, n) => `10.1.${n >> 8}.${n & 255}`)],
  metadata: [{ '': 'a' }, { a: 'x'.repeat(1 << 20) }, { ['x'.repeat(1 << 20)]: 'a' }, { a: '\ud800' }, { '\ud800': 'a' }].concat([
    Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`k${n}`, 'v'])),
  ]),
  limits: [
    { name: '', unit: 'requests', capacity: 1, windowSeconds: 1 },
    { name: 'a', unit: MARK, capacity: 1 },
    { name: 'a', unit: 'requests', capacity: -1 },
    { name: 'a', unit: 'requests', capacity: NaN },
    { name: 'a', unit: 'requests', capacity: 1.5 },
    { name: 'a', unit: 'requests', capacity: 1, windowSeconds: -1 },
    { name: 'a', unit: 'requests', capacity: 1, windowSeconds: 2 ** 32 },
    { name: 'a', unit: 'requests', capacity: 1, windowSeconds: 0 },
    { name: 'a', unit: 'credits', capacity: 1, refillAmount: 1 },
  ].map((limit) => [limit]),
}

const past = new Date(0)
const REQUEST = { method: 'GET', target: '/', headers: [] }

/**
 * Each function with one argument left open: what it takes, how it is called, and values of the right type and the wrong
 * form. `wrongForm` may be absent where every well-formed value is a possible one.
 */
const FUNCTIONS = [
  ['create name', 'text', (k, x) => k.create(x), WRONG_FORMS.name],
  ['create options', 'options', (k, x) => k.create('a', x)],
  ['create project', 'text', (k, project) => k.create('a', { project }), ['', MARK, '\ud800', '\0']],
  ['create owner', 'text', (k, owner) => k.create('a', { owner }), ['', ' ', 'x'.repeat(1 << 20), '\ud800', 'a\0']],
  ['create scopes', 'texts', (k, scopes) => k.create('a', { scopes }), WRONG_FORMS.scopes],
  ['create expiresIn', 'number', (k, expiresIn) => k.create('a', { expiresIn }), [...WRONG_FORMS.span, 0]],
  ['create expiresAt', 'date', (k, expiresAt) => k.create('a', { expiresAt }), [...WRONG_FORMS.date, past]],
  ['create allowedIps', 'texts', (k, allowedIps) => k.create('a', { allowedIps }), WRONG_FORMS.ips],
  ['create metadata', 'pairs', (k, metadata) => k.create('a', { metadata }), WRONG_FORMS.metadata],
  ['create class', 'text', (k, x) => k.create('a', { class: x }), ['', MARK, 'admin', 'LIVE']],
  ['create rateLimit', 'text', (k, rateLimit) => k.create('a', { rateLimit }), ['', MARK, '0/60s', '1/0s', '-1/60s', '1']],
  ['create credits', 'number', (k, credits) => k.create('a', { credits }), WRONG_FORMS.count],
  ['create limits', 'limits', (k, limits) => k.create('a', { limits }), WRONG_FORMS.limits],
  ['create idempotencyKey', 'text', (k, idempotencyKey) => k.create('a', { idempotencyKey }), ['', 'x'.repeat(256), '\ud800']],
  ['create both expiries', 'date', (k, expiresAt) => k.create('a', { expiresAt, expiresIn: 5 }), [new Date(4e12)]],
  ['get', 'text', (k, x) => k.get(x), WRONG_FORMS.id],
  ['get options', 'options', (k, x) => k.get('key_000000000000000000000000', x)],
  ['list options', 'options', (k, x) => k.list(x)],
  ['list project', 'text', (k, project) => k.list({ project }), ['', MARK, '\ud800']],
  ['list owner', 'text', (k, owner) => k.list({ owner }), ['', '\0', '\ud800']],
  ['list status', 'text', (k, status) => k.list({ status }), ['', MARK]],
  ['list search', 'text', (k, search) => k.list({ search }), ['x'.repeat(1 << 20), '\ud800']],
  ['list includeRevoked', 'flag', (k, includeRevoked) => k.list({ includeRevoked })],
  ['list after', 'text', (k, after) => k.list({ after }), WRONG_FORMS.id],
  ['list limit', 'number', (k, limit) => k.list({ limit }), [...WRONG_FORMS.count, 0, 1001, 2 ** 32]],
  ['update id', 'text', (k, x) => k.update(x, { name: 'a' }), WRONG_FORMS.id],
  ['update changes', 'options', (k, x, id) => k.update(id, x)],
  ['update without changes', 'options', (k, _, id) => k.update(id, undefined)],
  ['update name', 'text', (k, name, id) => k.update(id, { name }), WRONG_FORMS.name],
  ['update null name', 'text', (k, _, id) => k.update(id, { name: null })],
  ['update metadata', 'pairs', (k, metadata, id) => k.update(id, { metadata }), WRONG_FORMS.metadata],
  ['update null metadata', 'pairs', (k, _, id) => k.update(id, { metadata: null })],
  ['update scopes', 'texts', (k, scopes, id) => k.update(id, { scopes }), WRONG_FORMS.scopes],
  ['update allowedIps', 'texts', (k, allowedIps, id) => k.update(id, { allowedIps }), WRONG_FORMS.ips],
  ['update expiresAt', 'date', (k, expiresAt, id) => k.update(id, { expiresAt }), WRONG_FORMS.date],
  ['update limits', 'limits', (k, limits, id) => k.update(id, { limits }), WRONG_FORMS.limits],
  ['update null limits', 'limits', (k, _, id) => k.update(id, { limits: null })],
  ['rotate', 'text', (k, x) => k.rotate(x), WRONG_FORMS.id],
  ['rotate options', 'options', (k, x, id) => k.rotate(id, x)],
  ['rotate overlap', 'number', (k, overlap, id) => k.rotate(id, { overlap }), [...WRONG_FORMS.span, 367 * 86400]],
  ['finishRotation', 'text', (k, x) => k.finishRotation(x), WRONG_FORMS.id],
  ['cancelRotation', 'text', (k, x) => k.cancelRotation(x), WRONG_FORMS.id],
  ['disable', 'text', (k, x) => k.disable(x), WRONG_FORMS.id],
  ['enable', 'text', (k, x) => k.enable(x), WRONG_FORMS.id],
  ['revoke', 'text', (k, x) => k.revoke(x), WRONG_FORMS.id],
  ['revoke options', 'options', (k, x, id) => k.revoke(id, x)],
  ['revoke reason', 'text', (k, reason, id) => k.revoke(id, { reason }), ['', MARK, 'KEY_COMPROMISE']],
  ['revokeAll', 'text', (k, x) => k.revokeAll(x), ['', ' ', '\0', '\ud800', 'x'.repeat(1 << 20)]],
  ['revokeAll reason', 'text', (k, reason) => k.revokeAll('cust_1', { reason }), ['', MARK]],
  ['usage', 'text', (k, x) => k.usage(x), WRONG_FORMS.id],
  ['usage options', 'options', (k, x, id) => k.usage(id, x)],
  ['usage days', 'number', (k, days, id) => k.usage(id, { days }), [...WRONG_FORMS.count, 0, 91]],
  ['verify', 'secret', (k, x) => k.verify(x)],
  ['verify options', 'options', (k, x) => k.verify('abc', x)],
  ['verify scopes', 'texts', (k, scopes) => k.verify('abc', { scopes }), WRONG_FORMS.scopes],
  ['verify ip', 'text', (k, ip) => k.verify('abc', { ip }), ['', MARK, '1.2.3', '10.0.0.0/8', '\ud800', '\0', 'x'.repeat(1 << 20)]],
  ['verify cost', 'number', (k, cost) => k.verify('abc', { cost }), WRONG_FORMS.count],
  ['verifySync', 'secret', (k, x) => k.verifySync(x)],
  ['verifySync options', 'options', (k, x) => k.verifySync('abc', x)],
  ['verifySync scopes', 'texts', (k, scopes) => k.verifySync('abc', { scopes }), WRONG_FORMS.scopes],
  ['verifySync ip', 'text', (k, ip) => k.verifySync('abc', { ip }), ['', MARK, '1.2.3', '\ud800']],
  ['verifySync cost', 'number', (k, cost) => k.verifySync('abc', { cost }), WRONG_FORMS.count],
  ['authorize method', 'text', (k, method) => k.authorize({ method, target: '/', headers: [] }), ['\ud800']],
  ['authorize target', 'text', (k, target) => k.authorize({ method: 'GET', target, headers: [] }), ['\ud800']],
  ['authorize peer', 'text', (k, peer) => k.authorize({ method: 'GET', target: '/', headers: [], peer }), ['\ud800']],
  ['authorize options', 'options', (k, x) => k.authorize(REQUEST, x)],
  ['authorize scopes', 'texts', (k, scopes) => k.authorize(REQUEST, { scopes }), WRONG_FORMS.scopes],
  ['authorize cost', 'number', (k, cost) => k.authorize(REQUEST, { cost }), WRONG_FORMS.count],
  ['authorize policy', 'options', (k, policy) => k.authorize(REQUEST, { policy: policy ?? {} })],
  ['policy options', 'options', async (_, x) => new keywright.HttpPolicy(x)],
  ['policy header', 'text', async (_, header) => new keywright.HttpPolicy({ header }), ['', MARK.repeat(10), 'cookie', 'a b', '\ud800']],
  ['policy trustedProxies', 'texts', async (_, trustedProxies) => new keywright.HttpPolicy({ trustedProxies }), [[''], [MARK], ['10.0.0.0/33']]],
  ['policy errorForm', 'text', async (_, errorForm) => new keywright.HttpPolicy({ errorForm }), ['', MARK]],
  ['keysPage owner', 'text', (k, owner) => k.keysPage(owner, REQUEST), ['\ud800']],
  ['keysPage options', 'options', (k, x) => k.keysPage('a', REQUEST, x)],
  ['keysPage page', 'options', (k, page) => k.keysPage('a', REQUEST, { page: page ?? {} })],
  ['page options', 'options', async (_, x) => new keywright.KeysPage(x)],
  ['page title', 'text', async (_, title) => new keywright.KeysPage({ title }), ['', MARK.repeat(100), '\ud800']],
  ['page language', 'text', async (_, language) => new keywright.KeysPage({ language }), ['', 'xx']],
  ['page accent', 'text', async (_, accent) => new keywright.KeysPage({ accent }), ['', 'red', '#12', '#000;}']],
  ['page variables', 'pairs', async (_, variables) => new keywright.KeysPage({ variables }), [{ color: 'red' }, { '--kw-x': 'a;b' }, { '--kw-x': 'url(x)' }]],
  ['page pageSize', 'number', async (_, pageSize) => new keywright.KeysPage({ pageSize }), [0, 201, -1, 1.5, NaN]],
  ['page rateLimit', 'text', async (_, rateLimit) => new keywright.KeysPage({ rateLimit }), ['']],
  ['identify', 'secret', (k, x) => k.identify(x)],
  ['identify options', 'options', (k, x) => k.identify('abc', x)],
  ['importKeys', 'records', (k, records) => k.importKeys(records)],
  ['importKeys options', 'options', (k, x) => k.importKeys([], x)],
  ['exportKeys', 'options', (k, x) => k.exportKeys(x)],
  ['audit', 'options', (k, x) => k.audit(x)],
  ['audit objectId', 'text', (k, objectId) => k.audit({ objectId }), WRONG_FORMS.text],
  ['audit project', 'text', (k, project) => k.audit({ project }), ['', MARK, '\ud800']],
  ['audit eventTypes', 'texts', (k, eventTypes) => k.audit({ eventTypes }), [[''], [MARK]]],
  ['audit actor', 'text', (k, actor) => k.audit({ actor }), WRONG_FORMS.text],
  ['audit since', 'date', (k, since) => k.audit({ since }), WRONG_FORMS.date],
  ['audit after', 'number', (k, after) => k.audit({ after }), WRONG_FORMS.count],
  ['audit limit', 'number', (k, limit) => k.audit({ limit }), [...WRONG_FORMS.count, 0, 1001]],
  ['verifyAudit', 'options', (k, x) => k.verifyAudit(x)],
  ['flush', 'options', (k, x) => k.flush(x)],
  ['actingAs', 'text', (k, x) => k.actingAs(x), WRONG_FORMS.name],
  ['actingAs options', 'options', (k, x) => k.actingAs('a', x)],
  ['actingAs ip', 'text', (k, ip) => k.actingAs('a', { ip }), ['', MARK, '10.0.0.0/8', '\ud800']],
  ['projects.create', 'text', (k, x) => k.projects.create(x), [...WRONG_FORMS.name, 'proj_000000000000000000000000']],
  ['projects.create options', 'options', (k, x) => k.projects.create('a', x)],
  ['projects.create lifetime', 'number', (k, defaultLifetime) => k.projects.create('a', { defaultLifetime }), [...WRONG_FORMS.span, 0]],
  ['projects.create maximum', 'number', (k, maxLifetime) => k.projects.create('a', { maxLifetime }), [...WRONG_FORMS.span, 0]],
  ['projects.get', 'text', (k, x) => k.projects.get(x), ['', MARK, '\0', '\ud800', 'x'.repeat(1 << 20)]],
  ['projects.list', 'options', (k, x) => k.projects.list(x)],
  ['projects.list includeArchived', 'flag', (k, includeArchived) => k.projects.list({ includeArchived })],
  ['projects.archive', 'text', (k, x) => k.projects.archive(x), ['', MARK, '\0', '\ud800', 'x'.repeat(1 << 20)]],
  ['serviceAccounts.create', 'text', (k, x) => k.serviceAccounts.create(x), WRONG_FORMS.name],
  ['serviceAccounts.create project', 'text', (k, project) => k.serviceAccounts.create('a', { project }), ['', MARK]],
  ['serviceAccounts.list project', 'text', (k, project) => k.serviceAccounts.list({ project }), ['', MARK]],
  ['serviceAccounts.list', 'options', (k, x) => k.serviceAccounts.list(x)],
  ['serviceAccounts.delete', 'text', (k, x) => k.serviceAccounts.delete(x), WRONG_FORMS.id],
  ['users.create', 'text', (k, x) => k.users.create(x), WRONG_FORMS.name],
  ['users.create options', 'options', (k, x) => k.users.create('a', x)],
  ['users.list', 'options', (k, x) => k.users.list(x)],
  ['users.delete', 'text', (k, x) => k.users.delete(x), WRONG_FORMS.id],
  ['adminKeys.create', 'text', (k, x) => k.adminKeys.create(x), WRONG_FORMS.name],
  ['adminKeys.create options', 'options', (k, x) => k.adminKeys.create('a', x)],
  ['adminKeys.create expiresIn', 'number', (k, expiresIn) => k.adminKeys.create('a', { expiresIn }), [...WRONG_FORMS.span, 0]],
  ['adminKeys.create expiresAt', 'date', (k, expiresAt) => k.adminKeys.create('a', { expiresAt }), [...WRONG_FORMS.date, past]],
  ['adminKeys.get', 'text', (k, x) => k.adminKeys.get(x), WRONG_FORMS.id],
  ['adminKeys.list', 'options', (k, x) => k.adminKeys.list(x)],
  ['adminKeys.list limit', 'number', (k, limit) => k.adminKeys.list({ limit }), [...WRONG_FORMS.count, 0, 1001]],
  ['adminKeys.revoke', 'text', (k, x) => k.adminKeys.revoke(x), WRONG_FORMS.id],
  ['adminKeys.revoke reason', 'text', (k, reason) => k.adminKeys.revoke('key_000000000000000000000000', { reason }), ['', MARK]],
  ['adminKeys.verify', 'secret', (k, x) => k.adminKeys.verify(x)],
  ['adminKeys.verify options', 'options', (k, x) => k.adminKeys.verify('abc', x)],
  ['open store', 'text', (_, x) => KeyManager.open(x), ['', 'sqlite:', 'a\0b', '\ud800']],
  ['open options', 'options', (_, x) => KeyManager.open('memory:', x)],
  ['open pepper', 'text', (_, pepper) => KeyManager.open('memory:', { pepper }), ['', MARK, '0'.repeat(63), '\ud800']],
  ['open pepperFile', 'text', (_, pepperFile) => KeyManager.open('memory:', { pepperFile }), ['', '\0', '/nonexistent', '\ud800']],
  ['open brand', 'text', (_, brand) => KeyManager.open('memory:', { brand }), ['', 'A', 'x'.repeat(11), '1a', '\ud800']],
  ['open acceptedClasses', 'texts', (_, acceptedClasses) => KeyManager.open('memory:', { acceptedClasses }), [[], [MARK]]],
  ['open mustExist', 'flag', (_, mustExist) => KeyManager.open('memory:', { mustExist })],
  ['open actor', 'text', (_, actor) => KeyManager.open('memory:', { actor }), ['', '\0', '\ud800']],
  ['open log', 'function', (_, log) => KeyManager.open('memory:', { log })],
]

/** Errors that a value of the right type may lead to. */
const DOCUMENTED = new Set(['invalid_argument', 'not_found', 'wrong_pepper', 'invalid_state'])

/** Everything that the store holds. */
async function everything(keys) {
  const lines = []
  for await (const line of keys.exportKeys()) lines.push(line)
  return lines
}

for (const [name, kind, call, wrongForms = []] of FUNCTIONS) {
  test(name, async (t) => {
    const { keys } = await open(t)
    const { key } = await keys.create('there')
    const before = await everything(keys)
    for (const value of WRONG_TYPES[kind]) {
      await assert.rejects(async () => call(keys, value, key.id), (error) => {
        assert.ok(error instanceof TypeError, `${inspect(value)}: ${inspect(error)}`)
        assert.ok(!error.message.includes(MARK), `repeats ${inspect(value)}`)
        assert.match(error.code, /^ERR_INVALID_ARG_(TYPE|VALUE)$/)
        return true
      })
    }
    for (const value of wrongForms) {
      const shown = inspect(value, { maxStringLength: 60, maxArrayLength: 3 })
      await assert.rejects(async () => call(keys, value, key.id), (error) => {
        assert.ok(error instanceof KeywrightError, `${shown}: ${inspect(error)}`)
        assert.ok(DOCUMENTED.has(error.code), `${shown}: ${inspect(error)}`)
        assert.ok(!inspect(error).includes(MARK), `repeats ${shown}`)
        return true
      })
    }
    const after = await everything(keys)
    const changes = (lines) => lines.filter((line) => !line.includes('"object":"audit_event"'))
    assert.deepEqual(changes(after), changes(before), 'nothing has changed')
    assert.equal(await keys.verifyAudit(), null)
  })
}

test('any secret that is presented is a result and not an error', async (t) => {
  const { keys } = await open(t)
  const presented = ['', '\0', '\ud800', `\udfff${MARK}`, 'x'.repeat(1 << 20), '\u{10ffff}', 'é'.repeat(40), 'a b', 'kw_live_kw1']
  const bytes = [new Uint8Array(), new Uint8Array(1 << 20), Buffer.from([0xff, 0xfe]), Buffer.alloc(77, 0x5f)]
  for (const secret of [...presented, ...bytes]) {
    assert.equal((await keys.verify(secret)).code, 'malformed')
    assert.equal(keys.verifySync(secret).code, 'malformed')
    assert.equal((await keys.adminKeys.verify(secret)).code, 'malformed')
    assert.equal(await keys.identify(secret), null)
  }
})

test('a record that is no good is refused by itself, and told by its place', async (t) => {
  const { keys } = await open(t)
  const bad = (fields) => ({ name: 'a', secret: 'abcd', ...fields })
  const records = [
    {},
    { secret: 'abcd' },
    ...[...WRONG_TYPES.text.filter((it) => !(it instanceof Uint8Array)), ...WRONG_FORMS.text].flatMap((it) => [
      bad({ name: it }),
      bad({ secret: it }),
      bad({ hashKey: it }),
      bad({ class: it }),
    ]),
    bad({ class: MARK }),
    bad({ class: 'admin' }),
    ...[...WRONG_TYPES.date.filter((it) => typeof it !== 'number'), ...WRONG_FORMS.date, -1, 1.5].map((expiresAt) => bad({ expiresAt })),
    ...WRONG_TYPES.pairs.map((metadata) => bad({ metadata })),
    ...[...WRONG_TYPES.limits, ...WRONG_FORMS.limits].map((limits) => bad({ limits })),
    bad({ [MARK]: MARK }),
    bad({ hash: MARK }),
  ]
  const before = await everything(keys)
  const report = await keys.importKeys(records)
  assert.deepEqual(report.imported, [])
  assert.deepEqual(report.refused.map(({ index }) => index), records.map((_, index) => index))
  for (const { code, message } of report.refused) {
    assert.equal(code, 'invalid_argument')
    assert.ok(!message.includes(MARK), message)
  }
  const changes = (lines) => lines.filter((line) => !line.includes('"object":"audit_event"'))
  assert.deepEqual(changes(await everything(keys)), changes(before), 'nothing has changed')

  const around = [bad({ secret: 'first' }), bad({ class: MARK }), bad({ secret: '' }), bad({ name: 3 }), bad({ secret: 'last' })]
  const mixed = await keys.importKeys(around)
  assert.equal(mixed.imported.length, 2)
  assert.deepEqual(mixed.refused.map(({ index }) => index), [1, 2, 3])
})

test('records are read some at a time, from whatever gives them', async (t) => {
  const { keys } = await open(t)
  function* records() {
    for (let n = 0; n < 1200; n += 1) yield { name: `key ${n}`, secret: `old secret ${n >> 1}` }
  }
  const report = await keys.importKeys(records())
  assert.equal(report.imported.length, 600)
  assert.deepEqual(report.refused.map(({ index }) => index), Array.from({ length: 600 }, (_, n) => 2 * n + 1))
  assert.deepEqual(new Set(report.refused.map(({ code }) => code)), new Set(['already_exists']))
})

test('no object of the package is made by hand', () => {
  for (const name of ['KeyManager', 'Secret', 'ApiKey', 'Created', 'Verification']) {
    assert.throws(() => new keywright[name](), TypeError, name)
    assert.throws(() => new keywright[name]({}), TypeError, name)
  }
})

test('methods without their object are a TypeError', async (t) => {
  const { keys } = await open(t)
  for (const name of ['create', 'get', 'verify', 'revoke', 'rotate', 'importKeys']) {
    await assert.rejects(async () => keys[name].call({}, 'abc', { name: 'a' }), TypeError, name)
  }
  assert.throws(() => keys.verifySync.call({}, 'abc'), TypeError)
})

test('options are read once, and errors of the caller\'s own getters stay theirs', async (t) => {
  const { keys } = await open(t)
  let reads = 0
  const sly = { get scopes() { return ++reads === 1 ? ['read'] : 'everything' } }
  assert.deepEqual((await keys.create('a', sly)).key.scopes, ['read'])
  assert.equal(reads, 1)
  const own = new RangeError('mine')
  await assert.rejects(keys.create('b', { get scopes() { throw own } }), (error) => error === own)
  const inherited = Object.create({ scopes: ['read'] })
  assert.deepEqual((await keys.create('c', inherited)).key.scopes, ['read'], 'inherited options count')
})

test('what is not found is told without the id', async (t) => {
  const { keys } = await open(t)
  await assert.rejects(keys.get('key_000000000000000000000000'), NotFoundError)
  await assert.rejects(keys.get('KEY_000000000000000000000000'), InvalidArgumentError)
})
