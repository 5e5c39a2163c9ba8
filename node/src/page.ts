/** Lists that come in pages. */

import { wire } from './wire.js'

/** One page of a list. Iterating over it with `for await` goes on through all the pages behind it. */
export class Page<T> implements AsyncIterable<T> {
  /** What is on it. */
  readonly data: readonly T[]
  /** Whether there is another page behind the last of `data`. */
  readonly hasMore: boolean
  readonly #next: () => Promise<Page<T>>

  /** @internal */
  static of<T>(data: T[], hasMore: boolean, next: (last: T) => Promise<Page<T>>): Page<T> {
    return new Page(data, hasMore, next)
  }

  private constructor(data: T[], hasMore: boolean, next: (last: T) => Promise<Page<T>>) {
    this.data = Object.freeze(data)
    this.hasMore = hasMore
    const last = data.at(-1)
    this.#next = () => (last === undefined ? Promise.resolve(this) : next(last))
    Object.freeze(this)
  }

  /** The page behind this one; null if there is none. */
  async nextPage(): Promise<Page<T> | null> {
    return this.hasMore && this.data.length > 0 ? this.#next() : null
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let page: Page<T> | null = this; page !== null; page = await page.nextPage()) yield* page.data
  }

  /** The wire form. */
  toJSON(): Record<string, unknown> {
    return wire(this, 'list')
  }
}

/** A page on its way: `await` it for the page, or go through all pages with `for await`. */
export class PagePromise<T> extends Promise<Page<T>> implements AsyncIterable<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    yield* await this
  }
}

/** @internal */
export function pagePromise<T>(load: () => Promise<Page<T>>): PagePromise<T> {
  return new PagePromise((resolve, reject) => load().then(resolve, reject))
}
