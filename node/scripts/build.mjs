// `package` builds what is published: the native part and the JavaScript. `tests` builds the native part with what only
// tests need, outside of the package. `js` builds the JavaScript alone.

import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const metadata = execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], { cwd: here, maxBuffer: 1 << 26 })
const target = JSON.parse(metadata).target_directory

/** Runs the program that a package brings. */
function run(name, ...args) {
  const file = require.resolve(`${name}/package.json`)
  const { bin } = require(file)
  const program = typeof bin === 'string' ? bin : Object.values(bin)[0]
  execFileSync(process.execPath, [join(dirname(file), program), ...args], { cwd: here, stdio: 'inherit' })
}

function napi(folder, ...args) {
  run(
    '@napi-rs/cli',
    'build',
    ...['--manifest-path', '../bindings/node/Cargo.toml', '--package-json-path', 'package.json', '--platform', '--no-js'],
    ...['--output-dir', relative(here, folder), '--dts', 'index.d.cts', ...args],
  )
}

const what = process.argv[2] ?? 'package'
switch (what) {
  case 'package':
    napi(join(here, 'native'), '--release')
    javascript()
    break
  case 'tests':
    napi(join(target, 'node-test-support'), '--features', 'test-support')
    break
  case 'js':
    javascript()
    break
  default:
    throw new Error(`there is no ${what} to build; there are package, tests and js`)
}

function javascript() {
  rmSync(join(here, 'dist'), { recursive: true, force: true })
  run('typescript')
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(here, '..', licence), join(here, licence))
}
