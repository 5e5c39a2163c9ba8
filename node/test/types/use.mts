// How a user of TypeScript sees the package: what compiles here compiles there, and what must not does not.

import {
  type ApiKey,
  type AuditEvent,
  Created,
  KeyManager,
  KeywrightError,
  type LogRecord,
  NotFoundError,
  type Page,
  Secret,
  type Verification,
  type VerifyCode,
} from 'keywright'

/** Fails to compile unless the two types are the same. */
function same<A, B>(..._: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]): void {}

export async function use(signal: AbortSignal): Promise<void> {
  const keys = await KeyManager.open('keywright.db', {
    brand: 'acme',
    acceptedClasses: ['live', 'test'],
    log: (record) => same<typeof record, LogRecord>(),
    signal,
  })
  await KeyManager.open()

  const made = await keys.create('a', {
    scopes: ['read'],
    expiresAt: new Date(),
    metadata: { team: 'x' },
    limits: [{ name: 'l', unit: 'requests', capacity: 1, windowSeconds: 60 }],
    owner: undefined,
  })
  same<typeof made, Created>()
  same<typeof made.key, ApiKey>()
  same<typeof made.key.expiresAt, Date | null>()
  same<typeof made.key.status, 'active' | 'disabled' | 'expired' | 'revoked'>()
  same<typeof made.key.scopes, readonly string[] | null>()
  same<ReturnType<Secret['reveal']>, string>()
  await keys.create('b', { limits: made.key.limits, scopes: made.key.scopes, metadata: made.key.metadata })

  const answer = await keys.verify(made.secret, { scopes: ['read'], ip: '::1', cost: 2, signal })
  same<typeof answer, Verification>()
  same<typeof answer.code, VerifyCode>()
  same<typeof answer.retryAfterMs, number | null>()
  same<ReturnType<KeyManager['verifySync']>, Verification>()
  keys.verifySync(new Uint8Array())

  same<Awaited<ReturnType<KeyManager['list']>>, Page<ApiKey>>()
  for await (const key of keys.list({ status: 'active' })) same<typeof key, ApiKey>()
  for await (const key of await keys.list()) same<typeof key, ApiKey>()
  for await (const event of keys.audit()) same<typeof event, AuditEvent>()
  for await (const line of keys.exportKeys({ signal })) same<typeof line, string>()
  same<Awaited<ReturnType<KeyManager['identify']>>, ApiKey | null>()
  same<Awaited<ReturnType<KeyManager['revokeAll']>>, number>()
  await keys.importKeys(new Set([{ name: 'a', secret: made.secret }]))
  await keys.update('id', { scopes: null, expiresAt: null })

  try {
    await keys.get('id')
  } catch (error) {
    if (error instanceof NotFoundError) same<typeof error.code, 'not_found'>()
    if (error instanceof KeywrightError) {
      same<typeof error.hint, string | null>()
      // @ts-expect-error there is no such code
      if (error.code === 'not_there') return
    }
  }

  await using other = await KeyManager.open('memory:')
  using secret = (await other.create('c')).secret
  secret.reveal()

  // @ts-expect-error managers are made by open()
  new KeyManager()
  // @ts-expect-error secrets are made by create() and rotate()
  new Secret('text')
  // @ts-expect-error what is told can't be changed
  made.key.name = 'b'
  // @ts-expect-error what is told can't be changed
  made.key.versions.push(made.key.versions[0])
  // @ts-expect-error a misspelt option
  await keys.create('a', { scope: ['read'] })
  // @ts-expect-error admin keys are not made here
  await keys.create('a', { class: 'admin' })
  // @ts-expect-error seconds, not a Date
  await keys.create('a', { expiresIn: new Date() })
  // @ts-expect-error a Date, not seconds
  await keys.create('a', { expiresAt: 1_900_000_000 })
  // @ts-expect-error the name is missing
  await keys.create()
  // @ts-expect-error a name stays a name
  await keys.update('id', { name: null })
  // @ts-expect-error no such reason
  await keys.revoke('id', { reason: 'boredom' })
  // @ts-expect-error numbers are no secrets
  await keys.verify(1)
  // @ts-expect-error it can't be given up
  keys.verifySync('abc', { signal })
  // @ts-expect-error a record needs a name
  await keys.importKeys([{ secret: 'abcd' }])
  // @ts-expect-error not for users
  KeyManager.on(keys)
  await keys.close()
}
