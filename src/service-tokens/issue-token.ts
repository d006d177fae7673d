import { unavailable } from '../platform/errors/gateway-error.ts'
import type { AskProvider } from './ask-provider.ts'
import { type OAuthForm, pick } from './oauth-form.ts'
import { oauthRefusal } from './oauth-refusal.ts'
import { readServiceClient } from './service-client.ts'

/** What each grant may bring along; nothing else reaches the provider. */
const GRANTS: Readonly<Record<string, readonly string[]>> = {
  client_credentials: ['scope', 'audience', 'resource'],
  refresh_token: ['refresh_token', 'scope', 'audience', 'resource'],
}
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/

/** The grant as a label of metrics. */
export function grantLabel(form: OAuthForm): string {
  const grant = form.get('grant_type') ?? ''
  return Object.hasOwn(GRANTS, grant) ? grant : 'other_grant'
}

/**
 * Gets a service client its token (RFC 6749 sections 4.4 and 6) from the provider, and answers with what clients need of
 * it. Nothing is remembered: each request proves itself to the provider.
 * @throws GatewayError with the OAuth error
 */
export async function issueToken(
  askProvider: AskProvider,
  authorization: string | undefined,
  form: OAuthForm,
): Promise<Record<string, unknown>> {
  const grant = form.get('grant_type')
  const allowed = allowedFor(grant)
  const client = readServiceClient(authorization, form)
  const parameters = pick(form, ['grant_type', ...allowed])
  if (grant === 'refresh_token' && parameters.refresh_token === undefined)
    throw oauthRefusal('invalid_request', 'The parameter refresh_token is missing.')
  if (parameters.scope !== undefined && !SCOPE.test(parameters.scope))
    throw oauthRefusal('invalid_scope', 'The scope is not a list of names with single blanks between them.')
  return tokenAnswer(await askProvider('token_endpoint', client, parameters))
}

function allowedFor(grant: string | undefined): readonly string[] {
  if (grant === undefined) throw oauthRefusal('invalid_request', 'The parameter grant_type is missing.')
  const allowed = Object.hasOwn(GRANTS, grant) ? GRANTS[grant] : undefined
  if (allowed !== undefined) return allowed
  throw oauthRefusal(
    'unsupported_grant_type',
    grant === 'password'
      ? 'Passwords are not taken here (RFC 9700 section 2.4). People sign in at /login; services use client_credentials.'
      : 'Only client_credentials and refresh_token are supported here.',
  )
}

function tokenAnswer(answer: Record<string, unknown>): Record<string, unknown> {
  const { access_token, token_type, expires_in, scope, refresh_token } = answer
  if (typeof access_token !== 'string' || access_token === '' || typeof token_type !== 'string')
    throw unavailable('KEYCLOAK_UNAVAILABLE', 'the provider answered a token request without a token')
  return {
    access_token,
    token_type,
    ...(typeof expires_in === 'number' ? { expires_in } : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
    ...(typeof refresh_token === 'string' && refresh_token !== '' ? { refresh_token } : {}),
  }
}
