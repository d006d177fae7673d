/** How a service client proves itself at the token endpoint. */
export type ClientAuthentication = 'client_secret' | 'private_key_jwt'

/** Where Keycloak finds the public keys of a client that signs: given once, or fetched by it from an address. */
export type ClientKeys = { readonly jwks: string } | { readonly jwksUrl: string }

/** A client that was registered through the gateway, as Keycloak has it; never its secret. */
export interface ServiceClient {
  readonly id: string
  readonly clientId: string
  readonly name: string | null
  readonly description: string | null
  readonly enabled: boolean
  readonly authentication: ClientAuthentication
  /** Of its access tokens, in seconds; null means the realm's. */
  readonly lifetimeSeconds: number | null
  /** Client scopes in each of its tokens, those of every client included. */
  readonly scopes: readonly string[]
  /** Whether somebody changed it at Keycloak so that it can do more than its scopes say. */
  readonly altered: boolean
  /** Set from the first step of a registration to the last; such a client is not there yet for anybody. */
  readonly pending: string | null
  /** Until when the former secret still works, milliseconds since the epoch; null when it does not. */
  readonly formerSecretUntil: number | null
}

export interface NewServiceClient {
  readonly clientId: string
  readonly name: string | null
  readonly description: string | null
  readonly lifetimeSeconds: number | null
  readonly scopes: readonly string[]
  /** Absent: it gets a secret. */
  readonly keys: ClientKeys | undefined
  readonly pending: string
}

export interface ServiceClientChanges {
  readonly name?: string | null | undefined
  readonly description?: string | null | undefined
  readonly lifetimeSeconds?: number | null | undefined
  readonly enabled?: boolean
  /** A registration is complete. */
  readonly pending?: null
}

/** A role as Keycloak maps it; `owner` is null for a role of the realm. */
export interface MappedRole {
  readonly id: string
  readonly name: string
  readonly composite: boolean
  readonly owner: { readonly id: string; readonly clientId: string } | null
}

/**
 * What the gateway asks of Keycloak to look after service clients. Only clients that carry the gateway's mark are ever
 * answered or touched: all others are not there. Every call may throw KEYCLOAK_UNAVAILABLE or KEYCLOAK_REFUSED.
 */
export interface KeycloakServiceClients {
  /** All whose `clientId` begins so, half registered ones included. */
  list(prefix: string): Promise<ServiceClient[]>
  read(id: string): Promise<ServiceClient | undefined>
  find(clientId: string): Promise<ServiceClient | undefined>
  /** Makes a client that is disabled and pending; answers its id, or undefined when the `clientId` is taken. */
  create(client: NewServiceClient): Promise<string | undefined>
  /** Answers Keycloak's time, milliseconds since the epoch, or undefined when the client is gone. */
  update(id: string, changes: ServiceClientChanges): Promise<number | undefined>
  remove(id: string): Promise<void>
  /** Ids of the realm's client scopes by name. */
  scopeIds(): Promise<ReadonlyMap<string, string>>
  /** The roles whose holders alone get a scope. */
  rolesOfScope(scopeId: string): Promise<MappedRole[]>
  addScope(id: string, scopeId: string): Promise<void>
  /** Answers Keycloak's time. */
  removeScope(id: string, scopeId: string): Promise<number>
  /** The user that stands for the client: `sub` of its tokens. */
  accountOf(id: string): Promise<string>
  /** Roles that the client may use beside those of its scopes; none, unless somebody gave it some at Keycloak. */
  ownScopeRoles(id: string): Promise<MappedRole[]>
  giveRoles(account: string, roles: readonly MappedRole[]): Promise<void>
  takeRoles(account: string, roles: readonly MappedRole[]): Promise<void>
  secretOf(id: string): Promise<string>
  /** Answers the new secret. */
  rotateSecret(id: string): Promise<string>
}
