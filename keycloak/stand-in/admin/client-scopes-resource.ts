import { randomUUID } from 'node:crypto'
import type { Router } from 'express'
import { KeycloakError } from '../http/keycloak-error.ts'
import { defaultScopeNames, optionalScopeNames } from '../model/built-in-scopes.ts'
import { importMapper } from '../model/import-clients.ts'
import type { ClientScope, Realm, RoleKey } from '../model/types.ts'
import { type AdminRequest, type Guarded, objectBody, pathPart } from './admin-request.ts'
import { mapperRow, roleRow } from './representations.ts'

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

/** The scope of the path. @throws 404 */
export function scopeOf({ realm, req }: AdminRequest): ClientScope {
  const scope = [...realm.scopes.values()].find((one) => one.id === pathPart(req, 'id'))
  if (!scope) throw new KeycloakError(404, { error: 'Could not find client scope' })
  return scope
}

const scopeRow = ({ id, name, description, attributes, mappers }: ClientScope) => ({
  ...{ id, name },
  ...(description === undefined ? {} : { description }),
  protocol: 'openid-connect',
  attributes,
  ...(mappers.length > 0 ? { protocolMappers: mappers.map(mapperRow) } : {}),
})

const unknownError = () =>
  new KeycloakError(500, {
    error: 'unknown_error',
    error_description: 'For more on this error consult the server log.',
  })

/** The name of a body that may be written. @throws 500 without one or for one that is too long, 400, 409 */
function nameIn(realm: Realm, { name, description }: Record<string, unknown>, before?: ClientScope): string {
  if (typeof name !== 'string') throw unknownError()
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name))
    throw new KeycloakError(400, { errorMessage: `Unexpected name "${name}" for ClientScope` })
  if (name !== before?.name && realm.scopes.has(name))
    throw new KeycloakError(409, { errorMessage: `Client Scope ${name} already exists` })
  if (name.length > 255 || (typeof description === 'string' && description.length > 255)) throw unknownError()
  return name
}

/** What is absent or null is kept; attributes are merged, and null takes one away. */
function write(scope: ClientScope, { description, attributes }: Record<string, unknown>): void {
  if (typeof description === 'string') scope.description = description
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null) delete scope.attributes[name]
    else scope.attributes[name] = String(value)
  }
  scope.inTokenScope = scope.attributes['include.in.token.scope'] !== 'false'
}

/** Clients and the realm know a scope by its name. @param to undefined when it is gone */
function rename(realm: Realm, scope: ClientScope, to: string | undefined): void {
  const { name } = scope
  const renamed = (names: readonly string[]) => names.flatMap((one) => (one === name ? (to ?? []) : one))
  for (const client of realm.clients.values()) {
    client.defaultScopes = renamed(client.defaultScopes)
    client.optionalScopes = renamed(client.optionalScopes)
  }
  const { settings } = realm
  settings.defaultDefaultClientScopes = renamed(settings.defaultDefaultClientScopes ?? defaultScopeNames)
  settings.defaultOptionalClientScopes = renamed(settings.defaultOptionalClientScopes ?? optionalScopeNames)
  realm.scopes.delete(name)
  if (to === undefined) return
  scope.name = to
  realm.scopes.set(to, scope)
}

function create({ realm, req, res }: AdminRequest): void {
  const body = objectBody(req)
  if (body.protocol !== 'openid-connect') throw new KeycloakError(400, { errorMessage: 'Unexpected protocol' })
  const name = nameIn(realm, body)
  const mappers = Array.isArray(body.protocolMappers) ? body.protocolMappers.map(importMapper) : []
  const scope: ClientScope = { id: randomUUID(), name, attributes: {}, mappers, inTokenScope: true, roles: new Set() }
  write(scope, body)
  realm.scopes.set(name, scope)
  const base = realm.issuer.replace('/realms/', '/admin/realms/')
  res.status(201).location(`${base}/client-scopes/${scope.id}`).end()
}

/** Client scopes, all at once and one by one, and the lists that new clients take theirs from. */
export function mountClientScopes(router: Router, on: Guarded) {
  const mayView = (call: AdminRequest) => call.admin.needs('view-clients', 'manage-clients')
  const managing = (handler: (call: AdminRequest) => void) =>
    on((call) => {
      call.admin.needs('manage-clients')
      handler(call)
    })

  router.get(
    '/client-scopes',
    on((call) => {
      call.admin.needs('view-clients', 'manage-clients', 'query-clients')
      const isSeen = call.admin.has('view-clients', 'manage-clients')
      call.res.json(isSeen ? [...call.realm.scopes.values()].map(scopeRow) : [])
    }),
  )
  router.post('/client-scopes', managing(create))
  router.get(
    '/client-scopes/:id',
    on((call) => {
      mayView(call)
      call.res.json(scopeRow(scopeOf(call)))
    }),
  )
  router.put(
    '/client-scopes/:id',
    managing((call) => {
      const scope = scopeOf(call)
      const body = objectBody(call.req)
      const name = nameIn(call.realm, body, scope)
      if (name !== scope.name) rename(call.realm, scope, name)
      write(scope, body)
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/client-scopes/:id',
    managing((call) => {
      rename(call.realm, scopeOf(call), undefined)
      call.res.status(204).end()
    }),
  )
  for (const [kind, member, names] of [
    ['default', 'defaultDefaultClientScopes', defaultScopeNames],
    ['optional', 'defaultOptionalClientScopes', optionalScopeNames],
  ] as const)
    router.get(
      `/default-${kind}-client-scopes`,
      on((call) => {
        mayView(call)
        const listed = (call.realm.settings[member] ?? names).flatMap((name) => call.realm.scopes.get(name) ?? [])
        call.res.json(listed.map(({ id, name }) => ({ id, name, protocol: 'openid-connect' })))
      }),
    )
}
