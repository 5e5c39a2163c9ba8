// The doors of the package: ESM and CommonJS give the same classes; what is missing is said clearly.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder, home, keywright, open } from './support.mjs'

const require = createRequire(import.meta.url)

test('import and require give the same classes', async (t) => {
  const imported = await import('keywright')
  const required = require('keywright')
  assert.equal(required, keywright)
  const names = Object.keys(required)
  assert.ok(names.length > 25)
  for (const name of names) assert.equal(imported[name], required[name], name)
  assert.deepEqual(Object.keys(imported).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).sort(), names.sort())

  const { keys } = await open(t)
  const error = await keys.get('nonsense').catch((error) => error)
  assert.ok(error instanceof imported.InvalidArgumentError && error instanceof required.KeywrightError)
})

test('nothing else can be reached', async () => {
  await assert.rejects(import('keywright/dist/manager.js'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
  assert.throws(() => require('keywright/dist/native.js'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
  assert.equal(require('keywright/package.json').name, 'keywright')
})

test('there is no script that runs at installation, and nothing to install', () => {
  const { scripts, dependencies } = require('keywright/package.json')
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) assert.equal(scripts[name], undefined)
  assert.equal(dependencies, undefined)
})

/** What a copy of the package without its native part says when it is loaded. */
function load(t, prepare) {
  const place = folder(t)
  for (const part of ['dist', 'package.json']) cpSync(join(home, part), join(place, part), { recursive: true })
  prepare(place)
  const program = `
    try { require('./dist/index.js') } catch ({ name, code, message, hint, cause }) {
      console.log(JSON.stringify({ name, code, message, hint, cause: cause.message }))
    }`
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: place, encoding: 'utf8' }))
}

test('where there is no native part the error says which, and what to do', (t) => {
  const error = load(t, () => {})
  assert.deepEqual([error.name, error.code], ['UnsupportedError', 'unsupported'])
  const name = /on (\S+)$/.exec(error.message)[1]
  assert.ok(name.startsWith(`${process.platform}-${process.arch}`))
  assert.ok(error.hint.includes(`keywright-${name}`))
})

test('a native part that can\'t be loaded is told from one that is missing', (t) => {
  const { message } = load(t, () => {})
  const name = /on (\S+)$/.exec(message)[1]
  const error = load(t, (place) => {
    mkdirSync(join(place, 'native'))
    writeFileSync(join(place, 'native', `keywright.${name}.node`), 'nonsense')
  })
  assert.equal(error.name, 'UnsupportedError')
  assert.doesNotMatch(error.cause, /Cannot find module/)
})

test('a package of the platform\'s own is found', (t) => {
  const { message } = load(t, () => {})
  const name = /on (\S+)$/.exec(message)[1]
  const error = load(t, (place) => {
    const own = join(place, 'node_modules', `keywright-${name}`)
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, 'index.js'), 'throw new Error("the platform\'s own")')
  })
  assert.match(error.cause, /the platform's own/)
})
