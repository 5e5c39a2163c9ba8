// Written by `npm run build` from bindings/node.

/** An answer. */
export declare class Answer {
  /** The code's place in [`verify_codes`]. */
  code(): number
  /** The key's id. */
  keyId(): string | null
  /** The key. */
  key(): KeyData | null
  /** How long to wait, in milliseconds. */
  retryAfterMs(): number | null
  /** The limit that refused. */
  limit(): string | null
}

/** Which events. */
export interface AuditInput {
  /** About this. */
  objectId?: string
  /** In this project. */
  project?: string
  /** Of these types. */
  eventTypes?: Array<string>
  /** Of this actor. */
  actor?: string
  /** Unix milliseconds. */
  since?: number
  /** Behind this place. */
  after?: number
  /** So many. */
  limit?: number
}

/** Where the audit chain is broken. */
export interface BrokenLinkData {
  /** Where. */
  seq: number
  /** What is wrong. */
  problem: string
}

/** Cancels a call: the TypeScript ties it to an `AbortSignal`. */
export declare class CancelToken {
  /** A token for one call. */
  constructor()
  /** Lets the call go. What was submitted already may still take place. */
  cancel(): void
}

/** What a key is to be. */
export interface CreateInput {
  /** Its project. */
  project?: string
  /** Its owner. */
  owner?: string
  /** Its scopes. */
  scopes?: Array<string>
  /** Seconds. */
  expiresIn?: number
  /** Unix milliseconds. */
  expiresAt?: number
  /** Its networks. */
  allowedIps?: Array<string>
  /** Its metadata. */
  metadata?: Array<Pair>
  /** Its class. */
  class?: string
  /** A limit in short. */
  rateLimit?: string
  /** A limit in short. */
  credits?: number
  /** Limits in full. */
  limits?: Array<LimitInput>
  /** Makes a retry safe. */
  idempotencyKey?: string
}

/** A key and its secret. */
export interface CreatedData {
  /** The key. */
  key: KeyData
  /** Its secret. */
  secret: NativeSecret
}

/** How often a key was used on one day. */
export interface DailyUseData {
  /** Its midnight, in Unix seconds. */
  day: number
  /** How often. */
  count: number
}

/** Whether a request may pass, and what to answer. */
export declare class Decision {
  /** The code's name. */
  code(): string
  /** The status. */
  status(): number
  /** Names and values by turns. */
  headers(): Array<string>
  /** The body. */
  body(): string
  /** The key. */
  key(): KeyData | null
  /** The key's id. */
  keyId(): string | null
}

/** An event of the audit trail. */
export interface EventData {
  /** Its place in the chain. */
  seq: number
  /** Unix seconds. */
  time: number
  /** What. */
  type: string
  /** Who. */
  actor: string
  /** From where. */
  ip: string | null
  /** About what. */
  objectId: string
  /** In which project. */
  projectId: string | null
  /** `done`, or a code. */
  outcome: string
  /** JSON. */
  before: string
  /** JSON. */
  after: string
  /** Hexadecimal. */
  mac: string
}

/** A page of events. */
export interface EventPage {
  /** What is on it. */
  data: Array<EventData>
  /** Whether there is more. */
  hasMore: boolean
}

/** What went wrong. */
export declare class Failure {
  /** The stable name of the kind of error. */
  get code(): string
  /** One sentence that says what happened. */
  get message(): string
  /** What to do next. */
  get hint(): string | null
  /** The key that it is about. */
  get keyId(): string | null
}

/** An API key. */
export interface KeyData {
  /** `key_…` */
  id: string
  /** Its name. */
  name: string
  /** Its class. */
  class: string
  /** Its status. */
  status: string
  /** What may be shown. */
  redactedValue: string
  /** Unix seconds. */
  createdAt: number
  /** Unix seconds. */
  expiresAt: number | null
  /** Unix seconds. */
  lastUsedAt: number | null
  /** Unix seconds. */
  revokedAt: number | null
  /** A reason. */
  revocationReason: string | null
  /** Its owner. */
  owner: OwnerData
  /** `proj_…` */
  projectId: string
  /** Its scopes. */
  scopes: Array<string> | null
  /** Its networks. */
  allowedIps: Array<string> | null
  /** Its limits. */
  limits: Array<LimitData>
  /** Its metadata. */
  metadata: Array<Pair>
  /** Its versions. */
  versions: Array<VersionData>
}

