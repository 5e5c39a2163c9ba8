/** Finds and loads the native part: the file for this platform. */

import type * as Native from '../native/index.cjs'
import { join } from 'node:path'
import { UnsupportedError } from './errors.js'
import { platform } from './platform.js'

function load(): typeof Native {
  const name = platform()
  let cause: unknown
  // In this package, or in the package that brings the platform's file.
  for (const place of [join(__dirname, '..', 'native', `keywright.${name}.node`), `keywright-${name}`]) {
    try {
      return require(place) as typeof Native
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException | undefined)?.code === 'MODULE_NOT_FOUND'
      // A file that is there and can't be loaded says more than one that is missing.
      if (!missing || cause === undefined) cause = error
    }
  }
  throw new UnsupportedError(`keywright has no native part that can be loaded on ${name}`, {
    hint:
      `it should be in keywright/native or in the package keywright-${name}; install keywright anew on this machine ` +
      '(npm before 11.3 leaves other platforms out of a lock file: delete node_modules and package-lock.json then), ' +
      'or build it from source',
    cause,
  })
}

/** @internal */
export const native: typeof Native = load()
