import { randomUUID } from 'node:crypto'
import { KeycloakError } from '../http/keycloak-error.ts'
import { groupLine } from '../model/effective-roles.ts'
import type { Group, Realm } from '../model/types.ts'
import { type AdminRequest, objectBody, pathPart } from './admin-request.ts'
import { groupAccess, groupRow } from './representations.ts'

const KNOWN = ['id', 'name', 'description', 'path', 'parentId', 'attributes', 'subGroups', 'subGroupCount', 'access']
const ALSO_KNOWN = ['realmRoles', 'clientRoles']
/** What Keycloak's columns take; more is a fault of its own. */
const LENGTH = 255

export const childrenOf = (realm: Realm, parent: string | undefined): Group[] =>
  [...realm.groups.values()].filter((group) => group.parentId === parent).sort((a, b) => (a.name < b.name ? -1 : 1))

/** The group of the path. @throws 404 */
export function groupOf({ realm, req }: AdminRequest): Group {
  const group = realm.groups.get(pathPart(req, 'id'))
  if (!group) throw new KeycloakError(404, { error: 'Could not find group by id' })
  return group
}

const unknownError = () =>
  new KeycloakError(500, {
    error: 'unknown_error',
    error_description: 'For more on this error consult the server log.',
  })

interface Written {
  id?: unknown
  name: string
  description?: string
  attributes?: Record<string, string[]>
}

function read({ req }: AdminRequest): Written {
  const body = objectBody(req)
  const stranger = Object.keys(body).find((name) => ![...KNOWN, ...ALSO_KNOWN].includes(name))
  if (stranger !== undefined) {
    const error = `Invalid json representation for GroupRepresentation. Unrecognized field "${stranger}" at line 1 column 1.`
    throw new KeycloakError(400, { error })
  }
  const { id, name, description, attributes } = body
  if (typeof name !== 'string' || name.trim() === '')
    throw new KeycloakError(400, { errorMessage: 'Group name is missing' })
  const texts = [name, String(description ?? ''), ...Object.entries((attributes ?? {}) as object).flat(2)]
  if (texts.some((text) => String(text).length > LENGTH)) throw unknownError()
  return {
    ...{ id, name },
    ...(typeof description === 'string' && description !== '' ? { description } : {}),
    ...(typeof attributes === 'object' && attributes !== null
      ? { attributes: attributes as Record<string, string[]> }
      : {}),
  }
}

function refuseTaken(realm: Realm, name: string, parent: string | undefined, self?: Group): void {
  if (!childrenOf(realm, parent).some((group) => group.name === name && group !== self)) return
  const kind = parent === undefined ? 'Top level' : 'Sibling'
  throw new KeycloakError(409, { errorMessage: `${kind} group named '${name}' already exists.` })
}

/** Puts it in its place, and those below it along with it. */
function place(realm: Realm, group: Group, parent: Group | undefined): void {
  if (parent === undefined) delete group.parentId
  else group.parentId = parent.id
  group.path = `${parent?.path ?? ''}/${group.name}`
  for (const child of childrenOf(realm, group.id)) place(realm, child, group)
}

/** Makes a group; with the id of one that is there, moves it, whatever else the body says. */
export function createOrMoveGroup(call: AdminRequest, parent: Group | undefined): void {
  const { realm, res, admin } = call
  const { id, name, description, attributes = {} } = read(call)
  if (id !== undefined) {
    const moved = realm.groups.get(String(id))
    if (!moved) throw new KeycloakError(404, { error: 'Could not find child by id' })
    if (moved !== parent) {
      refuseTaken(realm, moved.name, parent?.id, moved)
      if (parent !== undefined && groupLine(realm, parent.id).includes(moved)) throw unknownError()
      place(realm, moved, parent)
    }
    res.status(204).end()
    return
  }
  refuseTaken(realm, name, parent?.id)
  const about = description === undefined ? {} : { description }
  const group: Group = { id: randomUUID(), name, ...about, path: '', attributes, roles: new Set() }
  realm.groups.set(group.id, group)
  place(realm, group, parent)
  res.status(201).location(`${realm.issuer.replace('/realms/', '/admin/realms/')}/groups/${group.id}`)
  if (parent === undefined) res.end()
  else res.json({ ...groupRow(group, true), access: groupAccess(admin) })
}

/** Without a description in the body there is none afterwards; attributes that are not in it stay. */
export function changeGroup(call: AdminRequest): void {
  const { realm, res } = call
  const group = groupOf(call)
  const { name, description, attributes } = read(call)
  refuseTaken(realm, name, group.parentId, group)
  group.name = name
  if (description === undefined) delete group.description
  else group.description = description
  if (attributes !== undefined) group.attributes = attributes
  place(realm, group, group.parentId === undefined ? undefined : realm.groups.get(group.parentId))
  res.status(204).end()
}

/** With all groups below it; its members stay without it. */
export function removeGroup(call: AdminRequest): void {
  const { realm, res } = call
  function remove(group: Group): void {
    for (const child of childrenOf(realm, group.id)) remove(child)
    realm.groups.delete(group.id)
    for (const user of realm.users.values()) user.groups.delete(group.id)
  }
  remove(groupOf(call))
  res.status(204).end()
}
