import { z } from 'zod'
import type { Config } from './config.ts'

const LEVELS = ['error', 'warn', 'info', 'debug'] as const
const WRONG_TTL = 'must be a whole number from 0 to 31536000 (seconds)'
const ttl = z.int(WRONG_TTL).min(0, WRONG_TTL).max(31_536_000, WRONG_TTL)

/**
 * The settings that may be changed while the gateway runs, and what they may be: the same as in the environment. Only such
 * are here that every part looks up anew, that widen nobody's rights, and that can be taken back without a trace.
 */
export const changeableSettings = {
  LOG_LEVEL: z.enum(LEVELS, `must be ${LEVELS.join(', ')}`.replace(/, (?=\w+$)/, ' or ')),
  JWKS_CACHE_TTL: ttl,
  USER_INFO_CACHE_TTL: ttl,
  GROUP_CACHE_TTL: ttl,
  ROLE_CACHE_TTL: ttl,
} as const

export type ChangeableSetting = keyof typeof changeableSettings
export type ChangeableValues = { readonly [Name in ChangeableSetting]: z.output<(typeof changeableSettings)[Name]> }

export const CHANGEABLE = Object.keys(changeableSettings) as readonly ChangeableSetting[]

/** What they are by the environment. */
export function configuredValues({ logLevel, caches }: Pick<Config, 'logLevel' | 'caches'>): ChangeableValues {
  return {
    LOG_LEVEL: logLevel,
    JWKS_CACHE_TTL: caches.jwks.ttl,
    USER_INFO_CACHE_TTL: caches.userInfo.ttl,
    GROUP_CACHE_TTL: caches.groups.ttl,
    ROLE_CACHE_TTL: caches.roles.ttl,
  }
}
