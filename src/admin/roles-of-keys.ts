import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakRoles, RoleView } from '../platform/keycloak/roles/keycloak-roles.ts'

/**
 * The roles of these keys.
 * @param field of the request that names them
 * @throws GatewayError INVALID_REQUEST naming each one that is not there
 */
export async function rolesOfKeys(
  roles: Pick<KeycloakRoles, 'find'>,
  keys: readonly string[],
  field = 'roles',
): Promise<RoleView[]> {
  const found = await Promise.all(keys.map((key) => roles.find(key)))
  const fields = found.flatMap((role, at) =>
    role === undefined ? [{ field: `${field}.${at}`, problem: 'is no role of this realm' }] : [],
  )
  if (fields.length > 0) throw new GatewayError('INVALID_REQUEST', { details: { fields } })
  return found.filter((role) => role !== undefined)
}

/** The keys of these roles, in their order, as the audit trail tells them. */
export const keysOf = (roles: readonly RoleView[]): string[] => roles.map(({ key }) => key).sort()
