import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { Role } from '../model/types.ts'
import { type AdminRequest, type Guarded, jsonBody, pathPart, userOf } from './admin-request.ts'
import { roleRow } from './representations.ts'

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

/** Reads, assigns and takes away the roles of a person at one path; `owner` tells whose roles they are. */
function mountMappings(router: Router, on: Guarded, path: string, owner: (call: AdminRequest) => string | undefined) {
  const direct = (call: AdminRequest) =>
    [...userOf(call).roles]
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
      call.admin.needs('manage-users')
      const roles = rolesOfBody(call)
      if (roles.some((role) => role.name === 'realm-admin') && !call.admin.isMaster) {
        throw new KeycloakError(403, { error: 'HTTP 403 Forbidden' })
      }
      for (const role of roles) userOf(call).roles.add(role.key)
      call.res.status(204).end()
    }),
  )
  router.delete(
    path,
    on((call) => {
      call.admin.needs('manage-users')
      for (const role of rolesOfBody(call)) userOf(call).roles.delete(role.key)
      call.res.status(204).end()
    }),
  )
}

/** `/admin/realms/{realm}/users/{id}/role-mappings` and the realm's own roles, to know their ids. */
export function mountRoleMappings(router: Router, on: Guarded) {
  mountMappings(router, on, '/users/:id/role-mappings/realm', () => undefined)
  mountMappings(router, on, '/users/:id/role-mappings/clients/:client', clientIdOf)
  router.get(
    '/roles',
    on((call) => {
      call.admin.needs('view-realm', 'manage-realm')
      const roles = [...call.realm.roles.values()].filter((role) => role.client === undefined)
      call.res.json(roles.map((role) => roleRow(call.realm, role)))
    }),
  )
  router.get(
    '/roles/:name',
    on((call) => {
      call.admin.needs('view-realm', 'manage-realm', 'view-users', 'manage-users')
      const role = call.realm.roles.get(`realm:${pathPart(call.req, 'name')}`)
      if (!role) throw new KeycloakError(404, { error: 'Could not find role' })
      call.res.json(roleRow(call.realm, role))
    }),
  )
}
