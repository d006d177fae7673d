import type { Group, Realm } from '../realm-schema.ts'
import { closest } from './closest.ts'
import { CLIENT_ROLES, CLIENT_SCOPES } from './keycloak-names.ts'
import { ownValue } from './own-value.ts'

/** All names a realm file may refer to: its own and those Keycloak brings with it. */
export type DeclaredNames = {
  defaultRole: string
  realmRoles: ReadonlySet<string>
  clients: ReadonlySet<string>
  rolesOf: (clientId: string) => ReadonlySet<string>
  scopes: ReadonlySet<string>
  groups: ReadonlySet<string>
}

export function declaredNames(realm: Realm): DeclaredNames {
  const defaultRole = realm.defaultRole?.name ?? `default-roles-${realm.realm.toLowerCase()}`
  const own = (realm.roles?.realm ?? []).map(({ name }) => name)
  return {
    defaultRole,
    realmRoles: new Set([...own, defaultRole, 'offline_access', 'uma_authorization']),
    clients: new Set([...(realm.clients ?? []).map(({ clientId }) => clientId), ...Object.keys(CLIENT_ROLES)]),
    rolesOf: (clientId) => {
      const roles = (ownValue(realm.roles?.client, clientId) ?? []).map(({ name }) => name)
      return new Set([...roles, ...(ownValue(CLIENT_ROLES, clientId) ?? [])])
    },
    scopes: new Set(realm.clientScopes === undefined ? CLIENT_SCOPES : realm.clientScopes.map(({ name }) => name)),
    groups: new Set(groupPaths(realm.groups ?? [], '')),
  }
}

function groupPaths(groups: readonly Group[], parent: string): string[] {
  return groups.flatMap((group) => {
    const path = `${parent}/${group.name}`
    return [path, ...groupPaths(group.subGroups ?? [], path)]
  })
}

/** Takes the path of a value inside the realm file and what is wrong with it. */
export type Report = (path: readonly PropertyKey[], message: string) => void

/** Reports a name that is not known; `kind` is what the name stands for ("realm role"). */
export function checkName(
  name: string | undefined,
  known: ReadonlySet<string>,
  path: readonly PropertyKey[],
  kind: string,
  report: Report,
): void {
  if (name !== undefined && !known.has(name)) report(path, `there is no ${kind} "${name}"${closest(name, known)}`)
}

/** The same for each name of a list. */
export function checkNames(
  used: readonly string[] | undefined,
  known: ReadonlySet<string>,
  path: readonly PropertyKey[],
  kind: string,
  report: Report,
): void {
  for (const [index, name] of (used ?? []).entries()) {
    checkName(name, known, [...path, index], kind, report)
  }
}

/** The same for `{ "orders-api": ["orders.read"] }`: client roles by client. */
export function checkClientRoles(
  used: Readonly<Record<string, readonly string[]>> | undefined,
  names: DeclaredNames,
  path: readonly PropertyKey[],
  report: Report,
): void {
  for (const [clientId, roles] of Object.entries(used ?? {})) {
    if (!names.clients.has(clientId)) {
      report([...path, clientId], `there is no client "${clientId}"${closest(clientId, names.clients)}`)
    } else {
      checkNames(roles, names.rolesOf(clientId), [...path, clientId], `role of the client ${clientId} named`, report)
    }
  }
}

/** Reports the second and every further use of a name that must be there once. */
export function checkUnique(
  all: readonly string[],
  pathOf: (index: number) => PropertyKey[],
  kind: string,
  report: Report,
) {
  for (const [index, name] of all.entries()) {
    if (all.indexOf(name) !== index) report(pathOf(index), `the ${kind} "${name}" is there twice; keep one of them`)
  }
}
