import { randomUUID } from 'node:crypto'
import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { Clock } from '../clock.ts'
import { createEventLog } from './event-log.ts'
import { importClients, importScopes } from './import-clients.ts'
import { importGroups, importUser, serviceAccount } from './import-people.ts'
import { importRoles } from './import-roles.ts'
import { createKeyRing } from './key-ring.ts'
import { createLoginFailures } from './login-failures.ts'
import type { RealmSettings } from './realm-settings.ts'
import { createSessions } from './sessions.ts'
import type { Realm, User } from './types.ts'
import { allowedAttributes } from './user-profile.ts'

/** What Keycloak assumes of a realm that does not say; times are seconds. */
export const realmDefaults = {
  enabled: false,
  accessCodeLifespan: 60,
  accessCodeLifespanLogin: 1800,
  accessTokenLifespan: 300,
  ssoSessionIdleTimeout: 1800,
  ssoSessionMaxLifespan: 36000,
  revokeRefreshToken: false,
  refreshTokenMaxReuse: 0,
  bruteForceProtected: false,
  defaultSignatureAlgorithm: 'RS256',
  loginWithEmailAllowed: true,
} as const

function importUsers(source: RealmRepresentation, realm: Pick<Realm, 'groups' | 'clients'>, now: number) {
  const users = new Map<string, User>()
  for (const one of source.users ?? []) {
    const attributes = allowedAttributes({ ...source, realm: source.realm ?? '' }, one.attributes)
    const user = importUser({ ...one, attributes }, realm.groups, now)
    users.set(user.id, user)
  }
  for (const client of realm.clients.values()) {
    if (!client.serviceAccounts || [...users.values()].some((user) => user.serviceAccountOf === client.clientId))
      continue
    const account = serviceAccount(client, source.realm ?? '', now)
    users.set(account.id, account)
  }
  return users
}

/**
 * Builds a live realm from a realm representation, the same JSON that Keycloak imports.
 * @param source placeholders already resolved; passwords as plain `value`s
 * @param baseUrl where people reach the stand-in, without a slash at the end
 */
export async function createRealm(source: RealmRepresentation, baseUrl: string, clock: Clock): Promise<Realm> {
  const name = source.realm ?? ''
  const { users: _users, clients: _clients, groups: _groups, roles: _roles, clientScopes: _scopes, ...rest } = source
  const settings: RealmSettings = { ...realmDefaults, ...rest, realm: name, id: source.id ?? randomUUID() }
  const groups = importGroups(source.groups)
  const clients = importClients(source)
  const realm: Realm = {
    id: settings.id ?? name,
    name,
    issuer: `${baseUrl}/realms/${name}`,
    settings,
    notBefore: source.notBefore ?? 0,
    roles: importRoles(name, source.roles),
    groups,
    clients,
    users: importUsers(source, { groups, clients }, clock.now()),
    scopes: importScopes(source),
    keys: await createKeyRing(),
    sessions: createSessions(clock, () => ({
      idle: realm.settings.ssoSessionIdleTimeout ?? realmDefaults.ssoSessionIdleTimeout,
      max: realm.settings.ssoSessionMaxLifespan ?? realmDefaults.ssoSessionMaxLifespan,
    })),
    failures: createLoginFailures(clock, () => realm.settings),
    events: createEventLog(() => realm.settings),
    codes: new Map(),
    pushed: new Map(),
    revokedTokens: new Map(),
    actionTokens: new Map(),
  }
  return realm
}
