import type { Group, Realm, Role } from '../realm-schema.ts'
import { closest } from './closest.ts'
import { checkClientRoles, checkNames, checkUnique, type DeclaredNames, type Report } from './declared-names.ts'

/** Roles and groups: each there once, and everything they refer to exists. Keycloak would create unknown roles by itself. */
export function checkRoles(realm: Realm, names: DeclaredNames, report: Report): void {
  checkRoleList(realm.roles?.realm ?? [], ['roles', 'realm'], names, report)
  for (const [clientId, roles] of Object.entries(realm.roles?.client ?? {})) {
    const path = ['roles', 'client', clientId]
    if (!names.clients.has(clientId)) {
      report(path, `there is no client "${clientId}"${closest(clientId, names.clients)}; declare it under clients`)
    }
    checkRoleList(roles, path, names, report)
  }
  checkGroups(realm.groups ?? [], ['groups'], names, report)
}

function checkRoleList(roles: readonly Role[], path: PropertyKey[], names: DeclaredNames, report: Report): void {
  checkUnique(
    roles.map(({ name }) => name),
    (index) => [...path, index, 'name'],
    'role',
    report,
  )
  for (const [index, { composites }] of roles.entries()) {
    const at = [...path, index, 'composites']
    checkNames(composites?.realm, names.realmRoles, [...at, 'realm'], 'realm role', report)
    checkClientRoles(composites?.client, names, [...at, 'client'], report)
  }
}

function checkGroups(groups: readonly Group[], path: PropertyKey[], names: DeclaredNames, report: Report): void {
  checkUnique(
    groups.map(({ name }) => name),
    (index) => [...path, index, 'name'],
    'group',
    report,
  )
  for (const [index, group] of groups.entries()) {
    const at = [...path, index]
    if (group.name.includes('/')) {
      report(
        [...at, 'name'],
        'must not contain "/": tokens carry the path of a group, and it could be taken for another one',
      )
    }
    checkNames(group.realmRoles, names.realmRoles, [...at, 'realmRoles'], 'realm role', report)
    checkClientRoles(group.clientRoles, names, [...at, 'clientRoles'], report)
    checkGroups(group.subGroups ?? [], [...at, 'subGroups'], names, report)
  }
}
