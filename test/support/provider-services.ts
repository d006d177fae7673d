import type { Call } from './provider-script.ts'
import type { ProviderAnswer, ProviderState } from './provider-state.ts'
import type { Grant } from './provider-tokens.ts'
import { the } from './the.ts'

/** What client credentials stand for: nobody has signed in, there is no session. */
export function serviceGrant(state: ProviderState, clientId: string): Grant {
  const { acr, scope } = state.script
  const person = { ...the.alice(), sub: `service-account-of-${clientId}`, username: `service-account-${clientId}` }
  const grant = { person, sid: undefined, acr, scope, clientId, authTime: Math.floor(state.now() / 1000) }
  return { ...grant, nonce: undefined, refreshTokens: new Map(), over: false }
}

/** `POST …/introspect` (RFC 7662): what it has issued is active, with every claim, as Keycloak does it. */
export async function introspect(state: ProviderState, call: Call): Promise<ProviderAnswer> {
  if ((await state.authenticateClient(call)) === undefined) return answer(401, { error: 'invalid_client' })
  const token = call.form.get('token') ?? ''
  const grant = state.accessTokens.get(token)
  if (grant === undefined || grant.over) return answer(200, { active: false })
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object
  return answer(200, { ...claims, client_id: grant.clientId, token_type: 'Bearer', active: true })
}

function answer(status: number, body: object): ProviderAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
