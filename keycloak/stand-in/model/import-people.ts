import { randomUUID } from 'node:crypto'
import type GroupRepresentation from '@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js'
import type UserRepresentation from '@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js'
import { roleKeys } from './role-keys.ts'
import type { Client, Group, User } from './types.ts'

/** The groups of a realm file with all their subgroups, by id. */
export function importGroups(sources: GroupRepresentation[] | undefined, parent?: Group): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const source of sources ?? []) {
    const group: Group = {
      id: source.id ?? randomUUID(),
      name: source.name ?? '',
      path: `${parent?.path ?? ''}/${source.name}`,
      ...(source.description === undefined ? {} : { description: source.description }),
      ...(parent ? { parentId: parent.id } : {}),
      attributes: source.attributes ?? {},
      roles: roleKeys(source.realmRoles, source.clientRoles),
    }
    groups.set(group.id, group)
    for (const [id, child] of importGroups(source.subGroups, group)) groups.set(id, child)
  }
  return groups
}

/** The id of the group at this path, such as `/staff/support`. */
export const groupIdAt = (groups: Map<string, Group>, path: string) =>
  [...groups.values()].find((group) => group.path === (path.startsWith('/') ? path : `/${path}`))?.id

/**
 * One user of a realm file. As in Keycloak there are no default roles and nobody is enabled unless the file says so,
 * and user names and addresses are kept in lower case.
 */
export function importUser(source: UserRepresentation, groups: Map<string, Group>, now: number): User {
  const password = source.credentials?.find((one) => one.type === 'password' || one.type === undefined)?.value
  const text = { email: source.email?.toLowerCase(), firstName: source.firstName, lastName: source.lastName, password }
  return {
    id: source.id ?? randomUUID(),
    username: (source.username ?? '').toLowerCase(),
    enabled: source.enabled === true,
    emailVerified: source.emailVerified === true,
    createdTimestamp: source.createdTimestamp ?? now,
    attributes: source.attributes ?? {},
    requiredActions: source.requiredActions ?? [],
    notBefore: source.notBefore ?? 0,
    roles: roleKeys(source.realmRoles, source.clientRoles),
    groups: new Set((source.groups ?? []).flatMap((path) => groupIdAt(groups, path) ?? [])),
    ...Object.fromEntries(Object.entries(text).filter(([, value]) => value)),
    ...provesItselfWith(source, now),
    ...(source.serviceAccountClientId === undefined ? {} : { serviceAccountOf: source.serviceAccountClientId }),
  }
}

/** Besides the password, and what it has allowed applications. */
function provesItselfWith({ credentials = [], clientConsents = [] }: UserRepresentation, now: number) {
  const others = credentials.filter(({ type }) => type !== undefined && type !== 'password')
  const otherCredentials = others.map(({ id = randomUUID(), type = '', userLabel }) => ({
    ...{ id, type, createdDate: now },
    ...(userLabel === undefined ? {} : { userLabel }),
  }))
  const given = clientConsents.map(({ clientId = '', grantedClientScopes = [] }) => {
    return [clientId, { scopes: grantedClientScopes, createdDate: now }] as const
  })
  return { otherCredentials, consents: new Map(given) }
}

/** The account of a client that may act on its own and whose file does not declare one. */
export function serviceAccount(client: Client, realmName: string, now: number): User {
  const source = { username: `service-account-${client.clientId}`, enabled: true }
  const realmRoles = [`default-roles-${realmName}`]
  return importUser({ ...source, realmRoles, serviceAccountClientId: client.clientId }, new Map(), now)
}
