import type { TokenDenylist } from '../identity/bearer/token-denylist.ts'
import { denialKey } from '../identity/bearer/token-denylist.ts'
import type { AskProvider } from './ask-provider.ts'
import { type OAuthForm, pick } from './oauth-form.ts'
import { oauthRefusal } from './oauth-refusal.ts'
import { readServiceClient } from './service-client.ts'

export interface IntrospectTokenParts {
  askProvider: AskProvider
  denylist: Pick<TokenDenylist, 'isDenied'>
  issuer: string
}

/** The members of RFC 7662 section 2.2, and those by which a resource server decides; names and addresses stay out. */
const MEMBERS = [
  ...['scope', 'client_id', 'username', 'token_type', 'exp', 'iat', 'nbf', 'sub', 'aud', 'iss', 'jti'],
  ...['typ', 'azp', 'sid', 'acr', 'auth_time', 'realm_access', 'resource_access', 'groups', 'cnf'],
]
const HINTS = ['access_token', 'refresh_token']

/**
 * What the provider says of a token (RFC 7662), less whatever was revoked here. Nothing is remembered: an answer belongs
 * to one client that proved itself a moment ago, and has to change at once when the token or the client ends.
 */
export async function introspectToken(
  { askProvider, denylist, issuer }: IntrospectTokenParts,
  authorization: string | undefined,
  form: OAuthForm,
): Promise<Record<string, unknown>> {
  const client = readServiceClient(authorization, form)
  const { token } = pick(form, ['token'])
  if (token === undefined) throw oauthRefusal('invalid_request', 'The parameter token is missing.')
  const answer = await askProvider('introspection_endpoint', client, { token, ...hintOf(form) })
  if (answer.active !== true) return { active: false }
  if (await denylist.isDenied(denialKey(issuer, token, answer.jti))) return { active: false }
  const known = MEMBERS.filter((name) => Object.hasOwn(answer, name)).map((name) => [name, answer[name]])
  return { active: true, ...Object.fromEntries(known) }
}

/** A hint nobody knows is as good as none (RFC 7009 section 2.1). */
export function hintOf(form: OAuthForm): { token_type_hint?: string } {
  const hint = form.get('token_type_hint')
  return hint !== undefined && HINTS.includes(hint) ? { token_type_hint: hint } : {}
}
