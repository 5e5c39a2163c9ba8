// The walk through the steps of one scenario.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keywright, native, open, START } from '../support.mjs'
import { argumentsOf, call } from './calls.mjs'
import { at, differs, resolve, resolveFields, Unreadable } from './value.mjs'

/** The library did something else than the scenario says. */
export class Mismatch extends Error {}

const OPTIONS = ['brand', 'accepted_classes', 'actor', 'must_exist', 'pepper']
const FIELDS = ['id', 'title', 'stores', 'open', 'steps']
const STEP_FIELDS = ['call', 'args', 'save', 'expect', 'error', 'error_contains', 'error_key_id']

/** Walks through a scenario on a fresh store of that kind. */
export async function run(scenario, store) {
  checkForm(scenario, FIELDS)
  const world = await World.open(store, scenario.open ?? {})
  const saved = {}
  try {
    for (const [index, step] of scenario.steps.entries()) {
      try {
        await walk(world, step, saved)
      } catch (error) {
        error.message = `step ${index + 1}, ${step.call}: ${error.message}`
        error.step = index
        throw error
      }
    }
  } finally {
    await world.end()
  }
}

async function walk(world, step, saved) {
  checkForm(step, STEP_FIELDS)
  const args = resolveFields(step.args ?? {}, saved)
  const aboutError = step.error_contains !== undefined || step.error_key_id !== undefined
  if (step.error === undefined && aboutError) throw new Unreadable('asks about an error and expects none')
  if (step.error !== undefined && (step.expect || step.save)) throw new Unreadable('expects an error and a result')
  let result
  try {
    result = await world.call(step.call, args)
  } catch (error) {
    if (!(error instanceof keywright.KeywrightError)) throw error instanceof Unreadable ? error : new Unreadable(error.stack)
    judgeError(step, error, saved)
    return
  }
  if (step.error !== undefined) throw new Mismatch(`should have failed with ${step.error}`)
  for (const [path, wanted] of Object.entries(step.expect ?? {})) {
    const difference = differs(at(result, path), resolve(wanted, saved))
    if (difference !== undefined) throw new Mismatch(`\`${path}\` ${difference}`)
  }
  if (step.save !== undefined) saved[step.save] = result
}

function judgeError(step, error, saved) {
  if (step.error === undefined) throw new Mismatch(`failed with ${error.code}: ${error.message}`)
  if (error.code !== step.error) throw new Mismatch(`failed with ${error.code} instead of ${step.error}: ${error.message}`)
  const told = `${error.message} ${error.hint ?? ''}`
  if (step.error_contains !== undefined && !told.includes(step.error_contains)) {
    throw new Mismatch(`the error says \`${told}\`, not \`${step.error_contains}\``)
  }
  const about = step.error_key_id === undefined ? undefined : resolve(step.error_key_id, saved)
  if (about !== undefined && about !== error.keyId) throw new Mismatch(`the error is about ${error.keyId}, not ${about}`)
}

function checkForm(object, names) {
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) throw new Unreadable(`unknown field ${name}`)
  }
}

/** One store of the scenario's own, and a clock that moves only when told to. */
class World {
  static async open(kind, options) {
    const world = new World()
    world.clock = new native.TestClock(START)
    world.folder = kind === 'sqlite' ? mkdtempSync(join(tmpdir(), 'keywright-')) : undefined
    world.store = world.folder === undefined ? 'memory:' : join(world.folder, 'keys.db')
    await world.#open(world.store, options)
    return world
  }

  async #open(store, options) {
    const opened = await open(undefined, { store, clock: this.clock, ...argumentsOf(options, OPTIONS) })
    this.keys = opened.keys
  }

  async call(name, args) {
    switch (name) {
      case 'advance': {
        const { seconds = 0, ms = 0 } = argumentsOf(args, ['seconds', 'ms'])
        this.clock.setMs(this.clock.nowMs() + 1000 * seconds + ms)
        return null
      }
      case 'set_clock':
        this.clock.setMs(1000 * argumentsOf(args, ['seconds']).seconds)
        return null
      case 'acting_as': {
        const { actor, ip } = argumentsOf(args, ['actor', 'ip'])
        this.keys = this.keys.actingAs(actor, { ip })
        return null
      }
      case 'reopen': {
        const { store = this.store, ...options } = args
        await this.keys.close()
        await this.#open(store, options)
        return null
      }
      default:
        return call(this.keys, name, args)
    }
  }

  async end() {
    await this.keys.close()
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true })
  }
}
