import type { ReadTokenToDeny } from '../identity/bearer/read-token-to-deny.ts'
import type { TokenDenylist } from '../identity/bearer/token-denylist.ts'
import type { AskProvider } from './ask-provider.ts'
import { hintOf } from './introspect-token.ts'
import { type OAuthForm, pick } from './oauth-form.ts'
import { oauthRefusal } from './oauth-refusal.ts'
import { readServiceClient } from './service-client.ts'

export interface RevokeTokenParts {
  askProvider: AskProvider
  readTokenToDeny: ReadTokenToDeny
  denylist: Pick<TokenDenylist, 'deny'>
  /** Every instance forgets what it remembers of introspections; never throws. */
  forgetIntrospections: () => Promise<unknown>
}

/**
 * Takes a token back (RFC 7009): at the provider, which also says whether the client is who it says, and, for an access
 * token, on every instance of the gateway before this resolves. What is no token, or no good any more, is a success.
 */
export async function revokeToken(
  { askProvider, readTokenToDeny, denylist, forgetIntrospections }: RevokeTokenParts,
  authorization: string | undefined,
  form: OAuthForm,
): Promise<void> {
  const client = readServiceClient(authorization, form)
  const { token } = pick(form, ['token'])
  if (token === undefined) throw oauthRefusal('invalid_request', 'The parameter token is missing.')
  try {
    await askProvider('revocation_endpoint', client, { token, ...hintOf(form) })
  } finally {
    // Also after a failure: what was not answered may have been carried out. With a refresh token others end too.
    await forgetIntrospections()
  }
  const found = await readTokenToDeny(token)
  if (found === undefined) return
  // Keycloak refuses a foreign token; a provider that takes it for merely invalid would answer 200.
  if (found.clientId === undefined)
    throw oauthRefusal('unsupported_token_type', 'The token does not say which client it was issued to.')
  if (found.clientId !== client.id) throw oauthRefusal('invalid_request', 'The token was issued to another client.')
  await denylist.deny(found.key, found.until)
}
