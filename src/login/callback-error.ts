import * as client from 'openid-client'
import { GatewayError } from '../platform/errors/gateway-error.ts'
import { isInvalidGrant, providerError } from '../platform/oidc/provider-error.ts'

const KNOWN = /^[a-z_]{1,64}$/

/**
 * What a failed login means (design section 3): the provider's own `error` is 400, or 403 when access was denied; an
 * answer that cannot be trusted is 502; a provider that is away is 503. Its words are never shown, only logged.
 */
export function callbackError(error: unknown): GatewayError {
  if (error instanceof client.AuthorizationResponseError) {
    const code = KNOWN.test(error.error) ? error.error : 'unknown'
    const reason = `the provider answered ${code}`
    if (code === 'access_denied')
      return new GatewayError('LOGIN_DENIED', { reason, details: { error: code }, cause: error })
    return new GatewayError('LOGIN_REJECTED', { reason, details: { error: code }, cause: error })
  }
  if (isInvalidGrant(error))
    return new GatewayError('LOGIN_REJECTED', { reason: 'the code is not valid', cause: error })
  return providerError(error, 'the login failed')
}
