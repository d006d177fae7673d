import { Router } from 'express'
import { createAuthorize } from '../access/authorize.ts'
import { type AssignToGroups, createAssignToGroups } from '../admin/groups/assign-to-groups.ts'
import { type ChangeGroups, createChangeGroups } from '../admin/groups/change-groups.ts'
import { groupAccessRoutes, type Membership } from '../admin/groups/group-access-routes.ts'
import { createGroupDesk } from '../admin/groups/group-desk.ts'
import { groupRoutes } from '../admin/groups/group-routes.ts'
import { createMoveGroup, type MoveGroup } from '../admin/groups/move-groups.ts'
import { createReadGroups, type ReadGroups } from '../admin/groups/read-groups.ts'
import { letBodyCome } from '../edge/expectation.ts'
import type { AdminConfig, Config } from '../platform/config/config.ts'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { jsonBody } from '../platform/http/json-body.ts'
import { createHttpKeycloakGroups } from '../platform/keycloak/groups/http-keycloak-groups.ts'
import type { Administration } from './admin.ts'
import type { AuditTrail } from './audit.ts'
import type { Caches } from './caches.ts'
import { connectAdmin } from './connect-admin.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'
import type { Revocation } from './revocation.ts'

export interface GroupDeskRooms {
  provider: Provider
  revocation: Revocation
  caches: Caches
  audit: AuditTrail
  /** Of the desk for users, so that there is one way into a group. */
  membership: Membership
}

/** Where administrators look after groups; everything answers 501 where no Keycloak is administered. */
export function assembleGroupDesk(
  config: Config,
  foundation: Foundation,
  admin: Administration | undefined,
  rooms: GroupDeskRooms,
): Router {
  const account = config.admin
  const desk =
    admin === undefined || account === undefined ? closedDesk() : openDesk(config, foundation, account, admin, rooms)
  const body = jsonBody(letBodyCome)
  const { managementPrefix: prefix } = config.server
  return Router()
    .use(groupRoutes({ ...desk, jsonBody: body, prefix }))
    .use(groupAccessRoutes({ ...desk, membership: rooms.membership, jsonBody: body }))
}

interface Desk {
  read: ReadGroups
  change: ChangeGroups
  move: MoveGroup
  assign: AssignToGroups
}

function openDesk(
  config: Config,
  foundation: Foundation,
  account: AdminConfig,
  admin: Administration,
  { provider, revocation, caches, audit }: GroupDeskRooms,
): Desk {
  const { clock, log, turns } = foundation
  const { users, roles } = admin
  const needs = 'view-users and manage-users'
  const groups = createHttpKeycloakGroups(
    connectAdmin({ ...{ config, foundation, provider, account, needs }, target: 'keycloak:groups' }),
  )
  const renew = (subject: string | null) => revocation.cutOffs.raise({ kind: 'renew', subject, at: clock.now() })
  const desk = createGroupDesk({
    ...{ groups, roles, users, audit, log },
    inTurn: turns.run,
    authorize: createAuthorize({ roles, users }),
    async renewAccess(members) {
      await Promise.all(members === 'everyone' ? [renew(null)] : members.map(renew))
    },
    forget: caches.forgetAdministered,
  })
  return {
    read: createReadGroups(admin.people, groups, admin.isAway),
    change: createChangeGroups(desk),
    move: createMoveGroup(desk),
    assign: createAssignToGroups(desk),
  }
}

function closedDesk(): Desk {
  const closed = async (): Promise<never> => {
    throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'KEYCLOAK_ADMIN_CLIENT_ID is not set' })
  }
  return {
    read: { find: closed, ofUser: closed, one: closed, children: closed, members: closed },
    change: { create: closed, change: closed, remove: closed },
    move: closed,
    assign: { roles: closed, giveRoles: closed, takeRoles: closed },
  }
}
