import { turnOfUser } from '../../access/turn-of-user.ts'
import type { EndReport } from '../../identity/session/end-sessions.ts'
import type { UserDetail } from '../../platform/keycloak/people/keycloak-admin.ts'
import type { KeycloakRoles } from '../../platform/keycloak/roles/keycloak-roles.ts'
import type { KeycloakUsers } from '../../platform/keycloak/users/keycloak-users.ts'
import type { Administrator } from '../administrator.ts'
import { createRecordWrite, type RecordWriteParts, type Write } from '../record-write.ts'
import { refuseStaleUser } from './versioned-user.ts'

export interface UserDeskParts extends RecordWriteParts {
  users: KeycloakUsers
  roles: KeycloakRoles
  /** Whether a route of the gateway asks for this group, by its full path. */
  isAskedFor: (groupPath: string) => boolean
  /** Ends every session and every token of a person, here and at Keycloak. @throws GatewayError SESSION_STORE_UNAVAILABLE */
  endAccess: (userId: string) => Promise<EndReport>
  /** What was issued to a person is renewed before it is used again, so that new roles count at once. */
  renewAccess: (userId: string) => Promise<void>
}

/** A write of one user, or of one that is being created. */
export type UserWrite<T> = Omit<Write<T>, 'target'>

/** How every administrative write of users is done: one at a time for each user in the whole cluster, allowed, recorded, then carried out. */
export interface UserDesk extends UserDeskParts {
  /**
   * With the user as it is at the beginning of the turn.
   * @param version as the administrator has read it; undefined for whatever is there
   * @throws GatewayError USER_NOT_FOUND, VERSION_CONFLICT, CHANGE_IN_PROGRESS
   */
  withUser<T>(id: string, work: (user: UserDetail) => Promise<T>, version?: string): Promise<T>
  /**
   * Asks whether it is allowed, records that it is intended, does it, records what became of it.
   * @throws GatewayError INSUFFICIENT_PERMISSIONS, LAST_ADMINISTRATOR, AUDIT_UNAVAILABLE, and whatever `change` throws
   */
  write<T>(by: Administrator, write: UserWrite<T>): Promise<T>
}

export function createUserDesk(parts: UserDeskParts): UserDesk {
  const record = createRecordWrite(parts)

  /** A version that is outdated may have been read from a cache that does not know better. */
  async function fromWhatIsThere(user: UserDetail, version: string | undefined): Promise<void> {
    try {
      refuseStaleUser(user, version)
    } catch (error) {
      await parts.forget()
      throw error
    }
  }

  return {
    ...parts,
    withUser: (id, work, version) =>
      parts.inTurn(turnOfUser(id), async () => {
        const user = await parts.users.read(id)
        await fromWhatIsThere(user, version)
        return work(user)
      }),
    write: (by, what) => record(by, { ...what, target: { kind: 'user', id: what.act.target?.id ?? null } }),
  }
}
