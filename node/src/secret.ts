/** The secret of a key: shown when it is asked for, and by nothing else. */

import { inspect, types } from 'node:util'
import type { NativeSecret } from '../native/index.cjs'
import { now } from './call.js'
import { type Check, text, wrongType } from './check.js'
import { ClosedError } from './errors.js'
import { native } from './native.js'

/**
 * A secret. It shows itself redacted wherever it is printed, and can't be made JSON; `reveal()` is the only way out.
 *
 * It lies in memory that is wiped by `dispose()`, at the end of a `using` block, or else when it is collected. The string
 * that `reveal()` gives is JavaScript's own and can't be wiped.
 */
export class Secret {
  readonly #native: NativeSecret
  #disposed = false

  /** @internal */
  static of(secret: NativeSecret): Secret {
    return new Secret(secret)
  }

  private constructor(secret: NativeSecret) {
    if (!(secret instanceof native.NativeSecret)) throw new TypeError('only create() and rotate() make a Secret')
    this.#native = secret
  }

  /** What may be shown of it. */
  get redactedValue(): string {
    return this.#native.redactedValue
  }

  /**
   * The secret itself. Whatever is done with it is no longer protected.
   *
   * @throws {@link ClosedError} after `dispose()`
   */
  reveal(): string {
    return now(() => this.#native.reveal())
  }

  /** Wipes it. Doing it twice is fine. */
  dispose(): void {
    this.#disposed = true
    this.#native.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  /** Redacted, as in logs and templates. */
  toString(): string {
    return this.#native.shown
  }

  /** Always fails: a secret in JSON is a mistake. */
  toJSON(): never {
    throw new TypeError('a Secret can\'t be made JSON; use reveal() where the secret itself is meant')
  }

  get [Symbol.toStringTag](): string {
    return 'Secret'
  }

  /** @internal */
  [inspect.custom](): string {
    return this.#native.shown
  }

  /**
   * What the native part takes for it.
   * @internal
   */
  static handle(secret: Secret): NativeSecret {
    if (secret.#disposed) {
      throw new ClosedError('the secret was disposed of', { hint: 'use it before dispose()' })
    }
    return secret.#native
  }
}

/** A presented secret, in the form that the native part takes. */
export function presented(value: unknown): string | Uint8Array | NativeSecret {
  if (typeof value === 'string' || types.isUint8Array(value)) return value
  if (value instanceof Secret) return Secret.handle(value)
  throw wrongType('the secret', 'a string, a Uint8Array or a Secret', value)
}

/** A secret among the fields of a record. */
export const secretText: Check<string | NativeSecret> = (value, what) =>
  value instanceof Secret ? Secret.handle(value) : text(value, what)

/** The same where it may be bytes. */
export const secretBytes: Check<string | Uint8Array | NativeSecret> = (value, what) =>
  types.isUint8Array(value) ? value : secretText(value, what)
