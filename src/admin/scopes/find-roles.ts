import { isOfKeycloak } from '../../access/built-in-roles.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import type { RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { ScopeDesk } from './scope-desk.ts'

/**
 * The roles of these keys.
 * @throws GatewayError INVALID_REQUEST naming each one that is not there, or that no scope of the gateway may stand for
 */
export async function findRoles({ roles }: Pick<ScopeDesk, 'roles'>, keys: readonly string[]): Promise<RoleView[]> {
  const found = await Promise.all(keys.map((key) => roles.find(key)))
  const problems = await Promise.all(
    found.map(async (role) => {
      if (role === undefined) return 'is no role of this realm'
      const inside = role.composite ? await roles.expanded([role]) : [role]
      return inside.some(({ key }) => isOfKeycloak(key))
        ? 'is, or contains, a role of a client of Keycloak itself, such as realm-management or account'
        : undefined
    }),
  )
  const fields = problems.flatMap((problem, at) => (problem === undefined ? [] : [{ field: `roles.${at}`, problem }]))
  if (fields.length > 0) throw new GatewayError('INVALID_REQUEST', { details: { fields } })
  return found.filter((role) => role !== undefined)
}
