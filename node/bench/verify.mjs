// What verify costs from Node: a random key among many, beside its floor in the same run.
//
//   node bench/verify.mjs [KEYS]          (1,000,000, or what KEYWRIGHT_BENCH_KEYS says, if absent)
//
// Uses the store that `cargo bench -p keywright` fills, in target/bench; fills it if it isn't there.

import { execFileSync } from 'node:child_process'
import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KeyManager } from 'keywright'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const count = Number(process.argv[2] ?? process.env.KEYWRIGHT_BENCH_KEYS ?? 1_000_000)
const here = dirname(fileURLToPath(import.meta.url))
const metadata = execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], { cwd: here, maxBuffer: 1 << 26 })
const folder = join(JSON.parse(metadata).target_directory, 'bench')

/** A string of a key's form that depends on its number alone. */
function secretOf(number, salt) {
  const bytes = createHash('sha512').update(`${salt} ${number}`).digest()
  const letters = Array.from(bytes.subarray(0, 59), (byte) => BASE62[byte % 62]).join('')
  const body = `kw_live_kw1${letters.slice(0, 16)}_${letters.slice(16)}`
  let rest = crc32(body)
  let check = ''
  for (let n = 0; n < 6; n++, rest = Math.floor(rest / 62)) check = BASE62[rest % 62] + check
  return body + check
}

function crc32(text) {
  let crc = ~0
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** The store with so many keys, and their secrets. */
async function prepared() {
  const store = join(folder, `keys-${count}.db`)
  const list = join(folder, `keys-${count}.secrets`)
  if (existsSync(store) && existsSync(list)) return { store, secrets: readFileSync(list, 'utf8').split('\n') }
  console.error(`filling ${store} with ${count} keys …`)
  mkdirSync(folder, { recursive: true })
  for (const suffix of ['', '-wal', '-shm', '.pepper', '.revocations']) rmSync(store + suffix, { force: true })
  const secrets = Array.from({ length: count }, (_, number) => secretOf(number, 'known'))
  const keys = await KeyManager.open(store)
  for (let at = 0; at < count; at += 10_000) {
    const records = secrets.slice(at, at + 10_000).map((secret) => ({ name: 'bench', secret }))
    const { refused } = await keys.importKeys(records)
    if (refused.length > 0) throw new Error(refused[0].message)
  }
  await keys.close()
  // Written last: its presence says that the store is whole.
  writeFileSync(list, secrets.join('\n'))
  return { store, secrets }
}

function row(what, { cpu, p50, p99 }) {
  console.log(`| ${what} | ${cpu.toFixed(2)} µs | ${p50.toFixed(2)} µs | ${p99.toFixed(2)} µs |`)
}

/** CPU time of this process for each, and how long each took. */
async function measure(what, picks, run) {
  const wait = run.constructor.name === 'AsyncFunction'
  for (const pick of picks.slice(0, 20_000)) wait ? await run(pick) : run(pick)
  const before = process.cpuUsage()
  for (const pick of picks) wait ? await run(pick) : run(pick)
  const { user, system } = process.cpuUsage(before)
  const took = new Float64Array(Math.min(picks.length, 50_000))
  for (let n = 0; n < took.length; n++) {
    const begin = process.hrtime.bigint()
    wait ? await run(picks[n]) : run(picks[n])
    took[n] = Number(process.hrtime.bigint() - begin) / 1000
  }
  took.sort()
  const at = (part) => took[Math.floor(part * took.length)]
  row(what, { cpu: (user + system) / picks.length, p50: at(0.5), p99: at(0.99) })
}

function picks(from, length) {
  const random = randomBytes(4 * length)
  return Array.from({ length }, (_, n) => from[random.readUInt32LE(4 * n) % from.length])
}

function expect(holds) {
  if (!holds) throw new Error('the answer is wrong')
}

const { store, secrets } = await prepared()
const known = picks(secrets, 200_000)
const unknown = picks(Array.from({ length: 10_000 }, (_, number) => secretOf(number, 'unknown')), 100_000)
console.log(`\n${count} keys, Node ${process.versions.node}, one thread, warm; CPU time per operation\n`)
console.log('| what | CPU per operation | wall p50 | wall p99 |\n|---|---|---|---|')

const hmacKey = createSecretKey(randomBytes(32))
const digest = (secret) => createHmac('sha256', hmacKey).update(secret).digest()
const sample = new Map(known.map((secret) => [secret.slice(11, 27), digest(secret)]))
await measure('floor: HMAC-SHA-256 (`crypto.createHmac`) and a look-up in a `Map`', known, (secret) => {
  expect(timingSafeEqual(sample.get(secret.slice(11, 27)), digest(secret)))
})

const keys = await KeyManager.open(store, { mustExist: true })
await measure('`verifySync`, a random valid key', known, (secret) => expect(keys.verifySync(secret).valid))
await measure('`await verify`, a random valid key', known, async (secret) => expect((await keys.verify(secret)).valid))
await measure('`verifySync`, and read `key`', known, (secret) => expect(keys.verifySync(secret).key.name === 'bench'))
await measure('`verifySync`, well-formed and unknown', unknown, (secret) => expect(!keys.verifySync(secret).valid))
await measure('`verifySync`, malformed', unknown, (secret) => expect(!keys.verifySync(secret.slice(1)).valid))
await keys.close()

const memory = await KeyManager.open('memory:')
const few = []
for (let n = 0; n < 1000; n++) few.push((await memory.create('bench')).secret.reveal())
await measure('`memory:`, `verifySync`, one of 1000 valid keys', picks(few, 200_000), (secret) => {
  expect(memory.verifySync(secret).valid)
})

const made = await KeyManager.open(join(folder, 'node-create.db'))
const names = Array.from({ length: 2000 }, (_, n) => `key ${n}`)
await measure('`await create`, one after the other, durable', names, async (name) => expect((await made.create(name)).key))
await made.close()
for (const suffix of ['', '-wal', '-shm', '.pepper', '.revocations']) {
  rmSync(join(folder, `node-create.db${suffix}`), { force: true })
}
