import { errors, type JWTPayload } from 'jose'
import type { Clock } from '../clock.ts'
import type { ProviderConfig } from '../config/config.ts'
import { GatewayError } from '../errors/gateway-error.ts'
import type { KeySet } from './key-set.ts'
import { verifyJwt } from './verify-jwt.ts'

/** What a valid logout token says. */
export interface LogoutToken {
  readonly jti: string
  readonly subject: string | undefined
  readonly providerSessionId: string | undefined
  /** Milliseconds since the epoch, as is the other. */
  readonly issuedAt: number
  readonly expiresAt: number
}

export type VerifyLogoutToken = (token: string) => Promise<LogoutToken>

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const TYPES: readonly unknown[] = [undefined, 'logout+jwt', 'JWT']
const LEEWAY_SECONDS = 30
const MAX_AGE_SECONDS = 600
const MAX_TEXT = 255

/**
 * Every rule of OpenID Connect Back-Channel Logout 1.0 section 2.6; signed with the algorithm of ID tokens.
 * @throws GatewayError INVALID_REQUEST, or JWKS_UNAVAILABLE when there are no keys to check with
 */
export function createVerifyLogoutToken(provider: ProviderConfig, keySet: KeySet, clock: Clock): VerifyLogoutToken {
  async function check(token: string) {
    try {
      return await verifyJwt(token, keySet, {
        issuer: provider.issuer,
        audience: provider.clientId,
        algorithms: [provider.idTokenAlg],
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
      })
    } catch (error) {
      if (error instanceof GatewayError) throw error
      return refuse(error instanceof errors.JOSEError ? error.code : 'not a token', error)
    }
  }

  return async function verifyLogoutToken(token) {
    const { payload, protectedHeader } = await check(token)
    if (!TYPES.includes(protectedHeader.typ)) refuse('header typ')
    const {
      jti,
      sub,
      sid,
      iat = 0,
      exp = 0,
      events,
      typ,
    } = payload as JWTPayload & { sid?: unknown; events?: unknown; typ?: unknown }
    const now = clock.now() / 1000
    if (!isText(jti)) refuse('jti')
    if (!Number.isFinite(exp) || !Number.isFinite(iat)) refuse('odd times')
    if (iat > now + LEEWAY_SECONDS || iat < now - MAX_AGE_SECONDS) refuse('iat')
    if (typ !== undefined && typ !== 'Logout') refuse('typ')
    if ('nonce' in payload) refuse('nonce')
    if (!isLogoutEvent(events)) refuse('events')
    if ((sub !== undefined && !isText(sub)) || (sid !== undefined && !isText(sid))) refuse('sub or sid')
    if (sub === undefined && sid === undefined) refuse('neither sub nor sid')
    return {
      jti: jti as string,
      subject: sub,
      providerSessionId: sid as string | undefined,
      issuedAt: iat * 1000,
      expiresAt: exp * 1000,
    }
  }
}

function isLogoutEvent(events: unknown): boolean {
  if (events === null || typeof events !== 'object' || Array.isArray(events) || !Object.hasOwn(events, EVENT))
    return false
  const member = (events as Record<string, unknown>)[EVENT]
  return member !== null && typeof member === 'object' && !Array.isArray(member)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT
}

function refuse(reason: string, cause?: unknown): never {
  throw new GatewayError('INVALID_REQUEST', { reason: `logout token refused: ${reason}`, cause })
}
