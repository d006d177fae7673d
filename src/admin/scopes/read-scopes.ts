import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { KeycloakScopes, Scope, ScopeUse } from '../../platform/keycloak/scopes/keycloak-scopes.ts'

interface Page {
  first: number
  max: number
}

/** Scopes as they are, always fresh: Keycloak is asked each time. */
export interface ReadScopes {
  /** @param search a part of the name, the description or the resource, in whatever case */
  find(query: Page & { search?: string | undefined }): Promise<{ scopes: Scope[]; total: number }>
  /** @throws GatewayError SCOPE_NOT_FOUND */
  one(id: string): Promise<Scope>
  /** @throws GatewayError SCOPE_NOT_FOUND */
  roles(id: string): Promise<RoleView[]>
  /** Where it is in use; a page of the clients. @throws GatewayError SCOPE_NOT_FOUND */
  use(id: string, page: Page): Promise<ScopeUse & { total: number }>
}

export function createReadScopes(scopes: KeycloakScopes): ReadScopes {
  return {
    async find({ search, first, max }) {
      const wanted = search?.toLowerCase()
      const found = (await scopes.list()).filter(
        ({ name, description, resource }) =>
          wanted === undefined || [name, description, resource].some((text) => text?.toLowerCase().includes(wanted)),
      )
      return { scopes: found.slice(first, first + max), total: found.length }
    },
    one: scopes.read,
    async roles(id) {
      await scopes.read(id)
      return scopes.rolesOf(id)
    },
    async use(id, { first, max }) {
      const { clients, ofNewClients } = await scopes.useOf(await scopes.read(id))
      return { clients: clients.slice(first, first + max), ofNewClients, total: clients.length }
    },
  }
}
