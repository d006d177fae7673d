import { errors } from 'jose'
import * as client from 'openid-client'
import { GatewayError, unavailable } from '../errors/gateway-error.ts'
import { dependencyFailureIn } from '../http/dependency-failure.ts'

/**
 * What a failed call to the provider means: 503 when it is down, slow or answers 5xx; 502 when its answer cannot be
 * trusted, or when it refuses the gateway itself, which only the operator can mend.
 */
export function providerError(error: unknown, reason: string): GatewayError {
  if (error instanceof GatewayError) return error
  const failure = dependencyFailureIn(error)
  if (failure !== undefined) return unavailable('KEYCLOAK_UNAVAILABLE', `${reason}: ${failure.message}`, error)
  const status = statusOf(error)
  if (status !== undefined && status >= 500)
    return unavailable('KEYCLOAK_UNAVAILABLE', `${reason}: status ${status}`, error)
  if (status === 429) return unavailable('KEYCLOAK_UNAVAILABLE', `${reason}: the provider limits us`, error)
  if (error instanceof client.ResponseBodyError || error instanceof client.WWWAuthenticateChallengeError) {
    const what = error instanceof client.ResponseBodyError ? error.error : 'challenge'
    return new GatewayError('KEYCLOAK_REFUSED', { reason: `${reason}: ${error.status} ${what}`, cause: error })
  }
  return new GatewayError('LOGIN_ANSWER_INVALID', {
    reason: `${reason}: ${error instanceof Error ? error.message : 'unknown'}`,
    cause: error,
  })
}

/** Whether the provider says that this grant is over (RFC 6749 section 5.2); only this ends a session. */
export function isInvalidGrant(error: unknown): boolean {
  return error instanceof client.ResponseBodyError && error.error === 'invalid_grant' && error.status === 400
}

const COMPARISONS: readonly unknown[] = [
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
]

/**
 * Whether an ID token or userinfo came that cannot be trusted or belongs to someone else. One that merely could not be
 * checked, because its key is not to be had, is not among them: that may mend itself.
 */
export function isUntrustedAnswer(error: unknown): boolean {
  if (error instanceof GatewayError)
    return error.code === 'LOGIN_ANSWER_INVALID' && !(error.cause instanceof errors.JWKSNoMatchingKey)
  if (!(error instanceof client.ClientError)) return false
  return COMPARISONS.includes(error.code) || (error.code === 'OAUTH_INVALID_RESPONSE' && isAboutJwt(error.cause))
}

/** openid-client tells by what it attaches whether it complains of the ID token or of the answer around it. */
function isAboutJwt(complaint: unknown): boolean {
  const about = complaint instanceof Error ? complaint.cause : undefined
  return about !== null && typeof about === 'object' && ('claims' in about || 'header' in about)
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof client.ResponseBodyError || error instanceof client.WWWAuthenticateChallengeError)
    return error.status
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Response ? cause.status : undefined
}
