import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { Role } from '../model/types.ts'
import { type AdminRequest, type Guarded, jsonBody, pathPart, userOf } from './admin-request.ts'
import { mappings, scopeOf } from './client-scopes-resource.ts'
import { clientOf } from './clients-resource.ts'

/** The roles of a body, by their ids; undefined without a body. @throws 404 for a role that is not there, or not of this client */
function rolesOfBody({ realm, req }: AdminRequest, client?: string): Role[] | undefined {
  if (req.body === undefined || req.body === '') return undefined
  const body = jsonBody(req)
  const rows: { id?: unknown }[] = Array.isArray(body) ? body : []
  return rows.map(({ id }) => {
    const role = [...realm.roles.values()].find((one) => one.id === id)
    if (!role || (client !== undefined && role.client !== client))
      throw new KeycloakError(404, { error: 'Role not found' })
    return role
  })
}

function ownerOf({ realm, req }: AdminRequest): string {
  const client = [...realm.clients.values()].find(({ id }) => id === pathPart(req, 'client'))
  if (!client) throw new KeycloakError(404, { error: 'Could not find client' })
  return client.clientId
}

/** To map a role of the realm takes the right to manage the realm as well; no role is mapped when one is refused. */
function changeMapping(call: AdminRequest, client: string | undefined): void {
  call.admin.needs('manage-clients')
  const scope = scopeOf(call)
  const mapped = [...scope.roles].flatMap((key) => call.realm.roles.get(key) ?? [])
  // Without a body all of them go; an empty list takes none.
  const roles = rolesOfBody(call, client) ?? mapped.filter((role) => role.client === client)
  if (roles.some((role) => role.client === undefined)) call.admin.needs('manage-realm')
  for (const { key } of roles) {
    if (call.req.method === 'POST') scope.roles.add(key)
    else scope.roles.delete(key)
  }
  call.res.status(204).end()
}

/** Roles mapped to client scopes and to clients, and all roles of a user at once. */
export function mountScopeMappings(router: Router, on: Guarded) {
  const mayView = (call: AdminRequest) => call.admin.needs('view-clients', 'manage-clients')
  router.get(
    '/client-scopes/:id/scope-mappings',
    on((call) => {
      mayView(call)
      call.res.json(mappings(call.realm, scopeOf(call).roles))
    }),
  )
  for (const method of ['post', 'delete'] as const) {
    router[method](
      '/client-scopes/:id/scope-mappings/realm',
      on((call) => changeMapping(call, undefined)),
    )
    router[method](
      '/client-scopes/:id/scope-mappings/clients/:client',
      on((call) => changeMapping(call, ownerOf(call))),
    )
  }
  router.get(
    '/clients/:id/scope-mappings',
    on((call) => {
      mayView(call)
      call.res.json(mappings(call.realm, clientOf(call).scopeRoles))
    }),
  )
  router.get(
    '/users/:id/role-mappings',
    on((call) => {
      call.admin.needs('view-users', 'manage-users')
      // Only roles that the caller may look at are told; there is no complaint about the others.
      const told = [...userOf(call).roles].filter((key) =>
        key.startsWith('realm:')
          ? call.admin.has('view-realm', 'manage-realm')
          : call.admin.has('view-clients', 'manage-clients'),
      )
      call.res.json(mappings(call.realm, told))
    }),
  )
}
