import type { TokenDenylist } from '../identity/bearer/token-denylist.ts'
import { denialKey } from '../identity/bearer/token-denylist.ts'
import type { AskProvider } from './ask-provider.ts'
import { type OAuthForm, pick } from './oauth-form.ts'
import { oauthRefusal } from './oauth-refusal.ts'
import type { Introspect } from './remember-introspections.ts'
import { readServiceClient } from './service-client.ts'

export interface IntrospectTokenParts {
  introspect: Introspect
  denylist: Pick<TokenDenylist, 'isDenied'>
  issuer: string
}

/** The members of RFC 7662 section 2.2, and those by which a resource server decides; names and addresses stay out. */
const MEMBERS = [
  ...['scope', 'client_id', 'username', 'token_type', 'exp', 'iat', 'nbf', 'sub', 'aud', 'iss', 'jti'],
  ...['typ', 'azp', 'sid', 'acr', 'auth_time', 'realm_access', 'resource_access', 'groups', 'cnf'],
]
const HINTS = ['access_token', 'refresh_token']

/** Asks the provider each time; what it says is cut down to what is told. */
export function createIntrospect(askProvider: AskProvider): Introspect {
  return async function introspect(client, parameters) {
    const answer = await askProvider('introspection_endpoint', client, parameters)
    if (answer.active !== true) return undefined
    return Object.fromEntries(MEMBERS.filter((name) => Object.hasOwn(answer, name)).map((name) => [name, answer[name]]))
  }
}

/** What the provider says of a token (RFC 7662), or said a moment ago, less whatever was revoked here. */
export async function introspectToken(
  { introspect, denylist, issuer }: IntrospectTokenParts,
  authorization: string | undefined,
  form: OAuthForm,
): Promise<Record<string, unknown>> {
  const client = readServiceClient(authorization, form)
  const { token } = pick(form, ['token'])
  if (token === undefined) throw oauthRefusal('invalid_request', 'The parameter token is missing.')
  const known = await introspect(client, { token, ...hintOf(form) })
  if (known === undefined) return { active: false }
  if (await denylist.isDenied(denialKey(issuer, token, known.jti))) return { active: false }
  return { active: true, ...known }
}

/** A hint nobody knows is as good as none (RFC 7009 section 2.1). */
export function hintOf(form: OAuthForm): { token_type_hint?: string } {
  const hint = form.get('token_type_hint')
  return hint !== undefined && HINTS.includes(hint) ? { token_type_hint: hint } : {}
}
