/** The page on which owners manage their own keys: its options, and what it answers. */

import type { NativePage, PageData } from '../native/index.cjs'
import { type CallOptions, now } from './call.js'
import { type Check, type Checks, fields, flag, limits, needed, number, options, pairs, text, texts, wrongType } from './check.js'
import type { Limit } from './data.js'
import { octets } from './http.js'
import { native } from './native.js'
import type { ColorScheme, KeyClass, Language } from './words.js'

/** One thing that a key can be permitted. */
export interface Permission {
  /** The scope that stands for it. */
  readonly scope: string
  /** What people read. */
  readonly label: string
  /** Whether it only lets one see things: *Read only* is all of these. */
  readonly readOnly?: boolean | undefined
}

/** A picture beside the title. */
export interface Logo {
  /** The file: up to 256 KiB. */
  readonly data: Uint8Array
  /** `image/svg+xml`, `image/png`, `image/jpeg`, `image/webp` or `image/avif`. */
  readonly mediaType: string
  /** What it says, for who can't see it. */
  readonly alt: string
}

/** What an application decides about the page. All has a default. */
export interface KeysPageOptions {
  /** Its heading, in place of *API keys*. */
  readonly title?: string | undefined
  /** The language; what the browser prefers if absent. */
  readonly language?: Language | undefined
  /** What a key can be permitted; where there is nothing, it may do everything. */
  readonly permissions?: readonly Permission[] | undefined
  /** Whether a key may also be given *all* permissions; true if absent. */
  readonly allowAll?: boolean | undefined
  /** How many seconds a key may live, in whole days, null for ever; the first is the default. */
  readonly expiries?: readonly (number | null)[] | undefined
  /** Whether people may name a day instead; true if absent. */
  readonly allowDate?: boolean | undefined
  /** The project of keys that are made here. */
  readonly project?: string | undefined
  /** Their class. */
  readonly class?: Exclude<KeyClass, 'admin'> | undefined
  /** Their rate limit, in short: `100/60s`. */
  readonly rateLimit?: string | undefined
  /** Their usage credits. */
  readonly credits?: number | undefined
  /** Their limits in full. */
  readonly limits?: readonly Limit[] | undefined
  /** Where they may be used from. */
  readonly allowedIps?: readonly string[] | undefined
  /** What is kept with them. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Whether a key's metadata is shown to its owner. */
  readonly showMetadata?: boolean | undefined
  /** The colour of buttons, links and focus: `#rrggbb`. */
  readonly accent?: string | undefined
  /** A logo beside the title. */
  readonly logo?: Logo | undefined
  /** Variables of the page's style sheet, for example `{ '--kw-radius': '4px' }`. */
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** The same where the page is dark. */
  readonly darkVariables?: Readonly<Record<string, string>> | undefined
  /** Light, dark, or what the browser prefers. */
  readonly colorScheme?: ColorScheme | undefined
  /** The proxies whose `X-Forwarded-For` counts, for the audit trail. */
  readonly trustedProxies?: readonly string[] | undefined
  /** How many keys are on a page of the list: 1 to 200. */
  readonly pageSize?: number | undefined
}

/** A whole response. */
export interface PageResponse {
  /** The status. */
  readonly status: number
  /** Names in lower case, and values. */
  readonly headers: [name: string, value: string][]
  /** The body. One of them holds a new secret. */
  readonly body: Uint8Array
}

/** What the page looks like, and how to give the call up. */
export interface KeysPageCall extends CallOptions {
  /** What the page looks like, and what keys may be given. */
  readonly page?: KeysPage | undefined
}

const permissionChecks = { scope: text, label: text, readOnly: flag } satisfies Checks

const permissions: Check<{ scope: string; label: string; readOnly?: boolean }[]> = (value, what) => {
  if (!Array.isArray(value)) throw wrongType(what, 'an array of permissions', value)
  return Array.from(value as unknown[], (item) => {
    const { scope, label, ...rest } = fields(item, `each of ${what}`, permissionChecks)
    return { scope: needed(scope, 'scope', text), label: needed(label, 'label', text), ...rest }
  })
}

const expiries: Check<(number | null)[]> = (value, what) => {
  if (!Array.isArray(value)) throw wrongType(what, 'an array of numbers', value)
  return Array.from(value as unknown[], (item) => (item === null ? null : number(item, `each of ${what}`)))
}

const logo: Check<{ data: string | Uint8Array; mediaType: string; alt: string }> = (value, what) => {
  const { data, mediaType, alt } = fields(value, what, { data: octets, mediaType: text, alt: text })
  return {
    data: needed(data, 'data', octets),
    mediaType: needed(mediaType, 'mediaType', text),
    alt: needed(alt, 'alt', text),
  }
}

const pageChecks = {
  title: text,
  language: text,
  permissions,
  allowAll: flag,
  expiries,
  allowDate: flag,
  project: text,
  class: text,
  rateLimit: text,
  credits: number,
  limits,
  allowedIps: texts,
  metadata: pairs,
  showMetadata: flag,
  accent: text,
  logo,
  variables: pairs,
  darkVariables: pairs,
  colorScheme: text,
  trustedProxies: texts,
  pageSize: number,
} satisfies Checks

/** The page on which an owner manages their own keys; made once. */
export class KeysPage {
  /** The largest body that is read; a larger one is a 413. */
  static readonly LARGEST_BODY: number = native.NativePage.largestBody()
  static #plain: KeysPage | undefined
  readonly #native: NativePage

  /** @throws {@link InvalidArgumentError}, with what is wrong with the options */
  constructor(given?: KeysPageOptions) {
    const input = options(given, 'new KeysPage', pageChecks)
    this.#native = now(() => native.NativePage.make(input as Parameters<typeof native.NativePage.make>[0]))
  }

  /**
   * What the native part takes for it; one without options where none is given.
   * @internal
   */
  static handle(this: void, page: unknown, what: string): NativePage {
    if (!(page instanceof KeysPage)) throw wrongType(what, 'a KeysPage', page)
    return page.#native
  }

  /** @internal */
  static plain(): NativePage {
    KeysPage.#plain ??= new KeysPage()
    return KeysPage.#plain.#native
  }
}

/** @internal */
export function pageResponse({ status, headers, body }: PageData): PageResponse {
  const pairs = Array.from({ length: headers.length / 2 }, (_, n): [string, string] => [
    headers[2 * n] ?? '',
    headers[2 * n + 1] ?? '',
  ])
  return { status, headers: pairs, body }
}
