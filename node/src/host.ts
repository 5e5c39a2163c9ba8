/** An opened store as the parts of the surface share it: its native part, and who listens to its log. */

import type { CancelToken, Failure, NativeManager } from '../native/index.cjs'
import { later, now } from './call.js'
import { type LogRecord, logRecord } from './data.js'

export class Host {
  readonly native: NativeManager
  readonly listener: ((record: LogRecord) => void) | undefined
  #telling = false

  constructor(native: NativeManager, listener: ((record: LogRecord) => void) | undefined) {
    this.native = native
    this.listener = listener
  }

  /** Runs a call that gives its outcome at once. */
  now<T>(run: (native: NativeManager) => T | Failure): T {
    if (this.listener === undefined) return now(() => run(this.native))
    try {
      return now(() => run(this.native))
    } finally {
      this.tell()
    }
  }

  /** Runs a call that gives its outcome later. */
  async later<T>(
    signal: AbortSignal | undefined,
    begin: (native: NativeManager, cancel?: CancelToken) => Promise<T | Failure>,
  ): Promise<T> {
    try {
      return await later(signal, (cancel) => begin(this.native, cancel))
    } finally {
      this.tell()
    }
  }

  /** Tells the listener what there is. One that fails is reported, and fails no call. */
  tell(): void {
    if (this.listener === undefined || this.#telling) return
    this.#telling = true
    try {
      for (const record of this.native.takeLog()) this.listener(logRecord(record))
    } catch {
      process.emitWarning('the function given to keywright as log has thrown', 'KeywrightWarning')
    } finally {
      this.#telling = false
    }
  }
}
