import { clientRole, realmRole } from './role-keys.ts'
import type { Realm, Role, RoleKey } from './types.ts'

/** Every set of keys in which a role may stand: people, groups, other roles, scopes, clients. */
function placesOf(realm: Realm): Set<RoleKey>[] {
  return [
    ...[...realm.users.values(), ...realm.groups.values(), ...realm.scopes.values()].map(({ roles }) => roles),
    ...[...realm.roles.values()].map(({ composites }) => composites),
    ...[...realm.clients.values()].map(({ scopeRoles }) => scopeRoles),
  ]
}

/** Takes a role out of the realm, and out of everything that has it. */
export function removeRole(realm: Realm, { key }: Role): void {
  for (const place of placesOf(realm)) place.delete(key)
  realm.roles.delete(key)
}

/** Whoever has it keeps it: Keycloak goes by ids. */
export function renameRole(realm: Realm, role: Role, name: string): void {
  const key = role.client === undefined ? realmRole(name) : clientRole(role.client, name)
  for (const place of placesOf(realm)) if (place.delete(role.key)) place.add(key)
  realm.roles.delete(role.key)
  Object.assign(role, { name, key })
  realm.roles.set(key, role)
}