/** A page of keys. */
export interface KeyPage {
  /** What is on it. */
  data: Array<KeyData>
  /** Whether there is more. */
  hasMore: boolean
}

/** A bound on use. What does not apply is not there. */
export interface LimitData {
  /** Its name. */
  name: string
  /** Its unit. */
  unit: string
  /** How much. */
  capacity: number
  /** In any window of so many seconds. */
  windowSeconds?: number
  /** How much comes back. */
  refillAmount?: number
  /** And how often. */
  refillSeconds?: number
  /** How much is left. */
  remaining?: number
}

/** A bound on use, as it is given. */
export interface LimitInput {
  /** Its name. */
  name: string
  /** `requests` or `credits`. */
  unit: string
  /** How much. */
  capacity: number
  /** In any window of so many seconds. */
  windowSeconds?: number
  /** How much comes back. */
  refillAmount?: number
  /** And how often. */
  refillSeconds?: number
}

/** Which keys. */
export interface ListInput {
  /** In this project. */
  project?: string
  /** Of this owner. */
  owner?: string
  /** With this status. */
  status?: string
  /** With this text. */
  search?: string
  /** Also revoked ones. */
  includeRevoked?: boolean
  /** Behind this one. */
  after?: string
  /** So many. */
  limit?: number
}

/** One thing to tell. */
export interface LogData {
  /** How grave it is. */
  level: string
  /** A sentence. */
  message: string
  /** The code of a verification. */
  code: string | null
  /** The key that it is about. */
  keyId: string | null
}

/** A picture beside the title. */
export interface LogoInput {
  /** The file. */
  data: Uint8Array
  /** Its media type. */
  mediaType: string
  /** What it says. */
  alt: string
}

/** A new moment, or none at all. */
export interface MomentChange {
  /** Unix milliseconds. */
  to?: number
}

/** A running export. */
export declare class NativeExport {
  /** The next lines; empty at the end. */
  nextLines(cancel?: CancelToken | undefined | null): Promise<Array<string> | Failure>
}

