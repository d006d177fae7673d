import type {
  KeycloakServiceClients,
  MappedRole,
  ServiceClient,
} from '../platform/keycloak/clients/keycloak-service-clients.ts'
import type { Log } from '../platform/observability/log.ts'
import { completeOrUndo, type Step } from './complete-or-undo.ts'
import type { Grant } from './grants.ts'

export interface ChangeScopesParts {
  keycloak: Pick<KeycloakServiceClients, 'addScope' | 'removeScope' | 'giveRoles' | 'takeRoles'>
  log: Log
}

export interface ScopeChange {
  client: ServiceClient
  account: string
  add: readonly Grant[]
  remove: readonly Grant[]
  keep: readonly Grant[]
}

/**
 * Gives and takes scopes with the roles behind them, complete or not at all. A role comes before its scope and goes after
 * it: without the scope it has no effect, so at no moment does the client have more than before and after.
 * @returns Keycloak's time of the last scope that was taken, or undefined when none was
 */
export function createChangeScopes({ keycloak, log }: ChangeScopesParts) {
  return async function changeScopes({ client, account, add, remove, keep }: ScopeChange): Promise<number | undefined> {
    const { id, clientId } = client
    const [had, wanted] = [rolesOf([...keep, ...remove]), rolesOf([...keep, ...add])]
    const given = [...wanted.values()].filter((role) => !had.has(role.id))
    const taken = [...had.values()].filter((role) => !wanted.has(role.id))
    let takenAt: number | undefined
    const giving = add.map(
      (grant): Step => ({
        name: `add ${grant.name}`,
        run: () => keycloak.addScope(id, grant.scopeId),
        undo: async () => void (await keycloak.removeScope(id, grant.scopeId)),
      }),
    )
    const taking = remove.map(
      (grant): Step => ({
        name: `remove ${grant.name}`,
        async run() {
          takenAt = await keycloak.removeScope(id, grant.scopeId)
        },
        undo: () => keycloak.addScope(id, grant.scopeId),
      }),
    )
    const steps: Step[] = [
      {
        name: 'give roles',
        run: () => keycloak.giveRoles(account, given),
        undo: () => keycloak.takeRoles(account, given),
      },
      ...giving,
      ...taking,
      {
        name: 'take roles',
        run: () => keycloak.takeRoles(account, taken),
        undo: () => keycloak.giveRoles(account, taken),
      },
    ]
    await completeOrUndo(steps, (left, error) =>
      log.error('a change of scopes failed and could not be undone wholly; set them again', { clientId, left, error }),
    )
    return takenAt
  }
}

const rolesOf = (grants: readonly Grant[]): Map<string, MappedRole> =>
  new Map(grants.flatMap(({ roles }) => roles.map((role) => [role.id, role])))
