import { createHash } from 'node:crypto'
import { oauthError } from '../http/keycloak-error.ts'
import { recordUserEvent } from '../model/record-user-event.ts'
import type { PendingCode, Realm } from '../model/types.ts'
import { issueTokens } from '../tokens/issue-tokens.ts'
import { grantScope } from '../tokens/scopes.ts'
import type { GrantRequest } from './grant-request.ts'

const invalid = (text: string) => oauthError(400, 'invalid_grant', text)

/** Takes the code out of circulation. A code that comes a second time ends what the first one began. */
function redeem(realm: Realm, code: string, now: number): PendingCode {
  const pending = realm.codes.get(code)
  if (!pending || pending.expires <= now) throw invalid('Code not valid')
  if (pending.used) {
    realm.sessions.find(pending.sid)?.clients.delete(pending.clientId)
    throw invalid('Code not valid')
  }
  pending.used = true
  return pending
}

function checkVerifier(challenge: string | undefined, verifier: string | undefined) {
  if (challenge === undefined) {
    if (verifier !== undefined) throw invalid('PKCE code verifier specified but challenge not present in authorization')
    return
  }
  if (!verifier) throw invalid('PKCE code verifier not specified')
  if (!/^[0-9a-zA-Z\-._~]{43,128}$/.test(verifier)) throw invalid('PKCE verification failed: Invalid code verifier')
  const digest = createHash('sha256').update(verifier).digest('base64url')
  if (digest !== challenge) throw invalid('PKCE verification failed: Code mismatch')
}

/** The authorization code grant (RFC 6749 section 4.1.3) with PKCE (RFC 7636 section 4.6). */
export async function grantCode({ realm, client, form, clock, address }: GrantRequest) {
  if (!form.code) throw oauthError(400, 'invalid_request', 'Missing parameter: code')
  const code = redeem(realm, form.code, clock.seconds())
  if (code.clientId !== client.clientId) throw invalid('Auth error: Found different client_id in clientSession')
  if (code.redirectUri !== form.redirect_uri) throw invalid('Incorrect redirect_uri')
  checkVerifier(code.codeChallenge, form.code_verifier)
  const session = realm.sessions.find(code.sid)
  const clientSession = session?.clients.get(client.clientId)
  const user = realm.users.get(session?.userId ?? '')
  if (!session || !clientSession || !user) throw invalid('Session not active')
  if (!user.enabled) throw invalid('User disabled')
  const grant = grantScope(realm, client, user, code.scope)
  const wantsOffline = (code.scope ?? '').split(' ').includes('offline_access')
  if (wantsOffline && !grant.offline) {
    throw oauthError(400, 'not_allowed', 'Offline tokens not allowed for the user or client')
  }
  recordUserEvent(realm, clock, 'CODE_TO_TOKEN', {
    ...{ clientId: client.clientId, userId: user.id, sessionId: session.sid, ipAddress: address },
    details: { grant_type: 'authorization_code', code_id: session.sid, scope: code.scope ?? '' },
  })
  const login = { realm, client, user, grant, kind: 'ac' as const, clientSession }
  const nonce = code.nonce === undefined ? {} : { nonce: code.nonce }
  if (!grant.offline) return issueTokens({ ...login, ...nonce, session }, clock)
  const offline = realm.sessions.openOffline(session, clientSession)
  // As in Keycloak: who begins with an offline session has no other one, and the browser has to sign in again.
  if (code.opensSession) realm.sessions.end(session.sid)
  return issueTokens({ ...login, ...nonce, session: offline, offline: true }, clock)
}
