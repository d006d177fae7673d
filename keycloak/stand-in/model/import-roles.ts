import { randomUUID } from 'node:crypto'
import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type RoleRepresentation from '@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js'
import { builtInRoles } from './built-in-roles.ts'
import { clientRole, realmRole, roleKeys } from './role-keys.ts'
import type { Role, RoleKey } from './types.ts'

function importRole(source: RoleRepresentation, client?: string): Role {
  const name = source.name ?? ''
  return {
    id: source.id ?? randomUUID(),
    key: client === undefined ? realmRole(name) : clientRole(client, name),
    name,
    ...(client === undefined ? {} : { client }),
    ...(source.description === undefined ? {} : { description: source.description }),
    attributes: source.attributes ?? {},
    composites: roleKeys(source.composites?.realm, source.composites?.client),
  }
}

/** The roles of a realm file, on top of those every realm has. A role the file repeats adds to the built-in one. */
export function importRoles(realmName: string, source: RealmRepresentation['roles']): Map<RoleKey, Role> {
  const roles = new Map<RoleKey, Role>()
  for (const { composites, ...role } of builtInRoles(realmName)) {
    roles.set(role.key, { ...role, id: randomUUID(), attributes: {}, composites: new Set(composites) })
  }
  const declared = [
    ...(source?.realm ?? []).map((role) => importRole(role)),
    ...Object.entries(source?.client ?? {}).flatMap(([client, list]) => list.map((role) => importRole(role, client))),
  ]
  for (const role of declared) {
    const known = roles.get(role.key)
    roles.set(role.key, { ...role, composites: new Set([...(known?.composites ?? []), ...role.composites]) })
  }
  return roles
}
