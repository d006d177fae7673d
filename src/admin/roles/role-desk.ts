import { ADMINISTRATOR } from '../../access/permissions.ts'
import type { RoleConcerned } from '../../access/read-standings.ts'
import type { KeycloakRoleCatalogue, RoleDetail } from '../../platform/keycloak/roles/keycloak-role-catalogue.ts'
import type { GroupsToCome, KeycloakRoles, RoleView } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { Administrator } from '../administrator.ts'
import { createRecordWrite, type RecordWriteParts, type Write } from '../record-write.ts'
import { rolesOfKeys } from '../roles-of-keys.ts'

export interface RoleDeskParts extends RecordWriteParts {
  catalogue: KeycloakRoleCatalogue
  roles: Pick<KeycloakRoles, 'find' | 'isStillHeld'>
  /** What was issued to anybody is renewed before it is used again: nobody knows quickly who holds a role in some way. */
  renewEveryone: () => Promise<unknown>
  /** Ids of the gateway's own routes that ask for a role. */
  routesAskingFor: (key: string) => string[]
}

/** A write of one role, or of one that is being created (`id` null). */
export type RoleWrite<T> = Omit<Write<T>, 'target'> & { id: string | null }

/** How every administrative write of roles is done: one at a time in the whole cluster, allowed, recorded, carried out. */
export interface RoleDesk extends RoleDeskParts {
  /** One change of roles at a time: two at once could put each of two roles into the other. */
  inRoleTurn<T>(work: () => Promise<T>): Promise<T>
  /** With the role as it is at the beginning of the turn. @throws GatewayError ROLE_NOT_FOUND */
  withRole<T>(id: string, work: (role: RoleDetail) => Promise<T>): Promise<T>
  /** The roles of these keys. @param field what named them @throws GatewayError INVALID_REQUEST naming each that is not there */
  find(keys: readonly string[], field: string): Promise<RoleView[]>
  /** @throws GatewayError INSUFFICIENT_PERMISSIONS, LAST_ADMINISTRATOR, AUDIT_UNAVAILABLE, and whatever `change` throws */
  write<T>(by: Administrator, write: RoleWrite<T>): Promise<T>
  /** What decides whether a role may be changed. @param toCome what ends, where something ends */
  concerned(role: RoleView, toCome?: GroupsToCome): RoleConcerned
  /** After a change of what holders may do; never fails it. */
  renew(): Promise<void>
}

const ROLES = 'roles'

export function createRoleDesk(parts: RoleDeskParts): RoleDesk {
  const { catalogue, roles, renewEveryone, inTurn, log } = parts
  const record = createRecordWrite(parts)
  const inRoleTurn = <T>(work: () => Promise<T>) => inTurn(ROLES, work)

  return {
    ...parts,
    inRoleTurn,
    withRole: (id, work) => inRoleTurn(async () => work(await catalogue.read(id))),
    find: (keys, field) => rolesOfKeys(roles, keys, field),
    write: (by, { id, ...what }) => record(by, { ...what, target: { kind: 'role', id } }),
    concerned: (role, toCome = {}) => ({
      role,
      keepsAdministrator: () => roles.isStillHeld(ADMINISTRATOR, toCome),
    }),
    async renew() {
      await renewEveryone().catch((error: unknown) =>
        log.warn('a change of roles counts only when tokens are renewed', { error }),
      )
    },
  }
}
