import type { Router } from 'express'
import type { Clock } from '../clock.ts'
import { endSession } from '../endpoints/backchannel-logout.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { Client } from '../model/types.ts'
import { type AdminRequest, type Guarded, pathPart, userOf } from './admin-request.ts'
import { sessionRow } from './representations.ts'

/** The person's offline sessions, by client. */
function offlineOf(call: AdminRequest, client: Client) {
  const all = call.realm.sessions.offlineOfUser(userOf(call).id)
  return all.filter(({ clients }) => clients.has(client.clientId))
}

/** Offline sessions, ending sessions, and what brute-force detection remembers. */
export function mountSessions(router: Router, on: Guarded, clock: Clock) {
  router.get(
    '/users/:id/offline-sessions/:client',
    on((call) => {
      call.admin.needs('view-users', 'manage-users')
      userOf(call)
      const client = [...call.realm.clients.values()].find(({ id }) => id === pathPart(call.req, 'client'))
      if (!client) throw new KeycloakError(404, { error: 'Client not found' })
      call.res.json(offlineOf(call, client).map((session) => sessionRow(call.realm, session)))
    }),
  )
  // Nobody is asked for consent here, so what remains are the clients that hold offline tokens.
  router.get(
    '/users/:id/consents',
    on((call) => {
      call.admin.needs('view-users', 'manage-users')
      const { consents = new Map() } = userOf(call)
      const holders = [...call.realm.clients.values()].filter((client) => offlineOf(call, client).length > 0)
      const row = ({ id, clientId }: Client) => ({
        clientId,
        grantedClientScopes: [],
        additionalGrants: [{ client: id, key: 'Offline Token' }],
      })
      const given = [...consents].map(([clientId, { scopes, createdDate }]) => ({
        ...{ clientId, grantedClientScopes: scopes, createdDate, lastUpdatedDate: createdDate, additionalGrants: [] },
      }))
      call.res.json([...given, ...holders.filter(({ clientId }) => !consents.has(clientId)).map(row)])
    }),
  )
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
  router.post(
    '/push-revocation',
    on(({ admin, res }) => {
      admin.needs('manage-realm')
      // For adapters that register themselves, which nothing here does.
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
