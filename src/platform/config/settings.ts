import type { z } from 'zod'
import { accountSettings } from './account-settings.ts'
import { cacheSettings } from './cache-settings.ts'
import { databaseSettings } from './database-settings.ts'
import { keycloakSettings } from './keycloak-settings.ts'
import { rateLimitSettings } from './rate-limit-settings.ts'
import { realmAccountSettings } from './realm-account-settings.ts'
import { redisSettings } from './redis-settings.ts'
import { revocationSettings } from './revocation-settings.ts'
import { serverSettings } from './server-settings.ts'
import { serviceClientSettings } from './service-client-settings.ts'
import { sessionSettings } from './session-settings.ts'
import { tlsSettings } from './tls-settings.ts'
import { websocketSettings } from './websocket-settings.ts'

/** Every environment variable the gateway reads. */
export const settingsShape = {
  ...serverSettings,
  ...tlsSettings,
  ...keycloakSettings,
  ...accountSettings,
  ...serviceClientSettings,
  ...realmAccountSettings,
  ...sessionSettings,
  ...revocationSettings,
  ...redisSettings,
  ...databaseSettings,
  ...cacheSettings,
  ...rateLimitSettings,
  ...websocketSettings,
}

/** All of them, parsed. */
export type Settings = { [Name in keyof typeof settingsShape]: z.output<(typeof settingsShape)[Name]> }

/** Settings of the contract that a later version brings; setting one of them now must not be ignored in silence. */
export const laterSettings: Record<string, readonly string[]> = {
  WORKERS: ['1'],
  OIDC_DPOP: ['off'],
  OIDC_REQUEST_OBJECT: ['off'],
  OIDC_JARM: ['off'],
}
