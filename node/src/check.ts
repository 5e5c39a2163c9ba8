/**
 * Checks the types of arguments: a value of the wrong type is a `TypeError`, one of the right type and the wrong form
 * an `InvalidArgumentError`. No text repeats what was given, for it could be a secret.
 */

import type { LimitInput, Pair } from '../native/index.cjs'
import { types } from 'node:util'
import { InvalidArgumentError } from './errors.js'

/** Gives a value back in the form that the native part takes. */
export type Check<T> = (value: unknown, what: string) => T

/** The names of options, and what each must be. */
export type Checks = Readonly<Record<string, Check<unknown>>>

/** What comes of checked options. */
export type Checked<C extends Checks> = { -readonly [K in keyof C]?: ReturnType<C[K]> }

/** A `TypeError` that says what was expected. */
export function wrongType(what: string, expected: string, value: unknown): TypeError {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : KINDS[typeof value]
  const error = new TypeError(`${what} must be ${expected}, not ${kind}`)
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' })
}

const KINDS = {
  bigint: 'a bigint',
  boolean: 'a boolean',
  function: 'a function',
  number: 'a number',
  object: 'an object',
  string: 'a string',
  symbol: 'a symbol',
  undefined: 'undefined',
}

/** A well-formed text. */
export const text: Check<string> = (value, what) => {
  if (typeof value !== 'string') throw wrongType(what, 'a string', value)
  if (!value.isWellFormed()) {
    throw new InvalidArgumentError(`${what} is not well-formed Unicode`, { hint: 'it has half of a surrogate pair' })
  }
  return value
}

/** A list of texts. */
export const texts: Check<string[]> = (value, what) => {
  if (!Array.isArray(value)) throw wrongType(what, 'an array of strings', value)
  return Array.from(value as unknown[], (item) => text(item, `each of ${what}`))
}

/** A number; the native part looks whether it is whole and in range. */
export const number: Check<number> = (value, what) => {
  if (typeof value !== 'number') throw wrongType(what, 'a number', value)
  return value
}

/** Yes or no. */
export const flag: Check<boolean> = (value, what) => {
  if (typeof value !== 'boolean') throw wrongType(what, 'a boolean', value)
  return value
}

/** A `Date`, as Unix milliseconds. */
export const date: Check<number> = (value, what) => {
  if (!types.isDate(value)) throw wrongType(what, 'a Date', value)
  return Date.prototype.getTime.call(value)
}

/** A plain object of texts, as pairs. */
export const pairs: Check<Pair[]> = (value, what) => {
  const entries = Object.entries(plain(value, what))
  return entries.map(([name, item]) => ({ name: text(name, `each name in ${what}`), value: text(item, `each value in ${what}`) }))
}

const LIMIT = {
  name: text,
  unit: text,
  capacity: number,
  windowSeconds: number,
  refillAmount: number,
  refillSeconds: number,
  // Only told, never set: so that a key's limits can be given as they are.
  remaining: number,
} satisfies Checks

/** A list of limits. */
export const limits: Check<LimitInput[]> = (value, what) => {
  if (!Array.isArray(value)) throw wrongType(what, 'an array of limits', value)
  return Array.from(value as unknown[], (item) => {
    const { name, unit, capacity, remaining: _, ...rest } = fields(item, `each of ${what}`, LIMIT)
    return {
      name: needed(name, `the name of each of ${what}`, text),
      unit: needed(unit, `the unit of each of ${what}`, text),
      capacity: needed(capacity, `the capacity of each of ${what}`, number),
      ...rest,
    }
  })
}

/** A value that may not be missing. */
export function needed<T>(value: T | undefined, what: string, check: Check<T>): T {
  return value === undefined ? check(value, what) : value
}

/** The fields of an object, each checked. Absent and null are the same; an unknown name is a mistake. */
export function fields<C extends Checks>(given: unknown, what: string, checks: C): Checked<C> {
  const source = plain(given, what)
  const unknown = Object.keys(source).some((name) => name !== 'signal' && !Object.hasOwn(checks, name))
  if (unknown) {
    throw Object.assign(new TypeError(`${what} has a field that is not known; there are ${Object.keys(checks).join(', ')}`), {
      code: 'ERR_INVALID_ARG_VALUE',
    })
  }
  const found: Record<string, unknown> = {}
  for (const [name, check] of Object.entries(checks)) {
    const item = source[name]
    if (item !== undefined && item !== null) found[name] = check(item, name)
  }
  return found as Checked<C>
}

/** The options of a call, each checked. */
export function options<C extends Checks>(given: unknown, call: string, checks: C): Checked<C> {
  return given === undefined ? {} : fields(given, `the options of ${call}()`, checks)
}

/** An object that is no array, function, map or the like, with its fields. */
export function plain(value: unknown, what: string): Record<string, unknown> {
  const ordinary = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!ordinary || types.isMap(value) || types.isSet(value) || types.isDate(value) || types.isPromise(value)) {
    throw wrongType(what, 'a plain object', value)
  }
  return value as Record<string, unknown>
}
