import type { UserView } from '../../platform/keycloak/people/keycloak-admin.ts'
import type {
  KeycloakRoleCatalogue,
  RoleDetail,
  RoleUsage,
} from '../../platform/keycloak/roles/keycloak-role-catalogue.ts'
import type { KeycloakRoles, RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'

interface Page {
  first: number
  max: number
}

/** Where a role is used, at Keycloak and here. */
export type UsageHereToo = RoleUsage & { routes: string[] }

/** Roles as they are now. Everything throws GatewayError KEYCLOAK_UNAVAILABLE, KEYCLOAK_REFUSED. */
export interface ReadRoles {
  /** @param query with the client id whose roles are asked for @throws GatewayError INVALID_REQUEST for a client that is not there */
  find(
    query: Page & { search?: string | undefined; client?: string | undefined },
  ): Promise<{ roles: RoleView[]; hasMore: boolean }>
  /** @throws GatewayError ROLE_NOT_FOUND */
  one(id: string): Promise<RoleDetail>
  /** What is directly in it, and everything that is in it. @throws GatewayError ROLE_NOT_FOUND */
  composites(id: string): Promise<{ direct: RoleView[]; effective: RoleView[] }>
  /** To whom it was given directly, and the groups through which it is held. @throws GatewayError ROLE_NOT_FOUND */
  holders(id: string, page: Page): Promise<{ users: UserView[]; hasMore: boolean }>
  /** @throws GatewayError ROLE_NOT_FOUND */
  usage(id: string): Promise<UsageHereToo>
}

export interface ReadRolesParts {
  catalogue: KeycloakRoleCatalogue
  roles: Pick<KeycloakRoles, 'expanded'>
  routesAskingFor: (key: string) => string[]
}

export function createReadRoles({ catalogue, roles, routesAskingFor }: ReadRolesParts): ReadRoles {
  return {
    async find({ client, ...query }) {
      return catalogue.page(client === undefined ? null : await catalogue.owner(client), query)
    },
    one: catalogue.read,
    async composites(id) {
      const { composites: direct } = await catalogue.read(id)
      const effective = await roles.expanded(direct)
      return { direct, effective: effective.sort((a, b) => (a.key < b.key ? -1 : 1)) }
    },
    async holders(id, page) {
      return catalogue.holders(await catalogue.read(id), page)
    },
    async usage(id) {
      const role = await catalogue.read(id)
      return { ...(await catalogue.usage(role)), routes: routesAskingFor(role.key) }
    },
  }
}
