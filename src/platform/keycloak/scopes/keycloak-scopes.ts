import type { RoleView } from '../roles/keycloak-roles.ts'

/** What can be said about a client scope. */
export interface ScopeFields {
  readonly name: string
  readonly description: string | null
  /** What it opens, for people to read; Keycloak keeps it and does nothing with it. */
  readonly resource: string | null
  /** Whether its name stands in the `scope` of tokens. */
  readonly includeInTokenScope: boolean
  readonly showOnConsentScreen: boolean
  /** What people read where they are asked; null means the name. */
  readonly consentText: string | null
}

/** A client scope of the realm, for OpenID Connect. */
export interface Scope extends ScopeFields {
  readonly id: string
}

/** Where a scope is in use. */
export interface ScopeUse {
  /** Clients that have it, in the order of their ids; `always` in each of their tokens, `on request` when they ask for it. */
  readonly clients: readonly { id: string; clientId: string; as: ScopeUseKind }[]
  /** How a client gets it that somebody registers without naming its scopes; null when it does not. */
  readonly ofNewClients: ScopeUseKind | null
}

export type ScopeUseKind = 'always' | 'on request'

/**
 * Client scopes and the roles mapped to them. Scopes of other protocols than OpenID Connect are not there. Every answer is
 * fresh; everything throws GatewayError KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED.
 */
export interface KeycloakScopes {
  /** All of them, in the order of their names. */
  list(): Promise<Scope[]>
  /** @throws GatewayError SCOPE_NOT_FOUND */
  read(id: string): Promise<Scope>
  /** @throws GatewayError SCOPE_NOT_FOUND */
  rolesOf(id: string): Promise<RoleView[]>
  /** @throws GatewayError KEYCLOAK_REFUSED when Keycloak would leave clients out */
  useOf(scope: Pick<Scope, 'id' | 'name'>): Promise<ScopeUse>
  /**
   * Answers the id.
   * @param mark by which `discard` finds it when the answer is lost
   * @throws GatewayError SCOPE_EXISTS
   */
  create(fields: ScopeFields, mark: string): Promise<string>
  /** Removes what was made with this mark, if it was made. */
  discard(mark: string): Promise<void>
  /** Mappers, and attributes that are not named here, stay. @throws GatewayError SCOPE_NOT_FOUND, SCOPE_EXISTS */
  change(before: Scope, changes: Partial<ScopeFields>): Promise<void>
  /** Takes it from every client too. @throws GatewayError SCOPE_NOT_FOUND */
  remove(id: string): Promise<void>
  /**
   * All of these roles or, when one is refused, none; all of the realm, or all of one client.
   * @throws GatewayError SCOPE_NOT_FOUND, ROLE_NOT_FOUND
   */
  mapRoles(id: string, roles: readonly RoleView[]): Promise<void>
  unmapRoles(id: string, roles: readonly RoleView[]): Promise<void>
}
