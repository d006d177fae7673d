import { Router } from 'express'
import { auditRoutes } from '../admin/audit/audit-routes.ts'
import type { Config } from '../platform/config/config.ts'
import { noStrayQuery } from '../platform/http/no-stray-query.ts'
import type { Administration } from './admin.ts'
import { apiOperations } from './api-operations.ts'
import { assembleEventDesk } from './event-desk.ts'
import type { Foundation } from './foundation.ts'
import { assembleGroupDesk } from './group-desk.ts'
import { assembleRoleDesk } from './role-desk.ts'
import { assembleScopeDesk } from './scope-desk.ts'
import type { SessionDesk } from './session-desk.ts'
import type { SettingDesk } from './setting-desk.ts'
import { assembleUserDesk, type UserDeskRooms } from './user-desk.ts'

export interface AdministrationRooms extends UserDeskRooms {
  sessionDesk: SessionDesk
  settingDesk: Pick<SettingDesk, 'routes'>
}

/** `/api/v1/admin`: everything administrators do; what needs Keycloak answers 501 where none is administered. */
export function assembleAdministration(
  config: Config,
  foundation: Foundation,
  admin: Administration | undefined,
  rooms: AdministrationRooms,
): Router {
  const { router, membership } = assembleUserDesk(config, foundation, admin, rooms)
  return Router()
    .use(noStrayQuery(apiOperations, '{prefix}/admin'))
    .use(router)
    .use(assembleGroupDesk(config, foundation, admin, { ...rooms, membership }))
    .use(assembleRoleDesk(config, foundation, admin, rooms))
    .use(assembleEventDesk(config, foundation, rooms.provider))
    .use(rooms.settingDesk.routes)
    .use(assembleScopeDesk(config, foundation, admin, rooms))
    .use(auditRoutes(rooms.audit.read))
    .use(rooms.sessionDesk.anyones)
}
