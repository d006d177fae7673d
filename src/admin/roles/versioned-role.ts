import { versionOf } from '../../platform/keycloak/people/resource-version.ts'
import type { RoleDetail } from '../../platform/keycloak/roles/keycloak-role-catalogue.ts'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import { refuseStale } from '../refuse-stale.ts'

/** What a version covers; always in this order. */
function covered({ name, description, attributes, composites }: RoleDetail) {
  return { name, description, attributes, composites: composites.map(({ key }) => key).sort() }
}

/** A role as administrators see it. */
export function versionedRole(role: RoleDetail) {
  return {
    ...{ id: role.id, role: role.key, name: role.name, client: role.client, description: role.description },
    ...{ attributes: role.attributes, composites: role.composites.map(roleRow), version: versionOf(covered(role)) },
  }
}

/** A role in a list. */
export const roleRow = ({ id, key, name, description, composite }: RoleView) => ({
  ...{ id, role: key, name, description, composite },
})

/** @throws GatewayError VERSION_CONFLICT telling what has changed since, and to what */
export function refuseStaleRole(role: RoleDetail, version: string | undefined): void {
  refuseStale(covered(role), version)
}
