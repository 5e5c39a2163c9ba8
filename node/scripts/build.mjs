// `package` builds what is published: the native part and the JavaScript. `tests` builds the native part with what only
// tests need, outside of the package. `js` builds the JavaScript alone.

import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { declarations } from './declarations.mjs'

const home = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

function cargo(args, env = {}) {
  const stdio = ['ignore', 'pipe', 'inherit']
  const options = { cwd: home, env: { ...process.env, ...env }, stdio, encoding: 'utf8', maxBuffer: 1 << 28 }
  const { error, status, stdout } = spawnSync('cargo', args, options)
  if (error) throw error
  // Cargo has said why.
  if (status !== 0) process.exit(status ?? 1)
  return stdout
}

function target() {
  return JSON.parse(cargo(['metadata', '--no-deps', '--format-version', '1'])).target_directory
}

/** Compiles the native part; gives the library's path. */
function compile(args, env) {
  const told = cargo(['build', '--package', 'keywright-node', '--message-format', 'json-render-diagnostics', ...args], env)
  for (const line of told.split('\n').filter(Boolean)) {
    const { reason, target, filenames } = JSON.parse(line)
    if (reason !== 'compiler-artifact' || target.name !== 'keywright_node') continue
    const library = filenames.find((name) => /\.(so|dylib|dll)$/.test(name))
    if (library !== undefined) return library
  }
  throw new Error('cargo built no library')
}

/** Puts it where Node finds it, in one step: another process may have the old one loaded. */
function place(library, folder) {
  const { platform } = require('../dist/platform.js')
  const file = join(folder, `keywright.${platform()}.node`)
  mkdirSync(folder, { recursive: true })
  copyFileSync(library, `${file}.new`)
  renameSync(`${file}.new`, file)
}

function javascript() {
  rmSync(join(home, 'dist'), { recursive: true, force: true })
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
  execFileSync(process.execPath, [tsc], { cwd: home, stdio: 'inherit' })
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(home, '..', licence), join(home, licence))
}

const what = process.argv[2] ?? 'package'
switch (what) {
  case 'package': {
    // napi-derive notes there what it declares, whenever it is compiled.
    const notes = join(target(), 'node-declarations')
    mkdirSync(notes, { recursive: true })
    const library = compile(['--release'], { NAPI_TYPE_DEF_TMP_FOLDER: notes })
    writeFileSync(join(home, 'native', 'index.d.cts'), declarations(readFileSync(join(notes, 'keywright-node'), 'utf8')))
    javascript()
    place(library, join(home, 'native'))
    break
  }
  case 'tests':
    place(compile(['--features', 'test-support']), join(target(), 'node-test-support'))
    break
  case 'js':
    javascript()
    break
  default:
    throw new Error(`there is no ${what} to build; there are package, tests and js`)
}
