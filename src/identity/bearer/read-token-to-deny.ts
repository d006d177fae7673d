import { errors } from 'jose'
import type { Clock } from '../../platform/clock.ts'
import type { BearerConfig } from '../../platform/config/config.ts'
import type { KeySet } from '../../platform/oidc/key-set.ts'
import { verifyJwt } from '../../platform/oidc/verify-jwt.ts'
import { denialKey } from './token-denylist.ts'

/** What has to be known of an access token to take it back. */
export interface TokenToDeny {
  /** Its name on the denylist. */
  readonly key: string
  /** Milliseconds since the epoch from which on no instance accepts it anyway. */
  readonly until: number
  /** Whom it was issued to: `client_id` (RFC 9068), Keycloak's `azp`, or undefined when it does not say. */
  readonly clientId: string | undefined
}

export type ReadTokenToDeny = (token: string) => Promise<TokenToDeny | undefined>

/** Clocks of instances differ a little; an entry that stays a minute too long harms nobody. */
const SLACK_MS = 60_000

/**
 * Reads a token that could be accepted here: its signature, issuer and time are good. Whom it is for does not matter.
 * @returns undefined for what could not be accepted in any case, refresh tokens included
 * @throws GatewayError JWKS_UNAVAILABLE when that cannot be told
 */
export function createReadTokenToDeny(parts: { config: BearerConfig; keySet: KeySet; clock: Clock }): ReadTokenToDeny {
  const { config, keySet, clock } = parts
  return async function readTokenToDeny(token) {
    try {
      const { payload } = await verifyJwt(token, keySet, {
        issuer: config.issuer,
        algorithms: config.algorithms,
        clockTolerance: config.leeway,
        currentDate: new Date(clock.now()),
        requiredClaims: ['iss', 'exp'],
      })
      if (!Number.isFinite(payload.exp)) return undefined
      const clientId = [payload.client_id, payload.azp].find((claim) => typeof claim === 'string' && claim !== '')
      return {
        key: denialKey(config.issuer, token, payload.jti),
        until: ((payload.exp ?? 0) + config.leeway) * 1000 + SLACK_MS,
        clientId: typeof clientId === 'string' ? clientId : undefined,
      }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }
}
