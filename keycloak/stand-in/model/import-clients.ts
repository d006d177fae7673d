import { randomUUID } from 'node:crypto'
import type ClientRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js'
import type ClientScopeRepresentation from '@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js'
import type ProtocolMapperRepresentation from '@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation.js'
import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import { builtInScopes, defaultScopeNames, optionalScopeNames } from './built-in-scopes.ts'
import { clientRole, realmRole } from './role-keys.ts'
import type { Client, ClientScope, Mapper, RoleKey } from './types.ts'

const strings = (values: Record<string, unknown> | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values ?? {})
      .filter(([, value]) => value !== '' && value !== null)
      .map(([name, value]) => [name, String(value)]),
  )

export const importMapper = (source: ProtocolMapperRepresentation): Mapper => ({
  name: source.name ?? '',
  type: source.protocolMapper ?? '',
  config: strings(source.config),
})

/** The roles mapped to a client or client scope by `scopeMappings` (realm roles) and `clientScopeMappings`. */
function mappedRoles(realm: RealmRepresentation, member: 'client' | 'clientScope', name: string): Set<RoleKey> {
  type Row = { client?: string; clientScope?: string; roles?: string[] }
  const own = (rows: Row[] | undefined) =>
    (rows ?? []).filter((row) => row[member] === name).flatMap((row) => row.roles ?? [])
  const keys = own(realm.scopeMappings as Row[] | undefined).map(realmRole)
  for (const [client, rows] of Object.entries((realm.clientScopeMappings ?? {}) as Record<string, Row[]>)) {
    keys.push(...own(rows).map((role) => clientRole(client, role)))
  }
  return new Set(keys)
}

/** The client scopes of a realm file. Declaring any takes the place of all built-in ones, as in Keycloak. */
export function importScopes(realm: RealmRepresentation): Map<string, ClientScope> {
  const declared = realm.clientScopes as ClientScopeRepresentation[] | undefined
  const scopes = new Map<string, ClientScope>()
  for (const source of declared ?? builtInScopes()) {
    const name = source.name ?? ''
    const roles = mappedRoles(realm, 'clientScope', name)
    if (!declared && name === 'offline_access') roles.add(realmRole('offline_access'))
    scopes.set(name, {
      id: source.id ?? randomUUID(),
      name,
      ...(source.description === undefined ? {} : { description: source.description }),
      attributes: { ...source.attributes },
      mappers: (source.protocolMappers ?? []).map(importMapper),
      inTokenScope: source.attributes?.['include.in.token.scope'] !== 'false',
      roles,
    })
  }
  return scopes
}

/** One client of a realm file, with Keycloak's defaults for whatever it leaves out. */
export function importClient(source: ClientRepresentation, realm: RealmRepresentation): Client {
  const clientId = source.clientId ?? ''
  const serviceAccounts = source.serviceAccountsEnabled === true
  const hasAccount = (realm.users ?? []).some((user) => user.serviceAccountClientId === clientId)
  const implied = serviceAccounts && !hasAccount ? ['service_account'] : []
  const secret = source.secret ?? (source.publicClient || source.bearerOnly ? undefined : randomUUID())
  return {
    id: source.id ?? randomUUID(),
    clientId,
    ...(source.name === undefined ? {} : { name: source.name }),
    ...(source.description === undefined ? {} : { description: source.description }),
    enabled: source.enabled ?? true,
    publicClient: source.publicClient === true,
    bearerOnly: source.bearerOnly === true,
    authenticator: source.clientAuthenticatorType ?? 'client-secret',
    ...(secret === undefined ? {} : { secret }),
    standardFlow: source.standardFlowEnabled ?? true,
    directGrants: source.directAccessGrantsEnabled === true,
    serviceAccounts,
    frontchannelLogout: source.frontchannelLogout === true,
    fullScopeAllowed: source.fullScopeAllowed ?? true,
    redirectUris: source.redirectUris ?? [],
    webOrigins: source.webOrigins ?? [],
    attributes: strings(source.attributes),
    mappers: (source.protocolMappers ?? []).map(importMapper),
    defaultScopes: source.defaultClientScopes ?? [
      ...(realm.defaultDefaultClientScopes ?? defaultScopeNames),
      ...implied,
    ],
    optionalScopes: source.optionalClientScopes ?? realm.defaultOptionalClientScopes ?? optionalScopeNames,
    notBefore: source.notBefore ?? 0,
    scopeRoles: mappedRoles(realm, 'client', clientId),
  }
}

const ownClients: ClientRepresentation[] = [
  { clientId: 'account', publicClient: true, standardFlowEnabled: false },
  {
    clientId: 'admin-cli',
    publicClient: true,
    standardFlowEnabled: false,
    directAccessGrantsEnabled: true,
    attributes: { 'client.use.lightweight.access.token.enabled': 'true' },
  },
  { clientId: 'broker', bearerOnly: true, standardFlowEnabled: false },
  { clientId: 'realm-management', bearerOnly: true, standardFlowEnabled: false },
]

/** The clients of a realm file, on top of those every realm has. */
export function importClients(realm: RealmRepresentation): Map<string, Client> {
  const all = [...ownClients, ...(realm.clients ?? [])].map((source) => importClient(source, realm))
  return new Map(all.map((client) => [client.clientId, client]))
}
