import { GatewayError } from '../../platform/errors/gateway-error.ts'

/** A bearer failure with its challenge (RFC 6750 section 3); the reason goes to the log only. */
export function tokenRefused(code: 'TOKEN_INVALID' | 'TOKEN_EXPIRED', reason: string, cause?: unknown): GatewayError {
  const description = code === 'TOKEN_EXPIRED' ? 'the access token has expired' : 'the access token is not valid here'
  return new GatewayError(code, {
    reason,
    cause,
    headers: {
      'WWW-Authenticate': `Bearer realm="cloakroom", error="invalid_token", error_description="${description}"`,
    },
  })
}
