import { createHash } from 'node:crypto'
import type { JWTPayload, JWTVerifyOptions } from 'jose'
import type { Clock } from '../clock.ts'
import type { ProviderConfig } from '../config/config.ts'
import { GatewayError } from '../errors/gateway-error.ts'
import type { KeySet } from './key-set.ts'
import { verifyJwt } from './verify-jwt.ts'

export interface IdTokenExpectation {
  /** The access token that came with it, for `at_hash`. */
  accessToken: string
  /** After a refresh: the one this session belongs to (OpenID Connect Core section 12.2). */
  subject?: string
  /** At login only. */
  nonce?: string
}

export type VerifyIdToken = (idToken: string, expected: IdTokenExpectation) => Promise<JWTPayload & { sub: string }>

const LEEWAY = 30
/** A login answer is fresh; one of hours ago was kept by somebody. Seconds. */
const MAX_AGE_AT_LOGIN = 3_600
/** Unpadded base64url, three times: what jose forgives here would not be the text that others see. */
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/**
 * Checks an ID token by its signature and every rule of OpenID Connect Core section 3.1.3.7; openid-client alone trusts
 * the TLS connection and would accept any algorithm the provider lists.
 * @throws GatewayError LOGIN_ANSWER_INVALID, or JWKS_UNAVAILABLE when there are no keys to check with
 */
export function createVerifyIdToken(provider: ProviderConfig, keySet: KeySet, clock: Clock): VerifyIdToken {
  const options = {
    issuer: provider.issuer,
    audience: provider.clientId,
    algorithms: [provider.idTokenAlg],
    clockTolerance: LEEWAY,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
  }
  return async function verifyIdToken(idToken, expected) {
    if (!COMPACT.test(idToken)) wrong('not a compact JWS')
    const { payload } = await verifySignature(idToken, keySet, { ...options, currentDate: new Date(clock.now()) })
    const now = clock.now() / 1000
    const { sub, aud, azp, exp, iat = 0, typ } = payload as JWTPayload & { azp?: unknown; typ?: unknown }
    if (typeof sub !== 'string' || sub === '' || sub.length > 255) wrong('sub')
    if (azp !== undefined && azp !== provider.clientId) wrong('azp')
    if (Array.isArray(aud) && aud.length > 1 && azp !== provider.clientId) wrong('aud')
    if (!Number.isFinite(exp)) wrong('exp')
    if (!Number.isFinite(iat) || iat > now + LEEWAY) wrong('iat')
    if (expected.nonce !== undefined && iat < now - MAX_AGE_AT_LOGIN) wrong('iat')
    if (typ !== undefined && typ !== 'ID') wrong('typ')
    if (expected.nonce !== undefined && payload.nonce !== expected.nonce) wrong('nonce')
    if (expected.subject !== undefined && sub !== expected.subject) wrong('sub changed')
    if (payload.at_hash !== undefined && payload.at_hash !== halfHash(expected.accessToken, provider.idTokenAlg))
      wrong('at_hash')
    return { ...payload, sub }
  }
}

async function verifySignature(token: string, keySet: KeySet, options: JWTVerifyOptions) {
  try {
    return await verifyJwt(token, keySet, options)
  } catch (error) {
    if (error instanceof GatewayError) throw error
    const why = error instanceof Error ? error.message : 'unknown'
    throw new GatewayError('LOGIN_ANSWER_INVALID', { reason: `ID token refused: ${why}`, cause: error })
  }
}

/** The left half of the access token's hash (OpenID Connect Core section 3.1.3.6). */
function halfHash(accessToken: string, alg: string): string {
  const bits = alg === 'EdDSA' || alg === 'Ed25519' ? '512' : alg.slice(2)
  const digest = createHash(`sha${bits}`).update(accessToken).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

function wrong(claim: string): never {
  throw new GatewayError('LOGIN_ANSWER_INVALID', { reason: `ID token refused: ${claim}` })
}
