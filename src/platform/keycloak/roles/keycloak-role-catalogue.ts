import type { UserView } from '../people/keycloak-admin.ts'
import type { RoleView } from './keycloak-roles.ts'

/** What administrators set of a role. */
export interface RoleFields {
  name: string
  description: string | null
  attributes: Record<string, string[]>
}

/** A role with everything that is shown of it. */
export interface RoleDetail extends RoleView {
  /** The client whose role it is, by the name people know it by; null for a role of the realm. */
  client: string | null
  attributes: Record<string, string[]>
  /** The roles directly in it, by key. */
  composites: RoleView[]
}

/** Whose role: Keycloak's own id of a client, or null for the realm. */
export type RoleOwner = string | null

/** Where a role is used; lists by names that people know. */
export interface RoleUsage {
  /** People and service accounts it was given to directly; counted up to 100, then `moreUsers`. */
  users: number
  moreUsers: boolean
  /** Paths of groups. */
  groups: string[]
  /** Keys of roles that contain it directly. */
  roles: string[]
  /** Client scopes, and clients without full scope, whose tokens may carry it. */
  clientScopes: string[]
  clients: string[]
}

/**
 * The roles of a realm and of its clients, to be looked after. Reads are fresh. Everything throws GatewayError
 * KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED; what names a role also ROLE_NOT_FOUND.
 */
export interface KeycloakRoleCatalogue {
  /** By name; `search` is a part of the name or of the description. */
  page(
    owner: RoleOwner,
    query: { search?: string | undefined; first: number; max: number },
  ): Promise<{ roles: RoleView[]; hasMore: boolean }>
  /** Keycloak's own id of a client. @throws GatewayError INVALID_REQUEST naming `client` when there is none */
  owner(clientId: string): Promise<string>
  read(id: string): Promise<RoleDetail>
  /** The roles directly in this one. */
  composites(id: string): Promise<RoleView[]>
  /** To whom it was given directly. @throws GatewayError INVALID_REQUEST for a name that Keycloak cannot be asked about */
  holders(role: RoleView, page: { first: number; max: number }): Promise<{ users: UserView[]; hasMore: boolean }>
  usage(role: RoleView): Promise<RoleUsage>
  /**
   * Makes sure that roles of this owner can be written, and that these others can be put in or taken out.
   * @throws GatewayError KEYCLOAK_REQUIRED where no account for it is configured
   */
  makeSureItWrites(owner: RoleOwner, parts?: readonly RoleView[]): void
  /** @throws GatewayError ROLE_EXISTS */
  create(owner: RoleOwner, fields: RoleFields): Promise<void>
  /** All of the fields: Keycloak takes away a description that is not sent. @throws GatewayError ROLE_EXISTS */
  change(role: RoleView, fields: RoleFields): Promise<void>
  /** @throws GatewayError ROLE_PROTECTED where Keycloak keeps it */
  remove(role: RoleView): Promise<void>
  /** All of them, or none. */
  add(role: RoleView, parts: readonly RoleView[]): Promise<void>
  take(role: RoleView, parts: readonly RoleView[]): Promise<void>
}
