/** The answer of a verification. */

import { inspect } from 'node:util'
import type { Answer } from '../native/index.cjs'
import { now } from './call.js'
import { ApiKey } from './data.js'
import { native } from './native.js'
import type { VerifyCode } from './words.js'

const CODES = Object.freeze(native.verifyCodes()) as readonly VerifyCode[]
const STATUSES = native.verifyStatuses()
const WIRE_CODES = native.verifyWireCodes()

/** The answer of `verify`: whether a key is good for a use, and why not. What isn't read of it isn't computed. */
export class Verification {
  /** Why the key is good or not. */
  readonly code: VerifyCode
  readonly #answer: Answer | undefined
  readonly #place: number
  #key: ApiKey | null | undefined

  /** @internal */
  static of(answer: Answer | number): Verification {
    return new Verification(answer)
  }

  private constructor(answer: Answer | number) {
    const bare = typeof answer === 'number'
    this.#answer = bare ? undefined : answer
    this.#place = bare ? answer : answer.code()
    this.code = CODES[this.#place] ?? 'unavailable'
  }

  /** The HTTP status that stands for the code. */
  get httpStatus(): number {
    return STATUSES[this.#place] ?? 503
  }

  /** What a public wire says in `error.code`: less than `code`, which is for you. Null if valid. */
  get wireCode(): string | null {
    return WIRE_CODES[this.#place] ?? null
  }

  /** Whether the key may be used. */
  get valid(): boolean {
    return this.code === 'valid'
  }

  /** The key, wherever the secret was right; also if it may not be used. Of its versions it has the presented one alone. */
  get key(): ApiKey | null {
    if (this.#key === undefined) {
      const data = now(() => this.#answer?.key())
      this.#key = data ? ApiKey.of(data) : null
    }
    return this.#key
  }

  /** The key's id, without making the rest. */
  get keyId(): string | null {
    return now(() => this.#answer?.keyId()) ?? null
  }

  /** How many milliseconds to wait where waiting helps. The header `Retry-After` wants seconds, rounded up. */
  get retryAfterMs(): number | null {
    return now(() => this.#answer?.retryAfterMs()) ?? null
  }

  /** The name of the limit that refused. */
  get limit(): string | null {
    return now(() => this.#answer?.limit()) ?? null
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return {
      valid: this.valid,
      code: this.code,
      key: this.key?.toJSON() ?? null,
      retry_after_ms: this.retryAfterMs,
      limit: this.limit,
    }
  }

  /** @internal */
  [inspect.custom](_depth: number, options: object, show: typeof inspect): string {
    const { code, valid, keyId, retryAfterMs, limit } = this
    return `Verification ${show({ code, valid, keyId, retryAfterMs, limit }, options)}`
  }
}
