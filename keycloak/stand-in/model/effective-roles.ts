import type { Client, Group, Realm, Role, RoleKey, User } from './types.ts'

/** Every role these keys stand for: the roles themselves and, through composites, whatever they contain. */
export function expandRoles(roles: Map<RoleKey, Role>, keys: Iterable<RoleKey>): Set<RoleKey> {
  const all = new Set<RoleKey>()
  const open = [...keys]
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const role = roles.get(key)
    if (!role || all.has(key)) continue
    all.add(key)
    open.push(...role.composites)
  }
  return all
}

/** The group and its ancestors: members of a subgroup hold the roles of every group above it. */
export function groupLine(realm: Realm, id: string): Group[] {
  const group = realm.groups.get(id)
  if (!group) return []
  return [group, ...(group.parentId ? groupLine(realm, group.parentId) : [])]
}

/** What the person holds, directly, through groups and through composites. */
export function effectiveRoles(realm: Realm, user: User): Set<RoleKey> {
  const keys = new Set(user.roles)
  for (const id of user.groups) {
    for (const group of groupLine(realm, id)) for (const key of group.roles) keys.add(key)
  }
  return expandRoles(realm.roles, keys)
}

/**
 * What a token for this client may say of those roles. With full scope everything; without it only the client's own
 * roles and those mapped to it or to one of the scopes in the token.
 */
export function rolesInScope(realm: Realm, client: Client, scopeRoles: Iterable<RoleKey>, held: Set<RoleKey>) {
  if (client.fullScopeAllowed) return held
  const allowed = expandRoles(realm.roles, [...client.scopeRoles, ...scopeRoles])
  return new Set([...held].filter((key) => key.startsWith(`client:${client.clientId}:`) || allowed.has(key)))
}