/** One opened store. */
export declare class NativeManager {
  /** Makes a project. Lifetimes are in seconds. */
  projectsCreate(name: string, defaultLifetime?: number | undefined | null, maxLifetime?: number | undefined | null, cancel?: CancelToken | undefined | null): Promise<ProjectData | Failure>
  /** The project of that id or name. */
  projectsGet(project: string, cancel?: CancelToken | undefined | null): Promise<ProjectData | Failure>
  /** All projects. */
  projectsList(includeArchived: boolean, cancel?: CancelToken | undefined | null): Promise<Array<ProjectData> | Failure>
  /** Archives a project. */
  projectsArchive(project: string, cancel?: CancelToken | undefined | null): Promise<ProjectData | Failure>
  /** Makes a service account. */
  serviceAccountsCreate(name: string, project?: string | undefined | null, cancel?: CancelToken | undefined | null): Promise<ServiceAccountData | Failure>
  /** All service accounts. */
  serviceAccountsList(project?: string | undefined | null, cancel?: CancelToken | undefined | null): Promise<Array<ServiceAccountData> | Failure>
  /** Deletes a service account. */
  serviceAccountsDelete(id: string, cancel?: CancelToken | undefined | null): Promise<number | Failure>
  /** Adds a user. */
  usersCreate(name: string, cancel?: CancelToken | undefined | null): Promise<UserData | Failure>
  /** All users. */
  usersList(cancel?: CancelToken | undefined | null): Promise<Array<UserData> | Failure>
  /** Deletes a user. */
  usersDelete(id: string, cancel?: CancelToken | undefined | null): Promise<number | Failure>
  /** Issues an admin key. `expires_in` is in seconds, `expires_at` in Unix milliseconds. */
  adminKeysCreate(name: string, expiresIn?: number | undefined | null, expiresAt?: number | undefined | null, cancel?: CancelToken | undefined | null): Promise<CreatedData | Failure>
  /** The admin key of that id. */
  adminKeysGet(id: string, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** Admin keys. */
  adminKeysList(input: ListInput, cancel?: CancelToken | undefined | null): Promise<KeyPage | Failure>
  /** Kills an admin key. */
  adminKeysRevoke(id: string, why?: string | undefined | null, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** Whether a secret is that of an admin key in good standing. */
  adminKeysVerify(secret: string | Uint8Array | NativeSecret, cancel?: CancelToken | undefined | null): Promise<Answer | Failure>
  /** Begins an export. */
  exportKeys(): NativeExport
  /** The answer if it is at hand. */
  authorizeNow(request: RequestInput, scopes?: Array<string> | undefined | null, cost?: number | undefined | null, by?: NativePolicy | undefined | null): Decision | null | Failure
  /** The answer. */
  authorize(request: RequestInput, scopes?: Array<string> | undefined | null, cost?: number | undefined | null, by?: NativePolicy | undefined | null, cancel?: CancelToken | undefined | null): Promise<Decision | Failure>
  /** Takes keys over. */
  importKeys(records: Array<RecordInput>, cancel?: CancelToken | undefined | null): Promise<ReportData | Failure>
  /** r" The key of that id. */
  get(id: string, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** r" Ends the old version. */
  finishRotation(id: string, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** r" Ends the new version. */
  cancelRotation(id: string, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** r" Switches it off. */
  disable(id: string, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** r" Switches it on. */
  enable(id: string, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** Issues a key. */
  create(name: string, input: CreateInput, cancel?: CancelToken | undefined | null): Promise<CreatedData | Failure>
  /** Keys. */
  list(input: ListInput, cancel?: CancelToken | undefined | null): Promise<KeyPage | Failure>
  /** Changes a key. */
  update(id: string, input: UpdateInput, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** Gives it a new secret. */
  rotate(id: string, overlap?: number | undefined | null, cancel?: CancelToken | undefined | null): Promise<CreatedData | Failure>
  /** Kills it. */
  revoke(id: string, why?: string | undefined | null, cancel?: CancelToken | undefined | null): Promise<KeyData | Failure>
  /** Kills all of an owner's. */
  revokeAll(owner: string, why?: string | undefined | null, cancel?: CancelToken | undefined | null): Promise<number | Failure>
  /** How often it was used, day by day. */
  usage(id: string, days: number, cancel?: CancelToken | undefined | null): Promise<Array<DailyUseData> | Failure>
  /** The brand of the store. */
  get brand(): string
  /** The file of the store. */
  get path(): string | null
  /** The same store with someone else acting. */
  actingAs(actor: string, ip?: string | undefined | null): NativeManager | Failure
  /** Stores what is held back. */
  flush(cancel?: CancelToken | undefined | null): Promise<undefined | Failure>
  /** Lets go of the store. */
  close(): Promise<undefined | Failure>
  /** What there is to tell since it was last asked. */
  takeLog(): Array<LogData>
  /**
   * The answer if it is at hand; the bare code's place in `verify_codes` where there is no more
   * to it, so that a flood of wrong secrets makes no objects.
   */
  verifyNow(secret: string | Uint8Array | NativeSecret, scopes?: Array<string> | undefined | null, ip?: string | undefined | null, cost?: number | undefined | null): number | Answer | null | Failure
  /** The answer, waited for on this thread. */
  verifySync(secret: string | Uint8Array | NativeSecret, scopes?: Array<string> | undefined | null, ip?: string | undefined | null, cost?: number | undefined | null): Answer | Failure
  /** The answer. */
  verify(secret: string | Uint8Array | NativeSecret, scopes?: Array<string> | undefined | null, ip?: string | undefined | null, cost?: number | undefined | null, cancel?: CancelToken | undefined | null): Promise<Answer | Failure>
  /** Which key is this? */
  identify(secret: string | Uint8Array | NativeSecret, cancel?: CancelToken | undefined | null): Promise<KeyData | undefined | null | Failure>
  /** Events. */
  audit(input: AuditInput, cancel?: CancelToken | undefined | null): Promise<EventPage | Failure>
  /** The first broken link. */
  verifyAudit(cancel?: CancelToken | undefined | null): Promise<BrokenLinkData | undefined | null | Failure>
  /** The response of the page. */
  keysPage(owner: string, request: RequestInput, page: NativePage, cancel?: CancelToken | undefined | null): Promise<PageData | Failure>
}

/** The page. */
export declare class NativePage {
  /** Reads the options. */
  static make(input: PageInput): NativePage | Failure
  /** The largest body that is read. */
  static largestBody(): number
}

/** How keys are presented, and how a refusal is told. */
export declare class NativePolicy {
  /** Reads the options. */
  static make(header?: string | undefined | null, trustedProxies?: Array<string> | undefined | null, errorForm?: string | undefined | null): NativePolicy | Failure
}

/** A secret. JavaScript wraps it in its own class `Secret`. */
export declare class NativeSecret {
  /** The secret itself. JavaScript's copy can't be wiped. */
  reveal(): string | Failure
  /** Wipes it now. */
  dispose(): void
  /** What may be shown of it. */
  get redactedValue(): string
  /** How it shows itself. */
  get shown(): string
}

/** How a store is opened. */
export interface OpenInput {
  /** The pepper itself. */
  pepper?: string
  /** The file with the pepper. */
  pepperFile?: string
  /** The brand of a new store. */
  brand?: string
  /** The classes that verify accepts. */
  acceptedClasses?: Array<string>
  /** Whether the store must be there. */
  mustExist?: boolean
  /** Who acts. */
  actor?: string
  /** Whether anyone listens to the log. */
  log?: boolean
}

/** Who a key belongs to. */
export interface OwnerData {
  /** Which sort. */
  type: string
  /** Which one. */
  id: string
}

/** A whole response. */
export interface PageData {
  /** The status. */
  status: number
  /** Names and values by turns. */
  headers: Array<string>
  /** The body. */
  body: Buffer
}

/** What an application decides about the page. */
export interface PageInput {
  /** Its heading. */
  title?: string
  /** Its language. */
  language?: string
  /** What keys can be permitted. */
  permissions?: Array<PermissionInput>
  /** Whether a key may be given all. */
  allowAll?: boolean
  /** Whole seconds; null for ever. */
  expiries?: Array<number | null>
  /** Whether a day may be named. */
  allowDate?: boolean
  /** The project of new keys. */
  project?: string
  /** Their class. */
  class?: string
  /** Their rate limit. */
  rateLimit?: string
  /** Their credits. */
  credits?: number
  /** Their limits in full. */
  limits?: Array<LimitInput>
  /** Where they may be used from. */
  allowedIps?: Array<string>
  /** What is kept with them. */
  metadata?: Array<Pair>
  /** Whether it is shown. */
  showMetadata?: boolean
  /** The colour of buttons. */
  accent?: string
  /** The logo. */
  logo?: LogoInput
  /** CSS variables. */
  variables?: Array<Pair>
  /** The same where it is dark. */
  darkVariables?: Array<Pair>
  /** `auto`, `light` or `dark`. */
  colorScheme?: string
  /** Whose `X-Forwarded-For` counts. */
  trustedProxies?: Array<string>
  /** So many keys on a page of the list. */
  pageSize?: number
}

/**
 * A name and a value. Metadata crosses as a list of them: a plain object of JavaScript can't hold
 * every name.
 */
export interface Pair {
  /** The name. */
  name: string
  /** The value. */
  value: string
}

/** One thing that a key can be permitted. */
export interface PermissionInput {
  /** The scope. */
  scope: string
  /** What people read. */
  label: string
  /** Whether it only lets one see things. */
  readOnly?: boolean
}

/** A project. */
export interface ProjectData {
  /** `proj_…` */
  id: string
  /** Its name. */
  name: string
  /** `active` or `archived`. */
  status: string
  /** `svc_…` */
  defaultServiceAccountId: string
  /** Seconds. */
  defaultLifetimeSeconds: number | null
  /** Seconds. */
  maxLifetimeSeconds: number | null
  /** Unix seconds. */
  createdAt: number
  /** Unix seconds. */
  archivedAt: number | null
}

/** One key of another system. */
export interface RecordInput {
  /** Its name. */
  name: string
  /** Its secret. */
  secret?: string | Uint8Array | NativeSecret
  /** How it was hashed. */
  hashFormat?: string
  /** The hash. */
  hash?: string
  /** The key of an HMAC. */
  hashKey?: string | Uint8Array | NativeSecret
  /** The same in hexadecimal. */
  hashKeyHex?: string | NativeSecret
  /** What the secret begins with. */
  prefix?: string
  /** What may be shown. */
  redactedValue?: string
  /** Its project. */
  project?: string
  /** Its owner. */
  owner?: string
  /** Its class. */
  class?: string
  /** Its scopes. */
  scopes?: Array<string>
  /** Unix milliseconds. */
  expiresAt?: number
  /** Its networks. */
  allowedIps?: Array<string>
  /** Its metadata. */
  metadata?: Array<Pair>
  /** Its limits. */
  limits?: Array<LimitInput>
}

/** A record that was not taken over. */
export interface RefusedData {
  /** Which, from 0. */
  index: number
  /** The error's code. */
  code: string
  /** What was wrong. */
  message: string
}

/** What came of an import. */
export interface ReportData {
  /** Ids of keys. */
  imported: Array<string>
  /** Records that were refused. */
  refused: Array<RefusedData>
}

/** What of a request counts. */
export interface RequestInput {
  /** `GET`, `POST`, …. */
  method: string
  /** The path and the query, as they were received. */
  target: string
  /** Names and values by turns, as in Node's `rawHeaders`. */
  headers: Array<string | Uint8Array>
  /** The address at the other end. */
  peer?: string
  /** The body. */
  body?: string | Uint8Array | undefined
}

/** A service account. */
export interface ServiceAccountData {
  /** `svc_…` */
  id: string
  /** Its name. */
  name: string
  /** `proj_…` */
  projectId: string
  /** Unix seconds. */
  createdAt: number
}

/** New texts, or none at all. */
export interface TextsChange {
  /** The texts. */
  to?: Array<string>
}

/** What is to change. */
export interface UpdateInput {
  /** A new name. */
  name?: string
  /** New metadata. */
  metadata?: Array<Pair>
  /** New scopes. */
  scopes?: TextsChange
  /** New networks. */
  allowedIps?: TextsChange
  /** A new expiry. */
  expiresAt?: MomentChange
  /** New limits. */
  limits?: Array<LimitInput>
}

/** A user. */
export interface UserData {
  /** `user_…` */
  id: string
  /** Their name. */
  name: string
  /** Unix seconds. */
  createdAt: number
}

/** One secret of a key. */
export interface VersionData {
  /** `ver_…` */
  id: string
  /** 1 for the first. */
  number: number
  /** Its status. */
  status: string
  /** What may be shown. */
  redactedValue: string
  /** Unix seconds. */
  createdAt: number
  /** Unix seconds. */
  endsAt: number | null
  /** Unix seconds. */
  lastUsedAt: number | null
}

/** The names of the codes. */
export declare function authorizeCodes(): Array<string>

/** Opens a store. */
export declare function open(store: string | undefined | null, options: OpenInput, cancel?: CancelToken | undefined | null): Promise<NativeManager | Failure>

/**
 * Runs the command with the program's name as the first of its arguments, or called in another way;
 * gives its exit status.
 */
export declare function runCli(arguments: Array<string>, called?: string | undefined | null): number

/** The names of the codes, in the order of the table. */
export declare function verifyCodes(): Array<string>

/** The HTTP status that stands for each code, in the same order. */
export declare function verifyStatuses(): Array<number>

/** What a public wire says for each code, in the same order; nothing for `valid`. */
export declare function verifyWireCodes(): Array<string | undefined | null>
