// The official `openai` package for Node on a running server, unmodified. Told by its environment where the
// server is and with which key; ends with 0 if everything is as it has to be.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const OpenAI = createRequire(join(process.env.E2E_NODE_PACKAGE, 'package.json'))('openai')

const server = process.env.OPENAI_BASE_URL.replace(/\/v1\/?$/, '')
const org = new OpenAI().admin.organization
const collect = async (pages) => {
  const items = []
  for await (const item of pages) items.push(item)
  return items
}
const works = async (secret) => {
  const answer = await fetch(`${server}/v1/keys/self`, { headers: { authorization: `Bearer ${secret}` } })
  return answer.status === 200
}

// Admin keys.
const admin = await org.adminAPIKeys.create({ name: 'node', expires_in_seconds: 3600 })
assert.equal(admin.expires_at, admin.created_at + 3600)
assert.ok(await works(admin.value))
for (const name of ['a', 'b', 'c']) await org.adminAPIKeys.create({ name })
const listed = await collect(org.adminAPIKeys.list({ limit: 2 }))
assert.deepEqual(listed.slice(-4).map((key) => key.name), ['node', 'a', 'b', 'c'])
assert.equal((await org.adminAPIKeys.retrieve(admin.id)).name, 'node')
assert.equal((await org.adminAPIKeys.delete(admin.id)).deleted, true)
assert.equal(await works(admin.value), false)
// An empty id is sent as it is, and must not be taken for the list.
await assert.rejects(org.adminAPIKeys.delete(''), OpenAI.NotFoundError)

// Projects.
const project = await org.projects.create({ name: 'node' })
assert.equal((await org.projects.update(project.id, { name: 'renamed' })).name, 'renamed')
assert.equal((await org.projects.retrieve(project.id)).name, 'renamed')
assert.deepEqual((await collect(org.projects.list({ limit: 1 }))).map((it) => it.name), ['default', 'renamed'])

// Service accounts and keys.
const accounts = org.projects.serviceAccounts
const bot = await accounts.create(project.id, { name: 'bot' })
assert.ok(await works(bot.api_key.value))
const alone = await accounts.create(project.id, { name: 'alone', create_service_account_only: true })
assert.equal(alone.api_key, null)
const more = await accounts.apiKeys.create(alone.id, { project_id: project.id, name: 'more' })
assert.equal((await accounts.update(alone.id, { project_id: project.id, name: 'other' })).name, 'other')
assert.equal((await accounts.retrieve(alone.id, { project_id: project.id })).name, 'other')
assert.equal((await collect(accounts.list(project.id, { limit: 2 }))).length, 3)

const keys = org.projects.apiKeys
const ids = (await collect(keys.list(project.id, { limit: 1 }))).map((key) => key.id)
assert.deepEqual(ids, [bot.api_key.id, more.id])
await keys.update(more.id, { project_id: project.id, scopes: ['api.all.read'] })
assert.equal((await keys.retrieve(more.id, { project_id: project.id })).owner.service_account.id, alone.id)
assert.equal((await keys.delete(more.id, { project_id: project.id })).deleted, true)
assert.equal(await works(more.value), false)
await accounts.delete(bot.id, { project_id: project.id })
assert.equal(await works(bot.api_key.value), false)
assert.equal((await org.projects.archive(project.id)).status, 'archived')

// What was done, and what is refused.
const events = await collect(org.auditLogs.list({ resource_ids: [project.id], limit: 1 }))
assert.deepEqual(events.map((event) => event.type), ['project.archived', 'project.updated', 'project.created'])
const dead = new OpenAI({ adminAPIKey: 'My Admin API Key' }).admin.organization
await assert.rejects(dead.projects.list(), (error) => {
  assert.ok(error instanceof OpenAI.AuthenticationError)
  assert.match(error.requestID, /^req_/)
  return error.code === 'invalid_api_key'
})
await org.projects.create({ name: 'taken' })
await assert.rejects(org.projects.create({ name: 'taken' }), OpenAI.ConflictError)
await assert.rejects(org.projects.list({ limit: 1000 }), OpenAI.BadRequestError)
await assert.rejects(org.users.list(), OpenAI.NotFoundError)
