import type { Router } from 'express'
import type { Clock } from '../clock.ts'
import { endSession } from '../endpoints/backchannel-logout.ts'
import { KeycloakError } from '../http/keycloak-error.ts'
import { type AdminRequest, type Guarded, jsonBody, objectBody, pathPart, userOf } from './admin-request.ts'
import { listQuery, part } from './list-query.ts'
import { groupRow, sessionRow, userDetail, userRow } from './representations.ts'
import { searchUsers } from './search-users.ts'
import { askForNewPassword, createUser, setPassword, updateUser } from './write-user.ts'

const mayView = (call: AdminRequest) => call.admin.needs('view-users', 'manage-users')
const mayManage = (call: AdminRequest) => call.admin.needs('manage-users')

function groupOfPath({ realm, req }: AdminRequest): string {
  const id = pathPart(req, 'groupId')
  if (!realm.groups.has(id)) throw new KeycloakError(404, { error: 'Group not found' })
  return id
}

/** `/admin/realms/{realm}/users`: people, their groups, their sessions. */
export function mountUsers(router: Router, on: Guarded, clock: Clock) {
  router.get(
    '/users',
    on((call) => {
      call.admin.needs('view-users', 'manage-users', 'query-users')
      const query = listQuery(call.req)
      const seen = call.admin.has('view-users', 'manage-users') ? part(searchUsers(call.realm, query), query) : []
      call.res.json(seen.map((user) => userRow(user, call.admin, query.isOn('briefRepresentation'))))
    }),
  )
  router.get(
    '/users/count',
    on((call) => {
      call.admin.needs('view-users', 'manage-users', 'query-users')
      call.res.json(searchUsers(call.realm, listQuery(call.req)).length)
    }),
  )
  router.post(
    '/users',
    on((call) => {
      mayManage(call)
      const user = createUser(call.realm, jsonBody(call.req), clock.now())
      const base = call.realm.issuer.replace('/realms/', '/admin/realms/')
      call.res.status(201).location(`${base}/users/${user.id}`).end()
    }),
  )
  router.get(
    '/users/:id',
    on((call) => {
      mayView(call)
      const shown = userDetail(userOf(call), call.admin)
      const readOnly = !call.realm.settings.editUsernameAllowed
      const userProfileMetadata = { attributes: [{ name: 'username', readOnly }], groups: [] }
      call.res.json(listQuery(call.req).isOn('userProfileMetadata') ? { ...shown, userProfileMetadata } : shown)
    }),
  )
  router.put(
    '/users/:id',
    on((call) => {
      mayManage(call)
      updateUser(call.realm, userOf(call), jsonBody(call.req), clock.now())
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/users/:id',
    on((call) => {
      mayManage(call)
      const user = userOf(call)
      for (const session of call.realm.sessions.ofUser(user.id)) call.realm.sessions.end(session.sid)
      call.realm.users.delete(user.id)
      call.res.status(204).end()
    }),
  )
  router.put(
    '/users/:id/reset-password',
    on((call) => {
      mayManage(call)
      const { value, temporary } = objectBody(call.req)
      const user = userOf(call)
      setPassword(call.realm, user, typeof value === 'string' ? value : undefined, clock.now())
      askForNewPassword(user, temporary === true)
      call.res.status(204).end()
    }),
  )
  router.get(
    '/users/:id/credentials',
    on((call) => {
      mayView(call)
      const { id, password, passwordSetAt, createdTimestamp } = userOf(call)
      const kept = { id: `password-of-${id}`, type: 'password', createdDate: passwordSetAt ?? createdTimestamp }
      call.res.json([...(password === undefined ? [] : [kept]), ...(userOf(call).otherCredentials ?? [])])
    }),
  )
  router.post(
    '/users/:id/logout',
    on(async (call) => {
      mayManage(call)
      const user = userOf(call)
      user.notBefore = clock.seconds()
      for (const session of call.realm.sessions.ofUser(user.id)) await endSession(call.realm, session, clock)
      call.res.status(204).end()
    }),
  )
  router.get(
    '/users/:id/sessions',
    on((call) => {
      mayView(call)
      const sessions = call.realm.sessions.ofUser(userOf(call).id)
      call.res.json(sessions.map((session) => sessionRow(call.realm, session)))
    }),
  )
}

/** `/admin/realms/{realm}/users/{id}/groups`. */
export function mountUserGroups(router: Router, on: Guarded) {
  const groupsOf = (call: AdminRequest) =>
    [...userOf(call).groups].flatMap((id) => call.realm.groups.get(id) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))

  router.get(
    '/users/:id/groups',
    on((call) => {
      mayView(call)
      const query = listQuery(call.req)
      const search = query.text('search')?.toLowerCase() ?? ''
      const groups = groupsOf(call).filter((group) => group.name.toLowerCase().includes(search))
      call.res.json(part(groups, query).map((group) => groupRow(group, query.text('briefRepresentation') === 'false')))
    }),
  )
  router.get(
    '/users/:id/groups/count',
    on((call) => {
      mayView(call)
      call.res.json({ count: groupsOf(call).length })
    }),
  )
  router.put(
    '/users/:id/groups/:groupId',
    on((call) => {
      mayManage(call)
      userOf(call).groups.add(groupOfPath(call))
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/users/:id/groups/:groupId',
    on((call) => {
      mayManage(call)
      userOf(call).groups.delete(groupOfPath(call))
      call.res.status(204).end()
    }),
  )
}
