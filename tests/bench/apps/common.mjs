// What the Node apps share: folder and port, keywright's two keys, and the line that tells of them.

import { timingSafeEqual } from 'node:crypto'
import { KeyManager } from 'keywright'

export const [folder, port] = [process.argv[2], Number(process.argv[3])]
export const OWN = 'a-constant-of-the-app-that-is-as-long-as-a-key-0123456789'
export const scopes = ['hello.read']
export const keys = await KeyManager.open(`${folder}/keywright.db`)

const expected = Buffer.from(`Bearer ${OWN}`)

/** The least that guards a route: a constant, compared in constant time. */
export function isOwn(header = '') {
  const given = Buffer.from(header)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Say which `Authorization` goes with which kind of key. */
export async function tell(others = {}) {
  const elsewhere = await KeyManager.open('memory:')
  const [good, unknown] = [await keys.create('world', { scopes }), await elsewhere.create('world', { scopes })]
  const told = { own: `Bearer ${OWN}`, keywright: `Bearer ${good.secret.reveal()}`, unknown: `Bearer ${unknown.secret.reveal()}` }
  console.log('KEYS', JSON.stringify({ ...told, ...others }))
}
