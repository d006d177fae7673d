import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import { realmRole } from '../model/role-keys.ts'
import type { Group, Realm, Role, RoleKey, User } from '../model/types.ts'
import { type AdminRequest, type Guarded, pathPart } from './admin-request.ts'
import { mappings } from './client-scopes-resource.ts'
import { listQuery, part } from './list-query.ts'
import { groupRow, roleRow, userRow } from './representations.ts'

const ofRealm = ['view-realm', 'manage-realm']
const ofClients = ['view-clients', 'manage-clients']
const rightsFor = (role: Role) => (role.client === undefined ? ofRealm : ofClients)

function roleById(call: AdminRequest): Role {
  const role = [...call.realm.roles.values()].find(({ id }) => id === pathPart(call.req, 'id'))
  if (!role) throw new KeycloakError(404, { error: 'Could not find role with id' })
  call.admin.needs(...rightsFor(role))
  return role
}

function realmRoleByName(call: AdminRequest): Role {
  call.admin.needs(...ofRealm)
  const role = call.realm.roles.get(realmRole(pathPart(call.req, 'name')))
  if (!role) throw new KeycloakError(404, { error: 'Could not find role' })
  return role
}

/** Without what the caller may not see: Keycloak leaves it out and says nothing. */
function seenKeys({ realm, admin }: AdminRequest, keys: Iterable<RoleKey>): RoleKey[] {
  return [...keys].filter((key) => {
    const role = realm.roles.get(key)
    return role !== undefined && admin.has(...rightsFor(role))
  })
}

function seenComposites(call: AdminRequest, role: Role): Role[] {
  return seenKeys(call, role.composites).flatMap((key) => call.realm.roles.get(key) ?? [])
}

const holders = <T extends User | Group>(all: Iterable<T>, { key }: Role): T[] =>
  [...all].filter(({ roles }) => roles.has(key))
const byName =
  <T>(name: (row: T) => string) =>
  (a: T, b: T) =>
    name(a) < name(b) ? -1 : 1

function groupOf({ realm, req }: AdminRequest): Group {
  const group = realm.groups.get(pathPart(req, 'id'))
  if (!group) throw new KeycloakError(404, { error: 'Could not find group by id' })
  return group
}

function clientRole(call: AdminRequest): Role {
  call.admin.needs(...ofClients)
  const client = [...call.realm.clients.values()].find(({ id }) => id === pathPart(call.req, 'client'))
  if (!client) throw new KeycloakError(404, { error: 'Could not find client' })
  const role = call.realm.roles.get(`client:${client.clientId}:${pathPart(call.req, 'name')}`)
  if (!role) throw new KeycloakError(404, { error: 'Could not find role' })
  return role
}

const single = (realm: Realm, role: Role) => ({ ...roleRow(realm, role), attributes: role.attributes })

/** Roles by id, by name and of clients, what they contain and who holds them. */
export function mountRoles(router: Router, on: Guarded) {
  router.get(
    '/roles-by-id/:id',
    on((call) => void call.res.json(single(call.realm, roleById(call)))),
  )
  router.get(
    '/roles-by-id/:id/composites',
    on((call) => void call.res.json(seenComposites(call, roleById(call)).map((role) => roleRow(call.realm, role)))),
  )
  router.get(
    '/clients/:client/roles/:name',
    on((call) => void call.res.json(single(call.realm, clientRole(call)))),
  )
  for (const [path, roleOf] of [
    ['/roles/:name', realmRoleByName],
    ['/clients/:client/roles/:name', clientRole],
  ] as const) {
    router.get(
      `${path}/users`,
      on((call) => {
        const query = listQuery(call.req)
        call.admin.needs('view-users', 'manage-users')
        const users = holders(call.realm.users.values(), roleOf(call)).sort(byName(({ username }) => username))
        call.res.json(part(users, query).map((user) => userRow(user, call.admin, query.isOn('briefRepresentation'))))
      }),
    )
    router.get(
      `${path}/groups`,
      on((call) => {
        const groups = holders(call.realm.groups.values(), roleOf(call)).sort(byName(({ name }) => name))
        call.res.json(part(groups, listQuery(call.req)).map((group) => groupRow(group, false)))
      }),
    )
  }
  router.get(
    '/groups/:id/role-mappings',
    on((call) => {
      call.admin.needs('view-users', 'manage-users')
      call.res.json(mappings(call.realm, seenKeys(call, groupOf(call).roles)))
    }),
  )
}
