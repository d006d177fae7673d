import { GatewayError } from '../platform/errors/gateway-error.ts'
import type { KeycloakRoles } from '../platform/keycloak/roles/keycloak-roles.ts'
import type { Turns } from '../platform/redis/turns.ts'
import { ADMINISTRATOR } from './permissions.ts'

/** The turn of all that may take an administrator away: two at once must not leave nobody. */
export const REMOVALS = 'removals of administrators'

/**
 * Does what makes somebody go, unless nobody would be left to administer.
 * @throws GatewayError LAST_ADMINISTRATOR, KEYCLOAK_UNAVAILABLE, CHANGE_IN_PROGRESS, COORDINATION_UNAVAILABLE
 */
export type KeepAnAdministrator = <T>(whoGoes: string, go: () => Promise<T>) => Promise<T>

export function createKeepAnAdministrator(
  roles: Pick<KeycloakRoles, 'effective' | 'isHeldByAnother'>,
  inTurn: Turns['run'],
): KeepAnAdministrator {
  const isAdministrator = async (id: string) => (await roles.effective(id)).some(({ key }) => key === ADMINISTRATOR)
  return async (whoGoes, go) => {
    if (!(await isAdministrator(whoGoes))) return go()
    return inTurn(REMOVALS, async () => {
      if (!(await roles.isHeldByAnother(ADMINISTRATOR, whoGoes))) throw new GatewayError('LAST_ADMINISTRATOR')
      return go()
    })
  }
}
