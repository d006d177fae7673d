import type { AdminConfig } from './config.ts'
import type { Settings } from './settings.ts'

/** @param keycloak where its administration is; undefined for another provider */
export function toRealmAccount(
  s: Pick<Settings, 'KEYCLOAK_REALM_CLIENT_ID' | 'KEYCLOAK_REALM_CLIENT_SECRET'>,
  keycloak: { baseUrl: string; realm: string } | undefined,
): AdminConfig | undefined {
  const [clientId, clientSecret] = [s.KEYCLOAK_REALM_CLIENT_ID, s.KEYCLOAK_REALM_CLIENT_SECRET]
  if (keycloak === undefined || clientId === undefined || clientSecret === undefined) return undefined
  return { baseUrl: keycloak.baseUrl, realm: keycloak.realm, clientId, clientSecret }
}
