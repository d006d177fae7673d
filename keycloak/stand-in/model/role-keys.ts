import type { RoleKey } from './types.ts'

/** The key of a realm role. */
export const realmRole = (name: string): RoleKey => `realm:${name}`

/** The key of a client role. */
export const clientRole = (clientId: string, name: string): RoleKey => `client:${clientId}:${name}`

/** The keys in a `{ realmRoles, clientRoles }` pair, the shape users, groups and composites share in a realm file. */
export function roleKeys(realmRoles: string[] | undefined, clientRoles: Record<string, string[]> | undefined) {
  const keys = new Set<RoleKey>((realmRoles ?? []).map(realmRole))
  for (const [clientId, names] of Object.entries(clientRoles ?? {})) {
    for (const name of names) keys.add(clientRole(clientId, name))
  }
  return keys
}
