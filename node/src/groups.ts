/** Projects, service accounts, users and admin keys: what keys are in, whom they belong to, and what manages them. */

import { type CallOptions, signalOf } from './call.js'
import { date, flag, number, options, text } from './check.js'
import { ApiKey, Created, Project, ServiceAccount, User } from './data.js'
import type { Host } from './host.js'
import { listChecks } from './lists.js'
import type { AdminKeyOptions, ListOptions, ProjectOptions, RevokeOptions } from './options.js'
import { Page, type PagePromise, pagePromise } from './page.js'
import { presented, type Secret } from './secret.js'
import { Verification } from './verification.js'

/** The projects of a store: every key is in one; the one called `default` is always there. */
export class Projects {
  readonly #host: Host

  /** @internal */
  static of(host: Host): Projects {
    return new Projects(host)
  }

  private constructor(host: Host) {
    this.#host = host
  }

  /** Makes a project. Its name is unique among those that aren't archived. */
  async create(name: string, given?: ProjectOptions): Promise<Project> {
    const title = text(name, 'name')
    const { defaultLifetime, maxLifetime } = options(given, 'projects.create', { defaultLifetime: number, maxLifetime: number })
    const made = this.#host.later(signalOf(given), (native, cancel) =>
      native.projectsCreate(title, defaultLifetime, maxLifetime, cancel),
    )
    return Project.of(await made)
  }

  /** The project of that id or name. */
  async get(project: string, given?: CallOptions): Promise<Project> {
    const wanted = text(project, 'project')
    options(given, 'projects.get', {})
    return Project.of(await this.#host.later(signalOf(given), (native, cancel) => native.projectsGet(wanted, cancel)))
  }

  /** All projects, oldest first. */
  async list(given?: CallOptions & { readonly includeArchived?: boolean | undefined }): Promise<Project[]> {
    const { includeArchived = false } = options(given, 'projects.list', { includeArchived: flag })
    const all = await this.#host.later(signalOf(given), (native, cancel) => native.projectsList(includeArchived, cancel))
    return all.map((data) => Project.of(data))
  }

  /**
   * Archives a project for good: it issues nothing more, and its keys are revoked. Doing it twice changes nothing; the
   * project `default` can't be archived.
   */
  async archive(project: string, given?: CallOptions): Promise<Project> {
    const wanted = text(project, 'project')
    options(given, 'projects.archive', {})
    return Project.of(
      await this.#host.later(signalOf(given), (native, cancel) => native.projectsArchive(wanted, cancel)),
    )
  }
}

/** The service accounts of a store: programs that own keys of one project. */
export class ServiceAccounts {
  readonly #host: Host

  /** @internal */
  static of(host: Host): ServiceAccounts {
    return new ServiceAccounts(host)
  }

  private constructor(host: Host) {
    this.#host = host
  }

  /** Makes a service account in a project (by id or name; `default` if absent). */
  async create(name: string, given?: CallOptions & { readonly project?: string | undefined }): Promise<ServiceAccount> {
    const title = text(name, 'name')
    const { project } = options(given, 'serviceAccounts.create', { project: text })
    const made = this.#host.later(signalOf(given), (native, cancel) =>
      native.serviceAccountsCreate(title, project, cancel),
    )
    return ServiceAccount.of(await made)
  }

  /** All service accounts (of one project), oldest first. */
  async list(given?: CallOptions & { readonly project?: string | undefined }): Promise<ServiceAccount[]> {
    const { project } = options(given, 'serviceAccounts.list', { project: text })
    const all = await this.#host.later(signalOf(given), (native, cancel) => native.serviceAccountsList(project, cancel))
    return all.map((data) => ServiceAccount.of(data))
  }

  /**
   * Deletes a service account and revokes its keys; says how many that were. Doing it twice changes nothing; a project's
   * default service account can't be deleted.
   */
  async delete(id: string, given?: CallOptions): Promise<number> {
    const wanted = text(id, 'id')
    options(given, 'serviceAccounts.delete', {})
    return this.#host.later(signalOf(given), (native, cancel) => native.serviceAccountsDelete(wanted, cancel))
  }
}

/** The users of a store: people that own keys. */
export class Users {
  readonly #host: Host

  /** @internal */
  static of(host: Host): Users {
    return new Users(host)
  }

  private constructor(host: Host) {
    this.#host = host
  }

  /** Adds a user. */
  async create(name: string, given?: CallOptions): Promise<User> {
    const title = text(name, 'name')
    options(given, 'users.create', {})
    return User.of(await this.#host.later(signalOf(given), (native, cancel) => native.usersCreate(title, cancel)))
  }

  /** All users, oldest first. */
  async list(given?: CallOptions): Promise<User[]> {
    options(given, 'users.list', {})
    const all = await this.#host.later(signalOf(given), (native, cancel) => native.usersList(cancel))
    return all.map((data) => User.of(data))
  }

  /** Deletes a user and revokes their keys; says how many that were. Doing it twice changes nothing. */
  async delete(id: string, given?: CallOptions): Promise<number> {
    const wanted = text(id, 'id')
    options(given, 'users.delete', {})
    return this.#host.later(signalOf(given), (native, cancel) => native.usersDelete(wanted, cancel))
  }
}

/** The admin keys of a store: they manage, and are never accepted as data keys, nor data keys as theirs. */
export class AdminKeys {
  readonly #host: Host

  /** @internal */
  static of(host: Host): AdminKeys {
    return new AdminKeys(host)
  }

  private constructor(host: Host) {
    this.#host = host
  }

  /** Issues an admin key and shows its secret, this once. */
  async create(name: string, given?: AdminKeyOptions): Promise<Created> {
    const title = text(name, 'name')
    const { expiresIn, expiresAt } = options(given, 'adminKeys.create', { expiresIn: number, expiresAt: date })
    const made = this.#host.later(signalOf(given), (native, cancel) =>
      native.adminKeysCreate(title, expiresIn, expiresAt, cancel),
    )
    return Created.of(await made)
  }

  /** The admin key of that id. */
  async get(id: string, given?: CallOptions): Promise<ApiKey> {
    const wanted = text(id, 'id')
    options(given, 'adminKeys.get', {})
    return ApiKey.of(await this.#host.later(signalOf(given), (native, cancel) => native.adminKeysGet(wanted, cancel)))
  }

  /** Admin keys, newest first. */
  list(given?: ListOptions): PagePromise<ApiKey> {
    return pagePromise(async () => {
      const input = options(given, 'adminKeys.list', listChecks)
      const page = await this.#host.later(signalOf(given), (native, cancel) => native.adminKeysList(input, cancel))
      const keys = page.data.map((data) => ApiKey.of(data))
      return Page.of(keys, page.hasMore, (last) => this.list({ ...given, after: last.id }))
    })
  }

  /** Kills an admin key for good. Doing it twice changes nothing. */
  async revoke(id: string, given?: RevokeOptions): Promise<ApiKey> {
    const wanted = text(id, 'id')
    const { reason } = options(given, 'adminKeys.revoke', { reason: text })
    return ApiKey.of(
      await this.#host.later(signalOf(given), (native, cancel) => native.adminKeysRevoke(wanted, reason, cancel)),
    )
  }

  /** Whether a presented secret is that of an admin key in good standing. A data key is `wrong_class` here. */
  async verify(secret: string | Uint8Array | Secret, given?: CallOptions): Promise<Verification> {
    const shown = presented(secret)
    options(given, 'adminKeys.verify', {})
    return Verification.of(
      await this.#host.later(signalOf(given), (native, cancel) => native.adminKeysVerify(shown, cancel)),
    )
  }
}
