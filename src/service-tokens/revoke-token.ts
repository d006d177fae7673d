import { decodeJwt } from 'jose'
import type { ReadTokenToDeny } from '../identity/bearer/read-token-to-deny.ts'
import type { TokenDenylist } from '../identity/bearer/token-denylist.ts'
import { tokenGrant } from '../identity/bearer/token-grant.ts'
import type { AskProvider } from './ask-provider.ts'
import { hintOf } from './introspect-token.ts'
import { type OAuthForm, pick } from './oauth-form.ts'
import { oauthRefusal } from './oauth-refusal.ts'
import { readServiceClient } from './service-client.ts'

export interface RevokeTokenParts {
  askProvider: AskProvider
  readTokenToDeny: ReadTokenToDeny
  denylist: Pick<TokenDenylist, 'deny'>
  /** Refuses every access token of a grant that was issued until `at`, milliseconds, on every instance. */
  endGrant: (grant: string, at: number) => Promise<unknown>
  /** Milliseconds since the epoch. */
  now: () => number
  /** Every instance forgets what it remembers of introspections; never throws. */
  forgetIntrospections: () => Promise<unknown>
}

/** `typ` of Keycloak's refresh tokens. */
const REFRESH: readonly unknown[] = ['Refresh', 'Offline']
const CLOCKS_APART_MS = 60_000

/**
 * Takes a token back (RFC 7009): at the provider, which also says whether the client is who it says, and, for an access
 * token, on every instance of the gateway before this resolves. With a refresh token go the access tokens of its grant. What is no token, or no good any more, is a success.
 */
export async function revokeToken(
  parts: RevokeTokenParts,
  authorization: string | undefined,
  form: OAuthForm,
): Promise<void> {
  const { askProvider, readTokenToDeny, denylist, forgetIntrospections } = parts
  const client = readServiceClient(authorization, form)
  const { token } = pick(form, ['token'])
  if (token === undefined) throw oauthRefusal('invalid_request', 'The parameter token is missing.')
  let answer: Record<string, unknown>
  try {
    answer = await askProvider('revocation_endpoint', client, { token, ...hintOf(form) })
  } finally {
    // Also after a failure: what was not answered may have been carried out. With a refresh token others end too.
    await forgetIntrospections()
  }
  const found = await readTokenToDeny(token)
  if (found === undefined) {
    // Keycloak answers 200 to what is no token too, but then says so.
    if (!Object.hasOwn(answer, 'error')) await endRefreshed(parts, client.id, token)
    return
  }
  // Keycloak refuses a foreign token; a provider that takes it for merely invalid would answer 200.
  if (found.clientId === undefined)
    throw oauthRefusal('unsupported_token_type', 'The token does not say which client it was issued to.')
  if (found.clientId !== client.id) throw oauthRefusal('invalid_request', 'The token was issued to another client.')
  await denylist.deny(found.key, found.until)
}

/**
 * Only the provider can check the signature of its refresh tokens, so the client that it knows counts: whatever else a token
 * claims, it ends nothing but what was issued to the client that brought it.
 */
async function endRefreshed({ endGrant, now }: RevokeTokenParts, clientId: string, token: string): Promise<void> {
  const claims = claimsOf(token)
  if (claims?.azp !== clientId || !REFRESH.includes(claims.typ)) return
  const grant = tokenGrant({ azp: clientId, sid: claims.sid })
  const issuedAt = typeof claims.iat === 'number' ? claims.iat * 1000 : 0
  // The provider's clock may be ahead: what came with this token ends too.
  if (grant !== undefined) await endGrant(grant, Math.max(now(), Math.min(issuedAt, now() + CLOCKS_APART_MS)))
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  try {
    return decodeJwt(token)
  } catch {
    return undefined
  }
}
