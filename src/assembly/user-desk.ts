import type { RequestHandler, Router } from 'express'
import { createAuthorize } from '../access/authorize.ts'
import { type AssignToUsers, createAssignToUsers } from '../admin/users/assign-to-users.ts'
import { type ChangeUsers, createChangeUsers } from '../admin/users/change-users.ts'
import { createReadUsers, type ReadUsers } from '../admin/users/read-users.ts'
import { createSecureUsers, type SecureUsers } from '../admin/users/secure-users.ts'
import { userAccessRoutes } from '../admin/users/user-access-routes.ts'
import { createUserDesk } from '../admin/users/user-desk.ts'
import { userRoutes } from '../admin/users/user-routes.ts'
import { letBodyCome } from '../edge/expectation.ts'
import { createEndSessions } from '../identity/session/end-sessions.ts'
import type { Config } from '../platform/config/config.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { jsonBody } from '../platform/http/json-body.ts'
import type { Administration } from './admin.ts'
import type { AuditTrail } from './audit.ts'
import type { Caches } from './caches.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { Revocation } from './revocation.ts'
import type { Sessions } from './sessions.ts'

export interface UserDeskRooms {
  provider: Provider
  sessions: Sessions
  revocation: Revocation
  caches: Caches
  audit: AuditTrail
}

export interface UserDesk {
  router: Router
  /** The one way into groups and out of them. */
  membership: Pick<AssignToUsers, 'join' | 'leave'>
}

/** Where administrators look after users; everything answers 501 where no Keycloak is administered. */
export function assembleUserDesk(
  config: Config,
  foundation: Foundation,
  admin: Administration | undefined,
  rooms: UserDeskRooms,
): UserDesk {
  const desk = admin === undefined ? closedDesk() : openDesk(config, foundation, admin, rooms)
  const body: RequestHandler[] = jsonBody(letBodyCome)
  const { managementPrefix: prefix } = config.server
  return {
    router: userRoutes({ ...desk, jsonBody: body, prefix }).use(userAccessRoutes({ ...desk, jsonBody: body })),
    membership: desk.assign,
  }
}

interface Desk {
  read: ReadUsers
  change: ChangeUsers
  secure: SecureUsers
  assign: AssignToUsers
}

function openDesk(
  config: Config,
  { clock, log, turns }: Foundation,
  admin: Administration,
  rooms: UserDeskRooms,
): Desk {
  const { provider, sessions, revocation, caches, audit } = rooms
  const { issuer } = config.provider
  const { users, roles } = admin
  const end = createEndSessions({
    ...{ store: sessions.store, endSession: sessions.endSession, keycloak: admin.sessions },
    ...{ revoke: provider.relyingParty.revoke, issuer, log },
  })
  const raise = (kind: 'end' | 'renew', subject: string) => revocation.cutOffs.raise({ kind, subject, at: clock.now() })
  const desk = createUserDesk({
    ...{ users, roles, audit, log },
    inTurn: turns.run,
    isAskedFor: (path) => config.routes.some(({ require }) => require.groups.includes(path)),
    authorize: createAuthorize({ roles, users }),
    async endAccess(userId) {
      await raise('end', userId)
      const ids = await sessions.store.find({ issuer, subject: userId }, Number.POSITIVE_INFINITY)
      return end({ ids, ssoOf: userId, why: 'ended-by-administrator' })
    },
    async renewAccess(userId) {
      await raise('renew', userId)
    },
    forget: caches.forgetAdministered,
  })
  const assign = createAssignToUsers(desk)
  return {
    read: createReadUsers(admin.people, assign.roles, admin.rolesOfUsers, admin.isAway),
    change: createChangeUsers(desk, config.admin?.userDeletion ?? 'hard'),
    secure: createSecureUsers(desk),
    assign,
  }
}

function closedDesk(): Desk {
  const closed = async (): Promise<never> => {
    throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'KEYCLOAK_ADMIN_CLIENT_ID is not set' })
  }
  return {
    read: { find: closed, one: closed, roles: closed },
    change: { create: closed, change: closed, enable: closed, disable: closed, remove: closed },
    secure: { setPassword: closed, requireActions: closed, lock: closed, unlock: closed, credentials: closed },
    assign: { roles: closed, giveRoles: closed, takeRoles: closed, join: closed, leave: closed },
  }
}
