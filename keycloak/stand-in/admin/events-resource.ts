import type { Router } from 'express'
import { defaultEventTypes } from '../model/event-log.ts'
import { type AdminRequest, type Guarded, objectBody } from './admin-request.ts'
import { filterAdminEvents, filterUserEvents, shown } from './filter-events.ts'

/** `/admin/realms/{realm}/admin-events` and `/events`: what administrators and people did. */
export function mountEvents(router: Router, on: Guarded) {
  const mayView = (call: AdminRequest) => call.admin.needs('view-events', 'manage-events')

  router.get(
    '/admin-events',
    on((call) => {
      mayView(call)
      call.res.json(shown(call, filterAdminEvents(call, call.realm.events.admin)))
    }),
  )
  router.get(
    '/events',
    on((call) => {
      mayView(call)
      call.res.json(shown(call, filterUserEvents(call, call.realm.events.user)))
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
