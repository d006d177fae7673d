import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import { queryOf } from '../http/parameters.ts'
import { defaultEventTypes } from '../model/event-log.ts'
import { type AdminRequest, type Guarded, objectBody } from './admin-request.ts'
import { listQuery, part } from './list-query.ts'

/** The part of a list of events that is asked for, the newest first unless `direction` says otherwise. */
function shown<E extends { time: number }>({ req }: AdminRequest, events: readonly E[]): E[] {
  const query = listQuery(req)
  const direction = query.text('direction') ?? 'desc'
  if (!['asc', 'desc'].includes(direction)) throw new KeycloakError(400, { error: 'Invalid direction' })
  const wanted = query.text('dateFrom') ?? ''
  // Either milliseconds or a day.
  const from = /^\d+$/.test(wanted) ? Number(wanted) : Date.parse(wanted === '' ? '1970-01-01' : wanted)
  const found = events.filter(({ time }) => time >= from).sort((a, b) => a.time - b.time)
  return part(direction === 'asc' ? found : found.reverse(), query)
}

/** `/admin/realms/{realm}/admin-events` and `/events`: what administrators and people did. */
export function mountEvents(router: Router, on: Guarded) {
  const mayView = (call: AdminRequest) => call.admin.needs('view-events', 'manage-events')

  router.get(
    '/admin-events',
    on((call) => {
      mayView(call)
      call.res.json(shown(call, call.realm.events.admin))
    }),
  )
  router.get(
    '/events',
    on((call) => {
      mayView(call)
      const types = queryOf(call.req).getAll('type')
      const events = call.realm.events.user.filter(({ type }) => types.length === 0 || types.includes(type))
      call.res.json(shown(call, events))
    }),
  )
  router.get(
    '/events/config',
    on((call) => {
      mayView(call)
      const { eventsEnabled, eventsExpiration, enabledEventTypes, ...rest } = call.realm.settings
      call.res.json({
        eventsEnabled: eventsEnabled ?? false,
        ...(eventsExpiration === undefined ? {} : { eventsExpiration }),
        enabledEventTypes: enabledEventTypes?.length ? enabledEventTypes : defaultEventTypes,
        adminEventsEnabled: rest.adminEventsEnabled ?? false,
        adminEventsDetailsEnabled: rest.adminEventsDetailsEnabled ?? false,
      })
    }),
  )
  router.put(
    '/events/config',
    on((call) => {
      call.admin.needs('manage-events')
      Object.assign(call.realm.settings, objectBody(call.req))
      call.res.status(204).end()
    }),
  )
}
