import type { ProtocolMapper, Realm } from '../realm-schema.ts'
import { closest } from './closest.ts'
import { checkName, checkNames, checkUnique, type DeclaredNames, type Report } from './declared-names.ts'
import { ESSENTIAL_SCOPES, MAPPER_TYPES } from './keycloak-names.ts'

/**
 * Client scopes and what refers to them. A file that declares `clientScopes` replaces Keycloak's own set, and its scopes
 * reach only clients the file declares: the account and administration consoles would be left with tokens that name nobody.
 */
export function checkScopes(realm: Realm, names: DeclaredNames, report: Report): void {
  if (realm.clientScopes !== undefined) checkOwnScopes(realm, names, report)
  for (const list of ['defaultDefaultClientScopes', 'defaultOptionalClientScopes'] as const) {
    checkNames(realm[list], names.scopes, [list], 'client scope', report)
  }
  checkMappings(realm.scopeMappings ?? [], ['scopeMappings'], names, names.realmRoles, report)
  for (const [clientId, mappings] of Object.entries(realm.clientScopeMappings ?? {})) {
    const path = ['clientScopeMappings', clientId]
    if (names.clients.has(clientId)) checkMappings(mappings, path, names, names.rolesOf(clientId), report)
    else report(path, `there is no client "${clientId}"${closest(clientId, names.clients)}`)
  }
}

function checkOwnScopes(realm: Realm, names: DeclaredNames, report: Report): void {
  const scopes = realm.clientScopes ?? []
  checkUnique(
    scopes.map(({ name }) => name),
    (index) => ['clientScopes', index, 'name'],
    'client scope',
    report,
  )
  const missing = ESSENTIAL_SCOPES.filter((scope) => !names.scopes.has(scope))
  if (missing.length > 0) {
    report(
      ['clientScopes'],
      `replaces Keycloak's own scopes, and these are missing: ${missing.join(', ')}; declare them too`,
    )
  }
  if (realm.defaultDefaultClientScopes === undefined) {
    report(['defaultDefaultClientScopes'], 'is needed beside clientScopes; without it new clients get no scopes at all')
  }
  const declared = new Set((realm.clients ?? []).map(({ clientId }) => clientId))
  const bare = ['account', 'account-console', 'security-admin-console'].filter((clientId) => !declared.has(clientId))
  if (bare.length > 0) {
    report(
      ['clients'],
      `lacks ${bare.join(', ')}: Keycloak's own clients get none of the clientScopes unless they are declared`,
    )
  }
  for (const [index, scope] of scopes.entries()) {
    checkMappers(scope.protocolMappers, ['clientScopes', index, 'protocolMappers'], names, report)
  }
}

type Mapping = { client?: string | undefined; clientScope?: string | undefined; roles: string[] }

function checkMappings(
  all: readonly Mapping[],
  path: PropertyKey[],
  names: DeclaredNames,
  roles: ReadonlySet<string>,
  report: Report,
) {
  for (const [index, mapping] of all.entries()) {
    const at = [...path, index]
    checkName(mapping.client, names.clients, [...at, 'client'], 'client', report)
    checkName(mapping.clientScope, names.scopes, [...at, 'clientScope'], 'client scope', report)
    checkNames(mapping.roles, roles, [...at, 'roles'], 'role', report)
  }
}

/** Mappers of a client or a scope: a type Keycloak knows (it keeps unknown ones, without effect), an audience that exists. */
export function checkMappers(
  all: readonly ProtocolMapper[] | undefined,
  path: PropertyKey[],
  names: DeclaredNames,
  report: Report,
) {
  const mappers = all ?? []
  checkUnique(
    mappers.map(({ name }) => name),
    (index) => [...path, index, 'name'],
    'mapper',
    report,
  )
  for (const [index, { protocol, protocolMapper: type, config }] of mappers.entries()) {
    if (protocol === 'openid-connect' && !MAPPER_TYPES.includes(type)) {
      report([...path, index, 'protocolMapper'], `there is no mapper type "${type}"${closest(type, MAPPER_TYPES)}`)
    }
    const audience = config?.['included.client.audience']
    checkName(audience, names.clients, [...path, index, 'config', 'included.client.audience'], 'client', report)
  }
}
