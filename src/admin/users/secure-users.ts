import type { EndReport } from '../../identity/session/end-sessions.ts'
import { unavailable } from '../../platform/errors/gateway-error.ts'
import type { Credential } from '../../platform/keycloak/people/credential.ts'
import type { UserDetail } from '../../platform/keycloak/people/keycloak-admin.ts'
import type { LockState, NewPassword } from '../../platform/keycloak/users/keycloak-users.ts'
import type { Administrator } from '../administrator.ts'
import { refuseUnfit } from './refuse-unfit.ts'
import type { UserDesk } from './user-desk.ts'

/** Passwords, required actions, locks and other credentials of others. */
export interface SecureUsers {
  /** Ends every session of the user too: whoever knew the old password is out. */
  setPassword(by: Administrator, id: string, password: NewPassword, version?: string): Promise<EndReport>
  requireActions(by: Administrator, id: string, actions: readonly string[], version?: string): Promise<UserDetail>
  /** @throws GatewayError USER_NOT_FOUND */
  lock(id: string): Promise<LockState>
  unlock(by: Administrator, id: string, version?: string): Promise<LockState>
  /** Which there are and since when, as Keycloak says now. @throws GatewayError USER_NOT_FOUND */
  credentials(id: string): Promise<Credential[]>
}

export function createSecureUsers(desk: UserDesk): SecureUsers {
  const { users, endAccess, log } = desk

  return {
    setPassword: (by, id, password, version) =>
      desk.withUser(
        id,
        async (user) => {
          refuseUnfit(await users.rules(), { username: user.username, email: user.email, password: password.value })
          return desk.write(by, {
            action: 'user.reset-password',
            act: { permission: 'users.reset-password', target: user },
            after: { username: user.username, temporary: password.temporary },
            async change() {
              // First, because a password cannot be put back: when sessions cannot be ended, nothing has changed yet.
              const sessions = await endAccess(id)
              if (sessions.keycloak === 'unavailable')
                throw unavailable('KEYCLOAK_UNAVAILABLE', 'sessions at Keycloak could not be ended before the reset')
              await users.setPassword(id, password)
              // Somebody may have signed in with the old password in between.
              await endAccess(id).catch((error: unknown) =>
                log.warn('sessions of before a reset may be left', { error }),
              )
              return sessions
            },
          })
        },
        version,
      ),
    requireActions: (by, id, requiredActions, version) =>
      desk.withUser(
        id,
        async (user) => {
          refuseUnfit(await users.rules(), { username: user.username, requiredActions })
          await desk.write(by, {
            action: 'user.require-actions',
            act: { permission: 'users.write', target: user },
            before: { username: user.username, requiredActions: user.requiredActions },
            after: { requiredActions },
            change: () => users.change(user, { requiredActions }),
          })
          return users.read(id).catch(() => ({ ...user, requiredActions }))
        },
        version,
      ),
    async lock(id) {
      const [, state] = await Promise.all([users.read(id), users.lock(id)])
      return state
    },
    unlock: (by, id, version) =>
      desk.withUser(
        id,
        async (user) => {
          const { locked } = await users.lock(id)
          await desk.write(by, {
            action: 'user.unlock',
            act: { permission: 'users.write', target: user },
            before: { username: user.username, locked },
            after: { locked: false },
            change: () => users.unlock(id),
          })
          return users.lock(id)
        },
        version,
      ),
    async credentials(id) {
      const [, found] = await Promise.all([users.read(id), users.credentials(id)])
      return found
    },
  }
}
