import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import type { Realm, RoleKey } from '../model/types.ts'
import { type AdminRequest, type Guarded, pathPart, userOf } from './admin-request.ts'
import { clientOf } from './clients-resource.ts'
import { roleRow } from './representations.ts'

/** Roles sorted by owner, as mappings are shown; what is empty is left out. */
export function mappings(realm: Realm, keys: Iterable<RoleKey>) {
  const roles = [...keys].flatMap((key) => realm.roles.get(key) ?? [])
  const realmMappings = roles.filter((role) => role.client === undefined).map((role) => roleRow(realm, role))
  const owners = [...new Set(roles.flatMap((role) => role.client ?? []))]
  const clientMappings = Object.fromEntries(
    owners.map((client) => {
      const own = roles.filter((role) => role.client === client).map((role) => roleRow(realm, role))
      return [client, { id: realm.clients.get(client)?.id, client, mappings: own }]
    }),
  )
  return {
    ...(realmMappings.length > 0 ? { realmMappings } : {}),
    ...(owners.length > 0 ? { clientMappings } : {}),
  }
}

/** Client scopes with the roles mapped to them, and all roles of a user at once. */
export function mountClientScopes(router: Router, on: Guarded) {
  const mayView = (call: AdminRequest) => call.admin.needs('view-clients', 'manage-clients')
  router.get(
    '/client-scopes',
    on((call) => {
      mayView(call)
      const rows = [...call.realm.scopes.values()].map(({ id, name, inTokenScope }) => ({
        id,
        name,
        protocol: 'openid-connect',
        attributes: { 'include.in.token.scope': String(inTokenScope) },
      }))
      call.res.json(rows)
    }),
  )
  router.get(
    '/client-scopes/:id/scope-mappings',
    on((call) => {
      mayView(call)
      const scope = [...call.realm.scopes.values()].find((one) => one.id === pathPart(call.req, 'id'))
      if (!scope) throw new KeycloakError(404, { error: 'Could not find client scope' })
      call.res.json(mappings(call.realm, scope.roles))
    }),
  )
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
