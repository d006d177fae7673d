import { GatewayError, unavailable } from '../platform/errors/gateway-error.ts'

/** Errors of the provider that its client has to mend (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 8707 section 2). */
const OF_THE_CLIENT = [
  'invalid_request',
  'invalid_grant',
  'invalid_scope',
  'invalid_target',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_token_type',
]

/** An error of an OAuth endpoint; the description is read by whoever wrote the client. */
export function oauthRefusal(error: string, description: string): GatewayError {
  return new GatewayError('INVALID_REQUEST', { oauth: { error, description }, reason: `${error}: ${description}` })
}

/** 401 with the challenge that RFC 6749 section 5.2 asks for. */
export function clientRefused(description: string): GatewayError {
  return new GatewayError('CLIENT_REFUSED', {
    oauth: { error: 'invalid_client', description },
    reason: description,
    headers: { 'WWW-Authenticate': 'Basic realm="cloakroom", charset="UTF-8"' },
  })
}

/**
 * What an answer of the provider that is no success means here. Keycloak says `unauthorized_client` with 401 for a wrong
 * secret as well as for a client that may not use a grant; only the former is an authentication that failed.
 */
export function providerRefusal(status: number, body: Record<string, unknown> | undefined): GatewayError {
  if (status >= 500 || status === 429 || body === undefined)
    return unavailable('KEYCLOAK_UNAVAILABLE', `the provider answered a service client with ${status}`)
  const error = typeof body.error === 'string' ? body.error : ''
  const description = typeof body.error_description === 'string' ? body.error_description : error
  if (error === 'unauthorized_client' && /\bnot (enabled|allowed)\b/i.test(description))
    return oauthRefusal(error, description)
  if (status === 401 || error === 'invalid_client')
    return clientRefused('The client is unknown or disabled, or what it proves itself with is not right.')
  if (status === 400 && OF_THE_CLIENT.includes(error)) return oauthRefusal(error, description)
  return new GatewayError('KEYCLOAK_REFUSED', {
    reason: `the provider answered a service client with ${status} ${error}: look at the realm and at its settings`,
    oauth: {
      error: 'server_error',
      description: 'The identity provider refused the request; the operator has to look.',
    },
  })
}
