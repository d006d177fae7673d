import type RealmRepresentation from '@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js'
import type { Realm } from '../realm-schema.ts'
import { describeDifferences, differentMembers } from './differences.ts'
import type { Target } from './target.ts'

/** Members other steps take care of. */
const ELSEWHERE = [
  'clientScopeMappings',
  'clientScopes',
  'clients',
  'defaultDefaultClientScopes',
  'defaultOptionalClientScopes',
  'defaultRole',
  'groups',
  'id',
  'keycloakVersion',
  'realm',
  'roles',
  'scopeMappings',
  'users',
  'localizationTexts',
  'requiredActions',
]

/** Members Keycloak reads when a realm is created and silently ignores in an update (seen on 26.7.3). */
export const ONLY_AT_CREATION = [
  'authenticationFlows',
  'authenticatorConfig',
  'clientPolicies',
  'clientProfiles',
  'components',
  'defaultGroups',
  'federatedUsers',
  'identityProviderMappers',
  'identityProviders',
  'organizations',
  'protocolMappers',
  'userFederationMappers',
  'userFederationProviders',
]

/**
 * Brings the realm's own settings to the file. Absent members keep their value; `attributes` and `smtpServer`, which
 * Keycloak replaces as a whole, are sent with what is already there.
 */
export async function applySettings({ admin, realm: name, changed }: Target, realm: Realm): Promise<void> {
  const current = (await admin.realms.findOne({ realm: name })) ?? {}
  const settings = Object.entries(realm).filter(
    ([member]) => !ELSEWHERE.includes(member) && !ONLY_AT_CREATION.includes(member),
  )
  const wanted: Partial<Realm> = Object.fromEntries(settings)
  const different = differentMembers(withoutPassword(wanted), current)
  if (Object.keys(different).length === 0) return
  const update = { ...different } as RealmRepresentation
  if (different.attributes !== undefined) update.attributes = { ...current.attributes, ...different.attributes }
  if (different.smtpServer !== undefined) update.smtpServer = { ...current.smtpServer, ...realm.smtpServer }
  await admin.realms.update({ realm: name }, update)
  changed(`realm ${name}: ${describeDifferences(different, current)}`)
}

/** Keycloak never tells the mail password, so it cannot be compared; it is sent along when something else has changed. */
function withoutPassword(wanted: Partial<Realm>): Partial<Realm> {
  if (wanted.smtpServer === undefined) return wanted
  const { password: _, ...smtpServer } = wanted.smtpServer
  return { ...wanted, smtpServer }
}
