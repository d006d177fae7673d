import { randomUUID } from 'node:crypto'
import type { Router } from 'express'
import { KeycloakError, plainError } from '../http/keycloak-error.ts'
import { removeRole, renameRole } from '../model/change-roles.ts'
import { clientRole, realmRole } from '../model/role-keys.ts'
import type { Role } from '../model/types.ts'
import { type AdminRequest, type Guarded, jsonBody, objectBody, pathPart } from './admin-request.ts'
import { clientOf } from './clients-resource.ts'

const LONGEST = 255
const MEMBERS = ['id', 'name', 'description', 'composite', 'composites', 'clientRole', 'containerId', 'attributes']

interface Sent {
  name: string
  description?: string
  /** Absent: they stay as they are. */
  attributes?: Record<string, string[]>
}

function sent({ req }: AdminRequest): Sent {
  const body = objectBody(req)
  const stranger = Object.keys(body).find((name) => !MEMBERS.includes(name))
  if (stranger !== undefined) {
    const error = `Invalid json representation for RoleRepresentation. Unrecognized field "${stranger}" at line 1 column 1.`
    throw new KeycloakError(400, { error })
  }
  const { name, description, attributes } = body
  if (typeof name !== 'string') throw new KeycloakError(400, { error: 'role has no name' })
  const values = Object.entries(attributes ?? {}).map(([key, list]): [string, string[]] => [
    key,
    [list].flat().map(String),
  ])
  const texts = [name, description ?? '', ...values.flat(2)]
  // What the database does not take is an error nobody explains.
  if (texts.some((text) => String(text).length > LONGEST))
    throw new KeycloakError(500, {
      error: 'unknown_error',
      error_description: 'For more on this error consult the server log.',
    })
  return {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...(attributes === undefined
      ? {}
      : { attributes: Object.fromEntries(values.filter(([, list]) => list.length > 0)) }),
  }
}

function create(call: AdminRequest, client: string | undefined, path: string) {
  const { realm, res } = call
  const { name, attributes = {}, ...about } = sent(call)
  const key = client === undefined ? realmRole(name) : clientRole(client, name)
  if (realm.roles.has(key)) throw new KeycloakError(409, { errorMessage: `Role with name ${name} already exists` })
  const owner = client === undefined ? {} : { client }
  realm.roles.set(key, { id: randomUUID(), key, name, ...owner, ...about, attributes, composites: new Set() })
  const base = realm.issuer.replace('/realms/', '/admin/realms/')
  res
    .status(201)
    .location(`${base}${path}/${encodeURIComponent(name)}`)
    .end()
}

const managing = ({ client }: Role) => (client === undefined ? 'manage-realm' : 'manage-clients')

/** The role of the path, for somebody who may change it. */
function roleToChange({ realm, req, admin }: AdminRequest): Role {
  const role = [...realm.roles.values()].find(({ id }) => id === pathPart(req, 'id'))
  if (!role) throw new KeycloakError(404, { error: 'Could not find role with id' })
  admin.needs(managing(role))
  return role
}

/** The roles of the body. Nobody passes on an administrative role that they do not have themselves. */
function partsOf(call: AdminRequest): Role[] {
  const body = jsonBody(call.req)
  const rows: { id?: unknown }[] = Array.isArray(body) ? body : []
  return rows.map(({ id }) => {
    const part = [...call.realm.roles.values()].find((one) => one.id === id)
    if (!part) throw new KeycloakError(404, { error: 'Could not find composite role' })
    call.admin.needs(managing(part))
    const isHarmless = part.client !== 'realm-management' || /^query-|^create-client$/.test(part.name)
    if (!isHarmless && !call.admin.has(part.name)) throw plainError(403)
    return part
  })
}

function update(call: AdminRequest) {
  const { realm, res } = call
  const role = roleToChange(call)
  const { name, description, attributes } = sent(call)
  if (name === '') throw new KeycloakError(400, { error: 'role has no name' })
  const key = role.client === undefined ? realmRole(name) : clientRole(role.client, name)
  if (key !== role.key && realm.roles.has(key))
    throw new KeycloakError(409, { error: 'conflict', error_description: 'Duplicate resource error' })
  if (key !== role.key) renameRole(realm, role, name)
  delete role.description
  Object.assign(role, description === undefined ? {} : { description }, attributes === undefined ? {} : { attributes })
  res.status(204).end()
}

function remove(call: AdminRequest) {
  const role = roleToChange(call)
  if (role.key === realmRole(`default-roles-${call.realm.name}`))
    throw new KeycloakError(400, {
      errorMessage: `${role.name} is default role of the realm and cannot be removed.`,
    })
  removeRole(call.realm, role)
  call.res.status(204).end()
}

/** Making, changing and deleting roles, and what is in them. Loops are taken without a word, as Keycloak takes them. */
export function mountRoleWrites(router: Router, on: Guarded) {
  router.post(
    '/roles',
    on((call) => {
      call.admin.needs('manage-realm')
      create(call, undefined, '/roles')
    }),
  )
  router.post(
    '/clients/:id/roles',
    on((call) => {
      call.admin.needs('manage-clients')
      const { id, clientId } = clientOf(call)
      // Not even for the roles of Keycloak's own administration; for its other clients it is.
      if (clientId === 'realm-management' && !call.admin.isMaster) throw plainError(403)
      create(call, clientId, `/clients/${id}/roles`)
    }),
  )
  router.put('/roles-by-id/:id', on(update))
  router.delete('/roles-by-id/:id', on(remove))
  router.post(
    '/roles-by-id/:id/composites',
    on((call) => {
      const role = roleToChange(call)
      for (const part of partsOf(call)) role.composites.add(part.key)
      call.res.status(204).end()
    }),
  )
  router.delete(
    '/roles-by-id/:id/composites',
    on((call) => {
      const role = roleToChange(call)
      for (const part of partsOf(call)) role.composites.delete(part.key)
      call.res.status(204).end()
    }),
  )
}
