// Builds the package: the native part as it is published, the same with what the tests need, and the JavaScript.

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

const only = process.argv[2]
if (only === undefined || only === 'native') napi(join(here, 'native'), '--release')
if (only === undefined || only === 'tests') napi(join(target, 'node-test-support'), '--features', 'test-support')
if (only === undefined || only === 'js') {
  rmSync(join(here, 'dist'), { recursive: true, force: true })
  run('typescript')
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(here, '..', licence), join(here, licence))
}
