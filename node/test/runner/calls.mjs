// From a call's name and arguments to the package, and from its result to the wire form.

import { keywright } from '../support.mjs'
import { Unreadable } from './value.mjs'

/** The names of a call's arguments, and the call. */
const CALLS = {
  create: [
    ['name', 'project', 'owner', 'scopes', 'expires_in', 'expires_at', 'allowed_ips', 'metadata', 'class', 'rate_limit']
      .concat(['credits', 'limits', 'idempotency_key']),
    (keys, { name, ...rest }) => keys.create(name, rest),
  ],
  get: [['id'], (keys, { id }) => keys.get(id)],
  list: [
    ['project', 'owner', 'status', 'search', 'include_revoked', 'after', 'limit'],
    (keys, options) => keys.list(options),
  ],
  update: [
    ['id', 'name', 'metadata', 'scopes', 'allowed_ips', 'expires_at', 'limits'],
    (keys, { id, ...changes }) => keys.update(id, changes),
  ],
  rotate: [['id', 'overlap'], (keys, { id, ...rest }) => keys.rotate(id, rest)],
  finish_rotation: [['id'], (keys, { id }) => keys.finishRotation(id)],
  cancel_rotation: [['id'], (keys, { id }) => keys.cancelRotation(id)],
  disable: [['id'], (keys, { id }) => keys.disable(id)],
  enable: [['id'], (keys, { id }) => keys.enable(id)],
  revoke: [['id', 'reason'], (keys, { id, ...rest }) => keys.revoke(id, rest)],
  revoke_all: [['owner', 'reason'], (keys, { owner, ...rest }) => keys.revokeAll(owner, rest)],
  usage: [['id', 'days'], (keys, { id, ...rest }) => keys.usage(id, rest)],
  verify: [['secret', 'scopes', 'ip', 'cost'], verify],
  authorize: [
    ['method', 'target', 'headers', 'peer', 'scopes', 'cost', 'header', 'trusted_proxies', 'error_form'],
    authorize,
  ],
  identify: [['secret'], (keys, { secret }) => keys.identify(secret)],
  audit: [
    ['object_id', 'project', 'event_types', 'actor', 'since', 'after', 'limit'],
    (keys, options) => keys.audit(options),
  ],
  verify_audit: [[], (keys) => keys.verifyAudit()],
  import_keys: [['records'], (keys, { records }) => keys.importKeys(records)],
  export_keys: [[], exportKeys],
  flush: [[], (keys) => keys.flush()],
  close: [[], (keys) => keys.close()],
  brand: [[], (keys) => keys.brand],
  'projects.create': [
    ['name', 'default_lifetime', 'max_lifetime'],
    ({ projects }, { name, ...rest }) => projects.create(name, rest),
  ],
  'projects.get': [['project'], ({ projects }, { project }) => projects.get(project)],
  'projects.list': [['include_archived'], ({ projects }, options) => projects.list(options)],
  'projects.archive': [['project'], ({ projects }, { project }) => projects.archive(project)],
  'service_accounts.create': [
    ['name', 'project'],
    ({ serviceAccounts }, { name, ...rest }) => serviceAccounts.create(name, rest),
  ],
  'service_accounts.list': [['project'], ({ serviceAccounts }, options) => serviceAccounts.list(options)],
  'service_accounts.delete': [['id'], ({ serviceAccounts }, { id }) => serviceAccounts.delete(id)],
  'users.create': [['name'], ({ users }, { name }) => users.create(name)],
  'users.list': [[], ({ users }) => users.list()],
  'users.delete': [['id'], ({ users }, { id }) => users.delete(id)],
  'admin_keys.create': [
    ['name', 'expires_in', 'expires_at'],
    ({ adminKeys }, { name, ...rest }) => adminKeys.create(name, rest),
  ],
  'admin_keys.get': [['id'], ({ adminKeys }, { id }) => adminKeys.get(id)],
  'admin_keys.list': [
    ['project', 'owner', 'status', 'search', 'include_revoked', 'after', 'limit'],
    ({ adminKeys }, options) => adminKeys.list(options),
  ],
  'admin_keys.revoke': [['id', 'reason'], ({ adminKeys }, { id, ...rest }) => adminKeys.revoke(id, rest)],
  'admin_keys.verify': [['secret'], ({ adminKeys }, { secret }) => adminKeys.verify(secret)],
}

/** Carries out a call. */
export async function call(keys, name, given) {
  const known = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined
  if (known === undefined) throw new Unreadable(`unknown call ${name}`)
  const [names, run] = known
  return wire(await run(keys, argumentsOf(given, names, name === 'update')))
}

/** Arguments by their JavaScript names. Null is absent, except where it says something. */
export function argumentsOf(given, names, nullSaysSomething = false) {
  const found = {}
  for (const [name, value] of Object.entries(given)) {
    if (!names.includes(name)) throw new Unreadable(`unknown argument ${name}`)
    if (value === null && !nullSaysSomething) continue
    found[camel(name)] = argument(name, value)
  }
  return found
}

function argument(name, value) {
  switch (name) {
    case 'secret':
      return typeof value === 'object' ? Buffer.from(value.$bytes, 'hex') : value
    case 'expires_at':
    case 'since':
      return value === null ? null : new Date(value * 1000)
    case 'limits':
      return value.map((limit) => Object.fromEntries(Object.entries(limit).map(([field, inner]) => [camel(field), inner])))
    case 'records':
      return value.map((record) =>
        Object.fromEntries(Object.entries(record).map(([field, inner]) => [camel(field), inner && argument(field, inner)])),
      )
    default:
      return value
  }
}

function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
}

async function verify(keys, { secret, ...requirements }) {
  return keys.verify(secret, requirements)
}

async function authorize(keys, { method = 'GET', target = '/', headers = [], peer, scopes, cost, ...policy }) {
  // As Node's server gives them: a letter for each byte.
  const received = headers.map(([name, value]) => [name, Buffer.from(value).toString('latin1')])
  const request = { method, target, headers: received, peer }
  const answer = await keys.authorize(request, { scopes, cost, policy: new keywright.HttpPolicy(policy) })
  const { allowed, code, status, body, key, keyId } = answer
  return {
    allowed,
    code,
    status,
    headers: Object.fromEntries(answer.headers),
    body: body === '' ? null : JSON.parse(body),
    key,
    key_id: keyId,
  }
}

async function exportKeys(keys) {
  const lines = []
  for await (const line of keys.exportKeys()) lines.push(JSON.parse(line))
  return lines
}

function wire(result) {
  if (result === undefined) return null
  if (Array.isArray(result)) return { data: JSON.parse(JSON.stringify(result)), has_more: false }
  if (result?.secret !== undefined) return { key: JSON.parse(JSON.stringify(result.key)), secret: result.secret.reveal() }
  return JSON.parse(JSON.stringify(result))
}
