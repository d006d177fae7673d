import type { z } from 'zod'
import { cacheSettings } from './cache-settings.ts'
import { keycloakSettings } from './keycloak-settings.ts'
import { rateLimitSettings } from './rate-limit-settings.ts'
import { serverSettings } from './server-settings.ts'
import { sessionSettings } from './session-settings.ts'

/** Every environment variable the gateway reads. */
export const settingsShape = {
  ...serverSettings,
  ...keycloakSettings,
  ...sessionSettings,
  ...cacheSettings,
  ...rateLimitSettings,
}

/** All of them, parsed. */
export type Settings = { [Name in keyof typeof settingsShape]: z.output<(typeof settingsShape)[Name]> }

/** Settings of the contract that a later version brings; setting one of them now must not be ignored in silence. */
export const laterSettings: Record<string, readonly string[]> = {
  REDIS_SENTINELS: [],
  REDIS_CLUSTER_NODES: [],
  WORKERS: ['1'],
  OIDC_DPOP: ['off'],
  OIDC_REQUEST_OBJECT: ['off'],
  OIDC_JARM: ['off'],
}
