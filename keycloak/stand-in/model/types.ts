import type { EventLog } from './event-log.ts'
import type { KeyRing } from './key-ring.ts'
import type { LoginFailures } from './login-failures.ts'
import type { RealmSettings } from './realm-settings.ts'
import type { Sessions } from './sessions.ts'

/** A role's name with its owner, as the gateway writes it: `realm:<role>` or `client:<clientId>:<role>`. */
export type RoleKey = string

export type Role = {
  id: string
  key: RoleKey
  name: string
  /** The owning client's `clientId`; absent for a realm role. */
  client?: string
  description?: string
  attributes: Record<string, string[]>
  composites: Set<RoleKey>
}

export type Group = {
  id: string
  name: string
  description?: string
  path: string
  parentId?: string
  attributes: Record<string, string[]>
  roles: Set<RoleKey>
}

export type User = {
  id: string
  username: string
  enabled: boolean
  email?: string
  emailVerified: boolean
  firstName?: string
  lastName?: string
  /** Milliseconds since 1970. */
  createdTimestamp: number
  attributes: Record<string, string[]>
  requiredActions: string[]
  /** Tokens issued before this second are refused. */
  notBefore: number
  /** Kept as it came in the realm file: this is a development stand-in, whose passwords stand in a file anyway. */
  password?: string
  /** Milliseconds since 1970; absent: as old as the person. */
  passwordSetAt?: number
  /** Authenticator apps and passkeys: kept to be listed and removed, never asked for. */
  otherCredentials?: { id: string; type: string; userLabel?: string; createdDate: number }[]
  /** What applications were allowed, by `clientId`. */
  consents?: Map<string, { scopes: string[]; createdDate: number }>
  roles: Set<RoleKey>
  groups: Set<string>
  /** The `clientId` this account serves; such accounts never sign in with a password. */
  serviceAccountOf?: string
}

export type Mapper = { name: string; type: string; config: Record<string, string> }

export type ClientScope = {
  id: string
  name: string
  description?: string
  /** As Keycloak keeps them; `include.in.token.scope` among them. */
  attributes: Record<string, string>
  mappers: Mapper[]
  /** Whether the name shows up in a token's `scope`. */
  inTokenScope: boolean
  /** When not empty, only holders of one of these roles get the scope. */
  roles: Set<RoleKey>
}

export type Client = {
  id: string
  clientId: string
  name?: string
  description?: string
  enabled: boolean
  publicClient: boolean
  bearerOnly: boolean
  /** `client-secret` or `client-jwt`. */
  authenticator: string
  secret?: string
  standardFlow: boolean
  directGrants: boolean
  serviceAccounts: boolean
  frontchannelLogout: boolean
  fullScopeAllowed: boolean
  redirectUris: string[]
  webOrigins: string[]
  attributes: Record<string, string>
  mappers: Mapper[]
  defaultScopes: string[]
  optionalScopes: string[]
  notBefore: number
  /** Roles this client may put into tokens although full scope is off. */
  scopeRoles: Set<RoleKey>
}

/** A code waiting at the redirect URI to be exchanged, once, within `accessCodeLifespan`. */
export type PendingCode = {
  clientId: string
  redirectUri: string
  scope: string | undefined
  nonce: string | undefined
  codeChallenge: string | undefined
  sid: string
  acr: string
  authTime: number
  /** Whether the session began with this very login. */
  opensSession: boolean
  /** Second after which it is worth nothing. */
  expires: number
  used: boolean
}

/** Parameters pushed ahead of a login (RFC 9126), waiting for the browser. */
export type PushedRequest = { clientId: string; parameters: Record<string, string>; expires: number; used: boolean }

/** A link in a mail, by its key. */
export type ActionToken = {
  kind: 'actions' | 'verify' | 'new-address'
  userId: string
  /** What is still to be done, in this order. */
  actions: string[]
  carriedOut?: string[]
  /** Where it was sent to. */
  email: string
  /** Second after which it is worth nothing. */
  expires: number
  used: boolean
}

export type Realm = {
  id: string
  name: string
  issuer: string
  settings: RealmSettings
  notBefore: number
  roles: Map<RoleKey, Role>
  groups: Map<string, Group>
  users: Map<string, User>
  clients: Map<string, Client>
  scopes: Map<string, ClientScope>
  keys: KeyRing
  sessions: Sessions
  failures: LoginFailures
  events: EventLog
  codes: Map<string, PendingCode>
  pushed: Map<string, PushedRequest>
  /** `jti` of single access tokens that were revoked, with the second they expire anyway. */
  revokedTokens: Map<string, number>
  actionTokens: Map<string, ActionToken>
}
