import { errors, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import type { Cache } from '../../platform/cache/cache.ts'
import type { Clock } from '../../platform/clock.ts'
import type { BearerConfig } from '../../platform/config/config.ts'
import { GatewayError } from '../../platform/errors/gateway-error.ts'
import { duplicateMember } from '../../platform/http/duplicate-member.ts'
import type { KeySet } from '../../platform/oidc/key-set.ts'
import { verifyJwt } from '../../platform/oidc/verify-jwt.ts'
import { readCallerClaims } from '../caller-claims.ts'
import type { BearerIdentity } from '../identity.ts'
import type { VerifiedToken } from './token-check.ts'
import { denialKey } from './token-denylist.ts'
import { tokenGrant } from './token-grant.ts'
import { tokenRefused } from './token-refused.ts'

export interface VerifyAccessTokenParts {
  config: BearerConfig
  keySet: KeySet
  /** Verified tokens by their signature; each is compared whole before it is believed. */
  verified: Cache<VerifiedToken>
  clock: Clock
}

const MAX_TOKEN = 8_192
const THREE_PARTS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
/** Claims of ID and logout tokens, which no access token carries (RFC 8725 section 3.11). */
const OF_OTHER_TOKENS = ['at_hash', 'c_hash', 'events']
const TOKEN_TYPES: readonly unknown[] = [undefined, 'JWT', 'at+jwt', 'application/at+jwt']

/**
 * Checks an access token (RFC 9068 section 4, RFC 8725 section 3) once and remembers it until it expires.
 * @throws GatewayError TOKEN_INVALID, TOKEN_EXPIRED, or JWKS_UNAVAILABLE
 */
export function createVerifyAccessToken({ config, keySet, verified, clock }: VerifyAccessTokenParts) {
  const leewayMs = config.leeway * 1000

  async function verify(token: string, key: string): Promise<VerifiedToken> {
    if (config.audience.length === 0) throw tokenRefused('TOKEN_INVALID', 'no audience is configured')
    if (token.length > MAX_TOKEN || !THREE_PARTS.test(token))
      throw tokenRefused('TOKEN_INVALID', 'not a compact JWS of a sane size')
    checkSpelling(token)
    const { payload, protectedHeader } = await check(token)
    checkClaims(payload, protectedHeader, clock.now() / 1000 + config.leeway)
    const identity: BearerIdentity = {
      method: 'bearer',
      ...readCallerClaims(payload),
      issuer: config.issuer,
      tenant: null,
      accessToken: token,
    }
    const known: VerifiedToken = {
      identity,
      expiresAt: (payload.exp ?? 0) * 1000,
      issuedAt: payload.iat ?? 0,
      denialKey: denialKey(config.issuer, token, payload.jti),
      grant: tokenGrant(payload),
    }
    verified.set(key, known)
    return known
  }

  async function check(token: string) {
    try {
      return await verifyJwt(token, keySet, {
        issuer: config.issuer,
        audience: config.audience,
        algorithms: config.algorithms,
        clockTolerance: config.leeway,
        currentDate: new Date(clock.now()),
        requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
      })
    } catch (error) {
      if (error instanceof GatewayError) throw error
      const code = error instanceof errors.JWTExpired ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID'
      throw tokenRefused(code, error instanceof Error ? error.message : 'unknown', error)
    }
  }

  return function verifyAccessToken(token: string): VerifiedToken | Promise<VerifiedToken> {
    // The signature finds it, and comparing the whole token is cheaper than hashing it would be.
    const key = token.slice(token.lastIndexOf('.') + 1)
    const known = verified.get(key)
    if (known !== undefined && known.identity.accessToken === token && clock.now() < known.expiresAt + leewayMs)
      return known
    return verify(token, key)
  }
}

/**
 * One token has one spelling: bits that decoding drops and members that come twice would let it be known here by another
 * text, or read elsewhere with another meaning (RFC 4648 section 3.5, RFC 8725 section 2.4).
 */
function checkSpelling(token: string): void {
  token.split('.').forEach((part, at) => {
    const bytes = Buffer.from(part, 'base64url')
    if (bytes.toString('base64url') !== part)
      throw tokenRefused('TOKEN_INVALID', 'not in the one spelling of base64url')
    const twice = at < 2 ? duplicateMember(bytes.toString()) : undefined
    if (twice !== undefined) throw tokenRefused('TOKEN_INVALID', 'a member comes twice')
  })
}

function checkClaims(payload: JWTPayload, header: ProtectedHeaderParameters, latest: number): void {
  const { sub, iat, exp, typ, cnf } = payload as JWTPayload & { typ?: unknown; cnf?: unknown }
  if (!TOKEN_TYPES.includes(header.typ)) throw tokenRefused('TOKEN_INVALID', 'header typ')
  if (typ !== undefined && typ !== 'Bearer') throw tokenRefused('TOKEN_INVALID', 'claim typ')
  if (OF_OTHER_TOKENS.some((claim) => Object.hasOwn(payload, claim)))
    throw tokenRefused('TOKEN_INVALID', 'not an access token')
  // A token bound to a key must not pass as one that anybody may carry (RFC 9449 section 7.1).
  if (cnf !== undefined) throw tokenRefused('TOKEN_INVALID', 'the token is bound to a key')
  if (typeof sub !== 'string' || sub === '') throw tokenRefused('TOKEN_INVALID', 'sub')
  if (!Number.isFinite(exp)) throw tokenRefused('TOKEN_INVALID', 'exp')
  if (!Number.isFinite(iat) || (iat ?? 0) > latest) throw tokenRefused('TOKEN_INVALID', 'iat')
}
