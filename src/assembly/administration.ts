import type { Router } from 'express'
import { auditRoutes } from '../admin/audit/audit-routes.ts'
import { groupRoutes } from '../admin/groups/group-routes.ts'
import type { Config } from '../platform/config/config.ts'
import type { Administration } from './admin.ts'
import type { Foundation } from './foundation.ts'
import type { SessionDesk } from './session-desk.ts'
import { assembleUserDesk, type UserDeskRooms } from './user-desk.ts'

export interface AdministrationRooms extends UserDeskRooms {
  sessionDesk: SessionDesk
}

/** `/api/v1/admin`: everything administrators do; what needs Keycloak answers 501 where none is administered. */
export function assembleAdministration(
  config: Config,
  foundation: Foundation,
  admin: Administration | undefined,
  rooms: AdministrationRooms,
): Router {
  return groupRoutes(admin?.people)
    .use(assembleUserDesk(config, foundation, admin, rooms))
    .use(auditRoutes(rooms.audit.read))
    .use(rooms.sessionDesk.anyones)
}
