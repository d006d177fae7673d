import type { EndReport } from '../../identity/session/end-sessions.ts'
import type { UserDetail } from '../../platform/keycloak/people/keycloak-admin.ts'
import type { KeycloakRoles } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { KeycloakUsers } from '../../platform/keycloak/users/keycloak-users.ts'
import type { Administrator } from '../administrator.ts'
import { createRecordWrite, type RecordWriteParts, type Write } from '../record-write.ts'

export interface UserDeskParts extends RecordWriteParts {
  users: KeycloakUsers
  roles: KeycloakRoles
  /** Ends every session and every token of a person, here and at Keycloak. @throws GatewayError SESSION_STORE_UNAVAILABLE */
  endAccess: (userId: string) => Promise<EndReport>
  /** What was issued to a person is renewed before it is used again, so that new roles count at once. */
  renewAccess: (userId: string) => Promise<void>
}

/** A write of one user, or of one that is being created. */
export type UserWrite<T> = Omit<Write<T>, 'target'>

/** How every administrative write of users is done: one at a time for each user in the whole cluster, allowed, recorded, then carried out. */
export interface UserDesk extends UserDeskParts {
  /** With the user as it is at the beginning of the turn. @throws GatewayError USER_NOT_FOUND, CHANGE_IN_PROGRESS */
  withUser<T>(id: string, work: (user: UserDetail) => Promise<T>): Promise<T>
  /**
   * Asks whether it is allowed, records that it is intended, does it, records what became of it.
   * @throws GatewayError INSUFFICIENT_PERMISSIONS, LAST_ADMINISTRATOR, AUDIT_UNAVAILABLE, and whatever `change` throws
   */
  write<T>(by: Administrator, write: UserWrite<T>): Promise<T>
}

export function createUserDesk(parts: UserDeskParts): UserDesk {
  const record = createRecordWrite(parts)

  return {
    ...parts,
    withUser: (id, work) => parts.inTurn(`user ${id}`, async () => work(await parts.users.read(id))),
    write: (by, what) => record(by, { ...what, target: { kind: 'user', id: what.act.target?.id ?? null } }),
  }
}
