import { Router } from 'express'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { onlyThese } from '../../platform/http/only-these.ts'
import { readQuery } from '../../platform/http/read-input.ts'
import type { KeycloakEventLog } from '../../platform/keycloak/events/keycloak-event-log.ts'
import { answer } from '../administrator.ts'
import { eventInput } from './event-input.ts'

/** What happened at Keycloak. @param log undefined where no Keycloak service account is configured */
export function eventRoutes(log: KeycloakEventLog | undefined): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const keycloak = (): KeycloakEventLog => {
    if (log === undefined)
      throw new GatewayError('KEYCLOAK_REQUIRED', { reason: 'KEYCLOAK_ADMIN_CLIENT_ID is not set' })
    return log
  }

  router.get('/events/logins', async function listLogins(req, res) {
    const { type: types, ...query } = readQuery(eventInput.logins, req)
    const { enabled, keptTypes, ...page } = await keycloak().logins({ ...query, types })
    const typesNotKept = (types ?? []).filter((type) => !keptTypes.includes(type))
    const { first, max } = query
    answer(req, res, messageFor(enabled), { ...page, eventsEnabled: enabled, typesNotKept, first, max })
  })

  router.get('/events/admin', async function listAdminActs(req, res) {
    const { operation: operations, resourceType: resourceTypes, ...query } = readQuery(eventInput.adminActs, req)
    const { enabled, ...page } = await keycloak().adminActs({ ...query, operations, resourceTypes })
    const { first, max } = query
    answer(req, res, messageFor(enabled), { ...page, eventsEnabled: enabled, first, max })
  })

  for (const path of ['/events/logins', '/events/admin']) router.all(path, onlyThese('GET, HEAD'))
  return router
}

function messageFor(enabled: boolean): string {
  return enabled ? 'Events found' : 'The realm does not remember such events; switch them on in its event settings'
}
