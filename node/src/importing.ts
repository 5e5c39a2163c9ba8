/** Records of an import: each is read by itself, so that one that can't be read keeps no other from being taken over. */

import type { RecordInput, RefusedData, ReportData } from '../native/index.cjs'
import { type Check, type Checks, date, fields, limits, needed, pairs, plain, text, texts, wrongType } from './check.js'
import { InvalidArgumentError } from './errors.js'
import { secretBytes, secretText } from './secret.js'

/** A `Date`, or Unix seconds as they stand in files; as Unix milliseconds. */
const moment: Check<number> = (value, what) => (typeof value === 'number' ? 1000 * value : date(value, what))

/** So many are taken over at once: between them other calls have their turn. */
const AT_ONCE = 500

const recordChecks = {
  name: text,
  secret: secretBytes,
  hashFormat: text,
  hash: text,
  hashKey: secretBytes,
  hashKeyHex: secretText,
  prefix: text,
  redactedValue: text,
  project: text,
  owner: text,
  class: text,
  scopes: texts,
  expiresAt: moment,
  allowedIps: texts,
  metadata: pairs,
  limits,
} satisfies Checks

/** Takes records over, some at a time, with what takes one batch over; gives what came of all of them. */
export async function takeOver(
  records: unknown,
  batch: (records: RecordInput[]) => Promise<ReportData>,
): Promise<ReportData> {
  const report: ReportData = { imported: [], refused: [] }
  let read: Batch = { records: [], places: [] }
  const settle = async (): Promise<void> => {
    const { places } = read
    const { imported, refused } = await batch(read.records)
    report.imported.push(...imported)
    report.refused.push(...refused.map((it) => ({ ...it, index: places[it.index] ?? it.index })))
    read = { records: [], places: [] }
  }
  let index = 0
  for (const given of iterable(records)) {
    const record = plain(given, 'each of records')
    try {
      const { name, ...rest } = fields(inOurWords(record), 'a record', recordChecks)
      read.records.push({ name: needed(name, 'name', text), ...rest })
      read.places.push(index)
    } catch (error) {
      report.refused.push(refusal(index, error))
    }
    index += 1
    if (read.records.length === AT_ONCE) await settle()
  }
  await settle()
  report.refused.sort((one, other) => one.index - other.index)
  return report
}

/** A line of a file has other names (`hash_format`), and so have its limits. */
function inOurWords(line: Record<string, unknown>): Record<string, unknown> {
  const record = camelNames(line)
  const { limits } = record
  return Array.isArray(limits) ? { ...record, limits: limits.map((limit) => camelNames(plain(limit, 'each of limits'))) } : record
}

function camelNames(object: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(object)
  if (!entries.some(([name]) => name.includes('_'))) return object
  const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(entries.map(([name, value]) => [camel(name), value]))
}

/** Records that could be read, and which of all records each is. */
interface Batch {
  readonly records: RecordInput[]
  readonly places: number[]
}

function iterable(records: unknown): Iterable<unknown> {
  if (typeof records !== 'object' || records === null || !(Symbol.iterator in records)) {
    throw wrongType('records', 'an array or another iterable of records', records)
  }
  return records as Iterable<unknown>
}

/** Why a record can't be read. Only what is wrong with the record is told so: errors of the caller's getters stay theirs. */
function refusal(index: number, error: unknown): RefusedData {
  const wrong = error instanceof InvalidArgumentError || (error instanceof TypeError && 'code' in error)
  if (!wrong) throw error
  return { index, code: 'invalid_argument', message: error.message }
}
