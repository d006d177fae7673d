import type { Router } from 'express'
import type { Clock } from '../clock.ts'
import { endSession } from '../endpoints/backchannel-logout.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import { type Guarded, pathPart, userOf } from './admin-request.ts'

/** Ending sessions, and what brute-force detection remembers. */
export function mountSessions(router: Router, on: Guarded, clock: Clock) {
  router.delete(
    '/sessions/:sid',
    on(async ({ admin, realm, req, res }) => {
      admin.needs('manage-users')
      const sid = pathPart(req, 'sid')
      const offline = req.query.isOffline === 'true'
      const session = offline ? realm.sessions.findOffline(sid) : realm.sessions.find(sid)
      // The spelling is Keycloak's own.
      if (!session) throw new KeycloakError(404, { error: 'Sesssion not found' })
      if (offline) realm.sessions.endOffline(sid)
      else await endSession(realm, session, clock)
      res.status(204).end()
    }),
  )
  router.post(
    '/logout-all',
    on(({ admin, realm, res }) => {
      admin.needs('manage-users')
      realm.notBefore = clock.seconds()
      for (const session of realm.sessions.all()) realm.sessions.end(session.sid)
      res.json({})
    }),
  )
  router.get(
    '/attack-detection/brute-force/users/:id',
    on((call) => {
      call.admin.needs('view-users', 'manage-users')
      call.res.json(call.realm.failures.status(userOf(call).id))
    }),
  )
  router.delete(
    '/attack-detection/brute-force/users/:id',
    on((call) => {
      call.admin.needs('manage-users')
      call.realm.failures.clear(userOf(call).id)
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/attack-detection/brute-force/users',
    on((call) => {
      call.admin.needs('manage-users')
      call.realm.failures.clearAll()
      call.res.status(204).end()
    }),
  )
}
