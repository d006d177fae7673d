import type { Router } from 'express'
import { eventRoutes } from '../admin/events/event-routes.ts'
import type { Config } from '../platform/config/config.ts'
import { createHttpKeycloakEventLog } from '../platform/keycloak/events/http-keycloak-event-log.ts'
import { connectAdmin } from './connect-admin.ts'
import type { Foundation } from './foundation.ts'
import type { Provider } from './provider.ts'

/** Where administrators read what happened at Keycloak; answers 501 where none is administered. */
export function assembleEventDesk(config: Config, foundation: Foundation, provider: Provider): Router {
  const account = config.admin
  if (account === undefined) return eventRoutes(undefined)
  // Not the connection of the watch over revocations: somebody who turns pages must not be in its way.
  const target = 'keycloak:event-log'
  const http = connectAdmin({ config, foundation, provider, account, target, needs: 'view-events' })
  return eventRoutes(createHttpKeycloakEventLog(http))
}
