// Values in scenarios: references to what was saved, a few operators, paths into results, and the comparison with what
// is expected.

import { isDeepStrictEqual } from 'node:util'
import { json } from '../support.mjs'

/** The runner can't carry out what the scenario says. */
export class Unreadable extends Error {}

const VECTORS = json('vectors/key_format.json')
const COMPARING = ['$exists', '$not', '$matches', '$contains']

/** The value with its references and operators carried out. `$bytes` and what compares is left. */
export function resolve(value, saved) {
  if (typeof value === 'string') {
    // Text that has not this form as a whole (`$2b$06$…`) is itself.
    const path = /^\$([a-z][a-z0-9_.]*)$/.exec(value)?.[1]
    if (path === undefined) return value
    const found = lookUp(saved, path)
    if (found === undefined) throw new Unreadable(`nothing was saved as ${value}`)
    return found
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, saved))
  if (typeof value !== 'object' || value === null) return value
  const operation = operator(value)
  return operation ? operate(...operation, saved) : resolveFields(value, saved)
}

/** Each field resolved. */
export function resolveFields(fields, saved) {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, resolve(value, saved)]))
}

/** An object of one field whose name begins with `$`. */
function operator(value) {
  const [first, ...more] = Object.entries(value)
  return first !== undefined && more.length === 0 && first[0].startsWith('$') ? first : undefined
}

function operate(name, operand, saved) {
  switch (name) {
    case '$concat': {
      const parts = resolve(operand, saved)
      if (!Array.isArray(parts) || parts.some((part) => typeof part !== 'string')) throw new Unreadable('$concat joins texts')
      return parts.join('')
    }
    case '$repeat': {
      const [text, count] = operand
      if (typeof text !== 'string' || !Number.isSafeInteger(count)) throw new Unreadable('$repeat takes a text and a count')
      return text.repeat(count)
    }
    case '$vector': {
      const found = lookUp(VECTORS, operand)
      if (found === undefined) throw new Unreadable(`there is no vector ${operand}`)
      return found
    }
    case '$not':
      return { $not: resolve(operand, saved) }
    case '$bytes':
    case '$exists':
    case '$matches':
    case '$contains':
      return { [name]: operand }
    default:
      throw new Unreadable(`unknown operator ${name}`)
  }
}

function lookUp(value, path) {
  return path.split('.').reduce((inner, part) => {
    if (typeof inner !== 'object' || inner === null) return undefined
    return Object.hasOwn(inner, part) && part !== 'length' ? inner[part] : undefined
  }, value)
}

/** What is at a path of a result: null where there is nothing. */
export function at(result, path) {
  if (path === '') return result
  if (path.endsWith('.length')) {
    const list = lookUp(result, path.slice(0, -'.length'.length))
    return Array.isArray(list) ? list.length : null
  }
  return lookUp(result, path) ?? null
}

/** How `there` differs from what is `wanted`; undefined if it doesn't. */
export function differs(there, wanted) {
  const [name, operand] = (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted) && operator(wanted)) || []
  if (name === undefined) {
    return isDeepStrictEqual(there, wanted) ? undefined : `is ${JSON.stringify(there)}, not ${JSON.stringify(wanted)}`
  }
  if (!COMPARING.includes(name)) throw new Unreadable(`unknown comparison ${name}`)
  const text = typeof there === 'string' ? there : ''
  const holds = {
    $exists: () => (there !== null) === operand,
    $not: () => !isDeepStrictEqual(there, operand),
    $matches: () => typeof there === 'string' && new RegExp(`^(?:${operand})$`, 'u').test(text),
    $contains: () => text.includes(operand),
  }[name]()
  return holds ? undefined : `is ${JSON.stringify(there)}, and ${JSON.stringify(wanted)} does not hold`
}
