import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { Role } from '../model/types.ts'
import { type AdminRequest, type Guarded, jsonBody, pathPart, userOf } from './admin-request.ts'
import { roleRow } from './representations.ts'
import { answerRoles } from './role-list.ts'

function clientIdOf({ realm, req }: AdminRequest): string {
  const client = [...realm.clients.values()].find((one) => one.id === pathPart(req, 'client'))
  if (!client) throw new KeycloakError(404, { error: 'Client not found' })
  return client.clientId
}

function rolesOfBody({ realm, req }: AdminRequest): Role[] {
  const body = jsonBody(req)
  const rows: { id?: unknown }[] = Array.isArray(body) ? body : []
  return rows.map(({ id }) => {
    const role = [...realm.roles.values()].find((one) => one.id === id)
    if (!role) throw new KeycloakError(404, { error: 'Role not found' })
    return role
  })
}

type Holder = { roles: Set<string> }

function groupOf({ realm, req }: AdminRequest): Holder {
  const group = realm.groups.get(pathPart(req, 'id'))
  if (!group) throw new KeycloakError(404, { error: 'Could not find group by id' })
  return group
}

function compositeOf({ realm, req }: AdminRequest): Holder {
  const role = realm.roles.get(`realm:${pathPart(req, 'name')}`)
  if (!role) throw new KeycloakError(404, { error: 'Could not find role' })
  return { roles: role.composites }
}

/** Reads, assigns and takes away the roles of a holder at one path; `owner` tells whose roles they are. */
function mountMappings(
  router: Router,
  on: Guarded,
  path: string,
  owner: (call: AdminRequest) => string | undefined,
  holder: (call: AdminRequest) => Holder = userOf,
  managedBy = 'manage-users',
) {
  const direct = (call: AdminRequest) =>
    [...holder(call).roles]
      .flatMap((key) => call.realm.roles.get(key) ?? [])
      .filter((role) => role.client === owner(call))

  router.get(
    path,
    on((call) => {
      call.admin.needs('view-users', 'manage-users')
      call.res.json(direct(call).map((role) => roleRow(call.realm, role)))
    }),
  )
  router.post(
    path,
    on((call) => {
      call.admin.needs(managedBy)
      const roles = rolesOfBody(call)
      if (roles.some((role) => role.name === 'realm-admin') && !call.admin.isMaster) {
        throw new KeycloakError(403, { error: 'HTTP 403 Forbidden' })
      }
      for (const role of roles) holder(call).roles.add(role.key)
      call.res.status(204).end()
    }),
  )
  router.delete(
    path,
    on((call) => {
      call.admin.needs(managedBy)
      for (const role of rolesOfBody(call)) holder(call).roles.delete(role.key)
      call.res.status(204).end()
    }),
  )
}

/** `/admin/realms/{realm}/users/{id}/role-mappings` and the realm's own roles, to know their ids. */
export function mountRoleMappings(router: Router, on: Guarded) {
  mountMappings(router, on, '/users/:id/role-mappings/realm', () => undefined)
  mountMappings(router, on, '/users/:id/role-mappings/clients/:client', clientIdOf)
  mountMappings(router, on, '/groups/:id/role-mappings/realm', () => undefined, groupOf)
  mountMappings(router, on, '/groups/:id/role-mappings/clients/:client', clientIdOf, groupOf)
  mountMappings(router, on, '/roles/:name/composites', () => undefined, compositeOf, 'manage-realm')
  router.get(
    '/roles',
    on((call) => {
      call.admin.needs('view-realm', 'manage-realm')
      answerRoles(
        call,
        [...call.realm.roles.values()].filter((role) => role.client === undefined),
      )
    }),
  )
  router.get(
    '/roles/:name',
    on((call) => {
      call.admin.needs('view-realm', 'manage-realm')
      const role = call.realm.roles.get(`realm:${pathPart(call.req, 'name')}`)
      if (!role) throw new KeycloakError(404, { error: 'Could not find role' })
      call.res.json({ ...roleRow(call.realm, role), attributes: role.attributes })
    }),
  )
}
