// The types through the other door.

import keywright = require('keywright')

export async function use(): Promise<string> {
  const keys: keywright.KeyManager = await keywright.KeyManager.open('memory:')
  const { key }: keywright.Created = await keys.create('a')
  // @ts-expect-error there is no such name
  keywright.KeyMaster
  return key.id
}
