/** What lists of keys, and of keys alone, are asked by. */

import { type Checks, flag, number, text } from './check.js'

export const listChecks = {
  project: text,
  owner: text,
  status: text,
  search: text,
  includeRevoked: flag,
  after: text,
  limit: number,
} satisfies Checks
