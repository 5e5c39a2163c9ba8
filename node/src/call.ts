/** How calls into the native part end: with a value, or with an error of the right class. */

import type { CancelToken, Failure } from '../native/index.cjs'
import { wrongType } from './check.js'
import { errorOf, InternalError, KeywrightError } from './errors.js'
import { native } from './native.js'

/** What every call may be given. */
export interface CallOptions {
  /**
   * Gives the call up: it rejects with the signal's reason. What was submitted to the store by then may still take
   * place.
   */
  readonly signal?: AbortSignal | undefined
}

/** The value, unless it is a failure. */
export function value<T>(outcome: T | Failure): T {
  if (outcome instanceof native.Failure) {
    const { code, message, hint, keyId } = outcome
    throw errorOf(code, message, { hint, keyId })
  }
  return outcome
}

/** Runs what gives its outcome at once. */
export function now<T>(run: () => T | Failure): T {
  try {
    return value(run())
  } catch (error) {
    throw ours(error)
  }
}

/** Runs what gives its outcome later; gives it up when the signal says so. */
export async function later<T>(
  signal: AbortSignal | undefined,
  begin: (cancel?: CancelToken) => Promise<T | Failure>,
): Promise<T> {
  if (signal === undefined) return begin().then(value).catch(rethrow)
  signal.throwIfAborted()
  const cancel = new native.CancelToken()
  const stop = (): void => cancel.cancel()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const outcome = await begin(cancel).catch(rethrow)
    if (signal.aborted && outcome instanceof native.Failure && outcome.code === 'cancelled') throw signal.reason
    return value(outcome)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The signal among the options. */
export function signalOf(options: CallOptions | undefined | null): AbortSignal | undefined {
  const signal: unknown = options?.signal
  if (signal === undefined || signal === null) return undefined
  const { aborted, addEventListener } = signal as { aborted?: unknown; addEventListener?: unknown }
  if (typeof aborted !== 'boolean' || typeof addEventListener !== 'function') {
    throw wrongType('signal', 'an AbortSignal', signal)
  }
  return signal as AbortSignal
}

function rethrow(error: unknown): never {
  throw ours(error)
}

/** The native part throws only where an argument slipped past the checks: its text could repeat that argument. */
function ours(error: unknown): unknown {
  if (error instanceof KeywrightError || error instanceof TypeError) return error
  return new InternalError('keywright failed inside', { hint: 'please report it' })
}
